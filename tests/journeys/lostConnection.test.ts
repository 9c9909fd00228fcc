/**
 * A connection between SDK and engine that fails: each call from the program to the engine is lost,
 * cancelled, hangs or comes late, in operations one after the other of one
 * process, with and without a handler of rejections. None of them may
 * end well with something deleted, and none may wait for ever.
 * Not proven here: `pulumi up` by its own language host, which ends with an error by itself.
 */
import { join } from "node:path";
import { runProgram } from "../support/command";
import { throughCompiler } from "../support/compiler";

const script = join(__dirname, "../support/faultedConnection/main.ts");

test("nothing is deleted when a call to the engine fails", async () => {
  const command = [...throughCompiler, script];
  const { code, stdout, stderr } = await runProgram(
    process.execPath,
    command,
    __dirname,
    process.env,
  );
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect({
    // Why a process ended before its last line.
    ended: { code, stderr: code === 0 ? "" : stderr },
    wrong: lines.filter(({ good }) => good === false),
    last: lines.at(-1),
  }).toEqual({
    ended: { code: 0, stderr: "" },
    wrong: [],
    last: { wrong: 0 },
  });
  expect(lines.filter(({ struck }) => struck).length).toBeGreaterThan(30);
});
