/** Not proven here: batch files on Windows. */
import { runProgram } from "../../../system/process";

const node = (program: string, options = {}) =>
  runProgram(process.execPath, ["-e", program], options);

it("answers the exit code and both outputs", async () => {
  const program = 'process.stdout.write("out"); process.stderr.write("err"); process.exitCode = 3';
  expect(await node(program)).toEqual({ code: 3, stdout: "out", stderr: "err" });
});

it("hands over input and environment, and tells lines as they come", async () => {
  const lines: string[] = [];
  const { stdout } = await node(
    'process.stdin.on("data", (d) => console.log(process.env.A + d + "\\nsecond"))',
    { input: "typed", environment: { A: "set " }, onLine: (line: string) => lines.push(line) },
  );
  expect(stdout).toBe("set typed\nsecond\n");
  expect(lines).toEqual(["set typed", "second"]);
});

it("says that a program is missing", async () => {
  const result = await runProgram("apponly-no-such-program", []);
  expect(result).toMatchObject({ code: 127, startError: "ENOENT" });
});

it("ends a program that takes too long", async () => {
  const result = await node("setInterval(() => {}, 1000)", { timeoutMs: 200 });
  expect(result).toMatchObject({ code: 1, ended: "timeout" });
});

it("ends a program that writes too much", async () => {
  const result = await node('setInterval(() => console.log("x".repeat(1000)), 1)', {
    outputLimit: 5_000,
  });
  expect(result.ended).toBe("output limit");
  expect(result.stdout.length).toBeLessThanOrEqual(5_000);
});
