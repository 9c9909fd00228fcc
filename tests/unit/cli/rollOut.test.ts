/** The question that stands before each change, and how what was done is told. */
import { PassThrough } from "node:stream";
import { openIo, type ProcessStreams } from "../../../cli/io";
import { askFor, requireConsent } from "../../../cli/consent";
import { changesInWords } from "../../../cli/rollOut";
import { recordingIo } from "../../support/recordingIo";

/** A terminal on which somebody types. */
function terminal(typed: string | undefined) {
  const said: string[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  stdin.end(typed);
  const stderr = Object.assign(new PassThrough(), { isTTY: true, write: said.push.bind(said) });
  const streams = { stdin, stdout: new PassThrough(), stderr, env: {} };
  return { io: openIo(streams as unknown as ProcessStreams), said };
}

test.each(["yes", "y", "Yes", " YES "])("%j on a terminal is a yes", async (answer) => {
  const { io, said } = terminal(`${answer}\nnext\n`);
  requireConsent(io, undefined);
  await askFor(io, "Roll this out?", undefined);
  expect(said.join("")).toBe("\nRoll this out? (yes or no) ");
});

test.each(["no", "", "yes please", "n", undefined])("%j is not", async (answer) => {
  const { io } = terminal(answer === undefined ? undefined : `${answer}\n`);
  await expect(askFor(io, "Roll this out?", undefined)).rejects.toThrow("Nothing was changed.");
});

test("--yes answers the question, and without a terminal nothing else does", async () => {
  const { io, said } = terminal("no\n");
  await askFor(io, "Roll this out?", true);
  expect(said).toEqual([]);
  requireConsent(recordingIo(), true);
  expect(() => requireConsent(recordingIo(), undefined, "Look at it")).toThrow(
    /Look at it, and run this with --yes\.$/,
  );
  expect(() => requireConsent(recordingIo(), undefined)).toThrow(
    "There is no terminal on which to ask, so nothing was changed. Run this with --yes.",
  );
});

test("a preview says what is to come, and an operation what was done", () => {
  const result = { changes: { create: 2, delete: 1, same: 3 }, events: [] };
  expect(changesInWords(result, "to")).toBe("2 to create, 1 to delete");
  expect(changesInWords(result, "past")).toBe("2 created, 1 deleted");
  expect(changesInWords({ changes: { same: 3 }, events: [] }, "past")).toBe(
    "no changes (3 resources)",
  );
});
