/**
 * Kills `apponly start` at random moments, runs the same command again, and prints one line of JSON
 * for each kill. Ends with 1 where a command did not go on.
 *
 * `--kills 100 --seed 7`: how many, and what decides the moments.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { cleanEnvironment, command, runApponly } from "../command";
import { descendantsOf, isRunning } from "../processTree";

const signals = ["SIGKILL", "SIGTERM", "SIGINT"] as const;

/** A sequence that a seed decides, each from 0 to 1. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

async function killAndRunAgain(signal: NodeJS.Signals, afterMs: number): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), "apponly-kills-"));
  const args = ["start", "--directory", directory];
  const child = spawn(process.execPath, [command, ...args], {
    stdio: "ignore",
    env: cleanEnvironment({}),
  });
  const ended = once(child, "exit");
  await sleep(afterMs);
  const family = descendantsOf(child.pid ?? 0);
  child.kill(signal);
  await ended;
  const again = await runApponly(args, process.cwd(), {});
  const left = family.filter(isRunning).length;
  const ok = again.code === 0 && left === 0;
  const said = ok ? {} : { said: again.stderr.slice(-600), directory };
  process.stdout.write(`${JSON.stringify({ signal, afterMs, code: again.code, left, ...said })}\n`);
  if (ok) {
    await rm(directory, { recursive: true, force: true });
  }
  return ok;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: "string", default: "100" },
      seed: { type: "string", default: "7" },
    },
  });
  const next = sequence(Number(values.seed));
  let bad = 0;
  for (let index = 0; index < Number(values.kills); index += 1) {
    const signal = signals[Math.floor(next() * signals.length)] ?? "SIGKILL";
    bad += (await killAndRunAgain(signal, Math.round(next() * 8000))) ? 0 : 1;
  }
  process.stdout.write(`${values.kills} kills, ${bad} bad\n`);
  process.exitCode = bad === 0 ? 0 : 1;
}

void main();
