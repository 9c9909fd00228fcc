/**
 * A command that a signal ends in the middle of an update: the engine unlocks the stack, no process and
 * no key stays behind, and the same command goes on. A hundred kills of four commands at random
 * moments are `npm run kills`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cleanEnvironment, command, runApponly } from "../support/command";
import { descendantsOf, isRunning } from "../support/processTree";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "apponly-signals-"));
  await mkdir(environment().TMPDIR);
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function locks(): Promise<string[]> {
  const folder = join(directory, "backend/.pulumi/locks");
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  return files.filter((file) => file.endsWith(".json"));
}

/** Where temporary files go. */
const environment = () => ({ TMPDIR: join(directory, "temporary") });

/** Temporary files in which a key is left. */
async function keys(): Promise<string[]> {
  const { TMPDIR } = environment();
  const files = await readdir(TMPDIR, { recursive: true });
  const texts = await Promise.all(
    files.map((name) => readFile(join(TMPDIR, name), "latin1").catch(() => "")),
  );
  return files.filter(
    (name, index) => /PRIVATE KEY/.test(texts[index] ?? "") || name.endsWith(".pfx"),
  );
}

/** The engine ends its plugins as it ends, which a busy machine does a moment later. */
async function expectAllToEnd(family: readonly number[]): Promise<void> {
  for (let tries = 0; tries < 50 && family.some(isRunning); tries += 1) {
    await sleep(100);
  }
  expect(family.filter(isRunning)).toEqual([]);
}

/** Starts a command in a process group of its own, and waits until the engine holds the stack. */
async function startedUntilLocked(): Promise<{ child: ChildProcess; said: () => string }> {
  const child = spawn(process.execPath, [command, "start", "--directory", directory], {
    detached: true,
    env: cleanEnvironment(environment()),
  });
  let said = "";
  child.stderr.on("data", (data: Buffer) => (said += data.toString()));
  while ((await locks()).length === 0) {
    expect(child.exitCode).toBeNull();
    await sleep(20);
  }
  // The engine runs, and has some of the resources.
  while (descendantsOf(child.pid ?? 0).length === 0) {
    expect(child.exitCode).toBeNull();
  }
  await sleep(200);
  return { child, said: () => said };
}

test.each([
  { signal: "SIGINT", code: 130, to: "the whole process group, as a terminal sends it" },
  { signal: "SIGTERM", code: 143, to: "only the process, as a runner sends it" },
] as const)(
  "$signal ends with $code in an orderly way when sent to $to",
  async ({ signal, code }) => {
    const { child, said } = await startedUntilLocked();
    const pid = child.pid ?? 0;
    const family = descendantsOf(pid);
    expect(family.length).toBeGreaterThan(0);
    const ended = once(child, "close");
    process.kill(signal === "SIGINT" ? -pid : pid, signal);
    expect(await ended).toEqual([code, null]);
    expect(said()).toContain("run the same command again and it goes on from here");
    expect(await locks()).toEqual([]);
    await expectAllToEnd(family);
    expect(await keys()).toEqual([]);
  },
);

test("a command that was killed goes on when it is run again, also past the locks of other engines that were killed, and leaves nothing behind", async () => {
  const { child } = await startedUntilLocked();
  const family = descendantsOf(child.pid ?? 0);
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  expect(await ended).toEqual([null, "SIGKILL"]);
  const folder = join(directory, "backend/.pulumi/locks/organization/apponly/dev");
  const lock = { pid: 2 ** 22 + 1, username: "me", hostname: hostname(), timestamp: new Date() };
  await writeFile(join(folder, "killed.json"), JSON.stringify(lock));
  await writeFile(join(folder, "cut.json"), '{"pid":');
  const again = await runApponly(["start", "--directory", directory], process.cwd(), environment());
  expect(again).toMatchObject({ code: 0 });
  expect(await locks()).toEqual([]);
  await expectAllToEnd(family);
  expect(await keys()).toEqual([]);
});

test("a second simulator on the folder says which process has it, and other commands use the first", async () => {
  const simulator = spawn(process.execPath, [command, "simulator", "--directory", directory], {
    env: cleanEnvironment({}),
  });
  let said = "";
  simulator.stdout.on("data", (data: Buffer) => (said += data.toString()));
  while (!said.includes("Interrupt to stop")) {
    expect(simulator.exitCode).toBeNull();
    await sleep(50);
  }
  const second = await runApponly(["simulator", "--directory", directory], process.cwd(), {});
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(`is in use by process ${simulator.pid} on`);
  const start = await runApponly(["start", "--directory", directory], process.cwd(), {});
  expect(start).toMatchObject({ code: 0 });
  const ended = once(simulator, "close");
  simulator.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
});
