/**
 * A command that a signal ends in the middle of an update: the engine unlocks the stack, no process
 * stays behind, and the same command goes on.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cleanEnvironment, command, runApponly } from "../support/command";
import { descendantsOf, isRunning } from "../support/processTree";

jest.setTimeout(120_000);

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "apponly-signals-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function locks(): Promise<string[]> {
  const folder = join(directory, "backend/.pulumi/locks");
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  return files.filter((file) => file.endsWith(".json"));
}

/** Starts a command in a process group of its own, and waits until the engine holds the stack. */
async function startedUntilLocked(): Promise<{ child: ChildProcess; said: () => string }> {
  const child = spawn(process.execPath, [command, "start", "--directory", directory], {
    detached: true,
    env: cleanEnvironment({}),
  });
  let said = "";
  child.stderr.on("data", (data: Buffer) => (said += data.toString()));
  while ((await locks()).length === 0) {
    expect(child.exitCode).toBeNull();
    await sleep(20);
  }
  // The plugins are there, and some of the resources.
  await sleep(700);
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
    expect(family.filter(isRunning)).toEqual([]);

    const again = await runApponly(["start", "--directory", directory], process.cwd(), {});
    expect(again).toMatchObject({ code: 0 });
  },
);
