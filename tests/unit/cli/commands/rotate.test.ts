/** The command line of `apponly rotate`; the rotation itself is in tests/unit/operations. */
import { rotateCommand } from "../../../../cli/commands/rotate";
import { run } from "../../../../cli/command";
import { recordingIo } from "../../../support/recordingIo";
import { parsedOptions } from "../../../support/parsedOptions";

test("the overlap is 14 days where nothing else is said", async () => {
  expect(await parsedOptions(rotateCommand, "-s dev")).toEqual({
    stack: "dev",
    overlap: { text: "14d", ms: 14 * 86_400_000 },
  });
});

test("every option is read", async () => {
  expect(
    await parsedOptions(rotateCommand, "-s dev --overlap 36h --now --plan --name 2027-05"),
  ).toEqual({
    stack: "dev",
    overlap: { text: "36h", ms: 129_600_000 },
    now: true,
    plan: true,
    name: "2027-05",
  });
});

test.each(["../../x", "a b", "", "-a", "x".repeat(33), "a\nb", "2027/05"])(
  "the name %j, which the configuration refuses, is refused before anything is done",
  async (name) => {
    const io = recordingIo();
    expect(await run(["rotate", "-s", "dev", "--now", "--name", name], io)).toBe(2);
    expect(io.written()).toBe("");
    expect(io.said()).toContain(
      "It is not a name of 1 to 32 letters, digits, dots, dashes and underscores. Name a generation after its month, for example 2026-11.",
    );
  },
);
