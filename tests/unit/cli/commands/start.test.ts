/** How `apponly start` tells its story; the journey of the same name shows it on an engine. */
import { changeDocument } from "../../../../cli/rollOut";
import { startCommand, tellWholeStory } from "../../../../cli/commands/start";
import { fakeChange, reviewWith } from "../../../support/fakeChange";
import { documentOf } from "../../../support/documents";
import { failureOf } from "../../../support/openedForReading";
import { parsedOptions } from "../../../support/parsedOptions";
import { recordingIo } from "../../../support/recordingIo";
import { makeGeneration, sampleOutputs } from "../../../support/exportSample";

async function tellLine(
  line: string,
  again: Record<string, number> = { same: 11 },
  terminal = false,
  stack = "dev",
) {
  const { opened } = fakeChange([]);
  Object.assign(opened.stack, { name: stack });
  const rollOut = jest.fn(() =>
    Promise.resolve({
      shown: { review: reviewWith() } as never,
      updatedAt: Date.now(),
      outputs: () => sampleOutputs([makeGeneration("2026-11")]),
    }),
  );
  const enterEmbeddedTenant = jest.fn(() => Promise.resolve());
  const io = recordingIo(terminal ? { ask: () => Promise.resolve("yes"), columns: 72 } : {});
  const options = await parsedOptions(startCommand, line);
  const failure = await failureOf(
    tellWholeStory(options, io, {
      enterEmbeddedTenant,
      openForChange: () => Promise.resolve(opened),
      rollOut,
      previewStack: () => Promise.resolve({ changes: again, events: [] }),
    }),
  );
  return { io, failure, rollOut, enterEmbeddedTenant, out: io.written(), err: io.said() };
}

test("the story ends with how a job connects, and what to try next on the same tenant", async () => {
  const { failure, out, err } = await tellLine("");
  expect(failure).toBeUndefined();
  expect(out).toMatch(/From update to a verified connection: /);
  expect(out).toMatch(/^ {4}Connect-ExchangeOnline /m);
  expect(out).toContain("npx apponly review --embedded ");
  expect(err).toContain("Preview again");
});

test("another stack is named in what to try next", async () => {
  expect((await tellLine("--stack reports", undefined, false, "reports")).out).toContain(
    "npx apponly up --embedded --stack reports ",
  );
});

test("it is asked on a terminal, and not where nobody can answer", async () => {
  const answered = async (line: string, terminal: boolean) =>
    (await tellLine(line, undefined, terminal)).rollOut.mock.calls[0] as unknown[];
  expect((await answered("", true))[1]).toEqual({ yes: undefined, verify: true });
  expect((await answered("", false))[1]).toEqual({ yes: true, verify: true });
  expect((await answered("--yes", true))[1]).toEqual({ yes: true, verify: true });
});

test("a second preview with changes is a failure", async () => {
  expect((await tellLine("", { update: 1 })).failure).toMatchObject({
    exitCode: 1,
    message: expect.stringContaining("The second preview still has changes"),
  });
});

test("a stack that the project does not have is a usage error before a tenant is started", async () => {
  const { failure, enterEmbeddedTenant } = await tellLine("--stack devv");
  expect(failure).toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('Did you mean "dev"?'),
  });
  expect(enterEmbeddedTenant).not.toHaveBeenCalled();
});

test("lines of PowerShell are continued where the terminal is narrow", async () => {
  const { out } = await tellLine("", undefined, true);
  expect(out).toMatch(/ `\n {6}-/);
});

test("its document is that of the change, which the same path answers", async () => {
  const { rollOut, io } = await tellLine("");
  const [, , given] = rollOut.mock.calls[0] as unknown[];
  expect(given).toBe(io);
  const done = { changes: { create: 11 }, events: [] };
  const document = changeDocument("dev", { change: "update", review: reviewWith() }, done);
  expect(documentOf("start", document)).toMatchObject({ stack: "dev", changed: true });
});
