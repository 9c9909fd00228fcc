/**
 * Programs side by side in one process: what nobody handles fails the run that it belongs to. The
 * engine is played; it is the real one in tests/journeys/manyStacks. A process of its own runs them,
 * because under jest such an error would fail the test.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "../../..");

const script = `
  const { LanguageServer } = require("@pulumi/pulumi/automation/server");
  // The SDK starts the program later, after it has begun to listen.
  LanguageServer.prototype.run = function (call, answer) {
    const ended = wait(1).then(() => this.program());
    return ended.then(() => answer(null, {}), (error) => answer(error, {}));
  };
  const { wholeProgram } = require("./operations/wholeProgram");
  const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));
  const programs = {
    broken: async () => {
      void wait(20).then(() => { throw new Error("broken"); });
      await wait(60);
    },
    whole: () => wait(60),
  };
  const answers = Object.entries(programs).map(([name, program]) => new Promise((resolve) => {
    const server = Object.create(LanguageServer.prototype, {
      program: { value: wholeProgram(program) },
    });
    server.run({}, (error) => resolve([name, error?.message ?? "complete"]));
  }));
  Promise.all(answers).then((all) => {
    process.stdout.write(JSON.stringify(Object.fromEntries(all)));
    process.exit();
  });`;

test("an error that nobody handles fails its own run, and not the one beside it", () => {
  const answer = execFileSync(
    process.execPath,
    ["--require", join(root, "bin/typescript.js"), "-e", script],
    { cwd: root, encoding: "utf8" },
  );
  expect(JSON.parse(answer)).toEqual({ broken: "broken", whole: "complete" });
});
