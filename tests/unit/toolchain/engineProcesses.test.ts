/** How the engine's CLI is ended: played by a shell that notes what it hears. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type * as engineProcesses from "../../../toolchain/engineProcesses";
import { isRunning } from "../../support/processTree";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-engine-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The module afresh: once it has stopped, it starts nothing more. */
function freshModule(): typeof engineProcesses {
  let loaded: typeof engineProcesses | undefined;
  jest.isolateModules(() => {
    loaded = jest.requireActual("../../../toolchain/engineProcesses");
  });
  return loaded as typeof engineProcesses;
}

/** Runs a script as `pulumi up`, and waits until it has written its process ids. */
async function startScript({ runEngine }: typeof engineProcesses, script: string) {
  let output = "";
  const file = join(folder, "up");
  // The shell takes the first argument for the script's file.
  writeFileSync(file, script);
  const ended = runEngine("/bin/sh", ["up"], {
    cwd: folder,
    environment: {},
    onOutput: (text) => (output += text),
  });
  while (!output.includes("ready")) {
    await sleep(20);
  }
  return { ended, pids: (/\d+( \d+)*/.exec(output)?.[0] ?? "").split(" ").map(Number) };
}

test("an operation hears one interrupt, and is waited for", async () => {
  const engine = freshModule();
  await startScript(
    engine,
    `trap 'echo heard >> heard; sleep 0.3; echo unlocked >> heard; exit 255' INT
     echo "$$ ready"; while :; do sleep 0.05; done`,
  );
  await engine.stopEngines();
  expect(readFileSync(join(folder, "heard"), "utf8")).toBe("heard\nunlocked\n");
  expect(engine.isEngineRunning()).toBe(false);
});

test("once it is being stopped, nothing is started and nobody is answered", async () => {
  const engine = freshModule();
  await engine.stopEngines();
  const answer = engine.runEngine("/bin/sh", ["-c", "touch started"], {
    cwd: folder,
    environment: {},
  });
  await expect(Promise.race([answer, sleep(200, "none")])).resolves.toBe("none");
  expect(() => readFileSync(join(folder, "started"))).toThrow("ENOENT");
});

test("an operation that does not end is killed with what it has started in other groups", async () => {
  const engine = freshModule();
  const { pids } = await startScript(
    engine,
    `trap '' INT; setsid sleep 60 & echo "$$ $! ready"; wait; sleep 60`,
  );
  void engine.stopEngines();
  await sleep(100);
  expect(pids.map(isRunning)).toEqual([true, true]);
  engine.killEngines();
  await sleep(100);
  expect(pids.map(isRunning)).toEqual([false, false]);
});
