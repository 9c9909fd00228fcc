/** What is said once for everything that is written: colours, and no progress. */
import { PassThrough } from "node:stream";
import { openIo, preferencesIn, type Preferences, type ProcessStreams } from "../../../cli/io";

function opened(preferences: Preferences, env: Record<string, string>, isTTY: boolean) {
  const written = { out: "", err: "" };
  const stream = (name: keyof typeof written) =>
    Object.assign(new PassThrough(), {
      isTTY,
      write: (text: string, done?: () => void) => {
        written[name] += text;
        done?.();
        return true;
      },
    });
  const streams = {
    stdin: Object.assign(new PassThrough(), { isTTY }),
    stdout: stream("out"),
    stderr: stream("err"),
    env,
  };
  return { io: openIo(streams as unknown as ProcessStreams, preferences), written };
}

test.each([
  ["a terminal", {}, {}, true, true],
  ["a pipe", {}, {}, false, false],
  ["a terminal with NO_COLOR", {}, { NO_COLOR: "1" }, true, false],
  ["a terminal that is dumb", {}, { TERM: "dumb" }, true, false],
  ["a pipe with FORCE_COLOR", {}, { FORCE_COLOR: "1" }, false, true],
  ["a terminal with FORCE_COLOR=0", {}, { FORCE_COLOR: "0" }, true, false],
  ["a pipe with both variables", {}, { FORCE_COLOR: "1", NO_COLOR: "1" }, false, false],
  ["a pipe with --color always", { color: "always" }, { NO_COLOR: "1" }, false, true],
  ["a terminal with --color never", { color: "never" }, { FORCE_COLOR: "1" }, true, false],
] as const)("on %s the colours are as asked for", async (_, preferences, env, isTTY, coloured) => {
  const { io, written } = opened(preferences, env, isTTY);
  expect(io.colour).toBe(coloured);
  await io.out("\u001b[31mred\u001b[39m");
  expect(written.out.includes("\u001b[31m")).toBe(coloured);
  io.progress.start("Preview").done();
  expect(/\u001b\[32m✓/.test(written.err)).toBe(coloured);
});

test("no lines are rewritten where nobody sees it, whatever is coloured", () => {
  expect(opened({ color: "always" }, {}, false).io.board.interactive).toBe(false);
  expect(opened({ color: "never" }, {}, true).io.board.interactive).toBe(false);
});

test("quiet, progress is not shown; what somebody should know, and questions, are", () => {
  const { io, written } = opened({ quiet: true }, {}, true);
  io.progress.start("Preview").done("3 to create");
  io.err("The endpoints are not Microsoft's.\n");
  expect(written.err).toBe("The endpoints are not Microsoft's.\n");
  expect(io.ask).toBeDefined();
});

test.each([
  [[], { quiet: false, color: undefined }],
  [["up", "-q"], { quiet: true, color: undefined }],
  [["--quiet", "--color", "never", "up"], { quiet: true, color: "never" }],
  [["up", "--color=always"], { quiet: false, color: "always" }],
  [["record", "--", "pwsh", "--quiet", "--color", "x"], { quiet: false, color: undefined }],
])("of %j the preferences are read, up to a command line that is handed on", (args, expected) => {
  expect(preferencesIn(args)).toMatchObject(expected);
});

test.each([
  [["up", "--json"], true],
  [["verify", "-f", "json"], true],
  [["verify", "--format=json"], true],
  [["verify", "--format", "terminal"], false],
  [["export", "--out", "json"], false],
  [["record", "--", "x", "--json"], false],
])("%j asks for JSON: %s", (args, json) => {
  expect(preferencesIn(args).json).toBe(json);
});
