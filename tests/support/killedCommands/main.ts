/**
 * Kills `start`, `up`, `rotate` and `export` at random moments, runs the same command again, and
 * prints one line of JSON for each kill. Ends with 1 where a command did not go on, or something was
 * left behind: a process, a file with a key, a lock, an open operation.
 *
 * `--kills 100 --seed 7`: how many, and what decides the moments; `--command NAME`, as often as given,
 * takes only these; `--figures FILE` writes the page of the figures, with `--from FILE`, as often as
 * given, of what earlier runs have printed.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { cleanEnvironment, command } from "../command";
import { startJourney } from "../journey";
import { descendantsOf, isRunning } from "../processTree";
import { commandsOn, type Killed, runAgain } from "./commands";

const signals = ["SIGKILL", "SIGTERM", "SIGINT"] as const;

/** What became of one kill. */
interface Line {
  readonly command: string;
  readonly signal: NodeJS.Signals;
  readonly afterMs: number;
  readonly interrupted: boolean;
  readonly bad: readonly string[];
}

/** A sequence that a seed decides, each from 0 to 1. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

async function killAndRunAgain(
  name: string,
  killed: Killed,
  signal: NodeJS.Signals,
  afterMs: number,
): Promise<Line> {
  await killed.prepare();
  const child = spawn(process.execPath, [command, ...killed.args], {
    stdio: "ignore",
    cwd: killed.cwd,
    env: cleanEnvironment(killed.environment),
  });
  const ended = once(child, "exit") as Promise<[number | null]>;
  await Promise.race([sleep(afterMs), ended]);
  const family = descendantsOf(child.pid ?? 0);
  const interrupted = child.exitCode === null;
  child.kill(signal);
  await ended;
  const again = await runAgain(killed);
  // An engine whose command was killed ends what it has begun.
  for (let tries = 0; tries < 50 && family.some(isRunning); tries += 1) {
    await sleep(200);
  }
  const bad = [
    ...(again.code === 0 ? [] : [`ended with ${again.code}: ${again.stderr.slice(-600)}`]),
    ...family.filter(isRunning).map((pid) => `process ${pid} is running`),
    ...(again.code === 0 ? killed.leftovers() : []),
  ];
  return { command: name, signal, afterMs, interrupted, bad };
}

function figuresPage(lines: readonly Line[]): string {
  const names = [...new Set(lines.map((line) => line.command))];
  const cell = (chosen: readonly Line[]) => {
    const bad = chosen.filter((line) => line.bad.length > 0).length;
    return bad === 0 ? `${chosen.length}` : `${chosen.length}, ${bad} bad`;
  };
  const row = (title: string, chosen: readonly Line[]) =>
    `| ${[title, ...signals.map((one) => cell(chosen.filter(({ signal }) => signal === one))), cell(chosen)].join(" | ")} |`;
  return [
    "# Kills",
    "",
    "A command is ended at a random moment, and the same command is run again. A kill is bad if that does not end with 0, or if a process, a lock, a file with a key or an open operation is left behind. The simulated tenant answers; the engine is the real one, the plugins are the stand-ins.",
    "",
    `| Command | ${signals.join(" | ")} | All |`,
    "| --- | --: | --: | --: | --: |",
    ...names.map((name) =>
      row(
        `\`${name}\``,
        lines.filter((line) => line.command === name),
      ),
    ),
    row("All", lines),
    "",
    `${lines.length} kills, ${lines.filter(({ bad }) => bad.length > 0).length} bad. ${lines.filter(({ interrupted }) => interrupted).length} came before the command had ended.`,
    "",
    "Run them: `npm run kills`.",
    "",
  ].join("\n");
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: "string", default: "100" },
      seed: { type: "string", default: "7" },
      command: { type: "string", multiple: true },
      figures: { type: "string" },
      from: { type: "string", multiple: true, default: [] },
    },
  });
  const told = values.from.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.startsWith('{"command"'))
      .map((line) => JSON.parse(line) as Line),
  );
  if (values.figures !== undefined && told.length > 0) {
    writeFileSync(values.figures, figuresPage(told));
    return;
  }
  const next = sequence(Number(values.seed));
  const journey = await startJourney();
  const commands = Object.entries(await commandsOn(journey)).filter(
    ([name]) => values.command?.includes(name) !== false,
  );
  const durations = new Map<string, number>();
  const lines: Line[] = [];
  for (let index = 0; index < Number(values.kills); index += 1) {
    const [name, killed] = commands[index % commands.length]!;
    if (!durations.has(name)) {
      await killed.prepare();
      const begun = Date.now();
      const { code, stderr } = await runAgain(killed);
      if (code !== 0) {
        throw new Error(`${name} ended with ${code} without a kill: ${stderr}`);
      }
      durations.set(name, Date.now() - begun);
    }
    const signal = signals[Math.floor(next() * signals.length)] ?? "SIGKILL";
    const afterMs = Math.round(next() * (durations.get(name) ?? 0));
    const line = await killAndRunAgain(name, killed, signal, afterMs);
    lines.push(line);
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
  await journey.close();
  const bad = lines.filter((line) => line.bad.length > 0).length;
  if (values.figures !== undefined) {
    writeFileSync(values.figures, figuresPage(lines));
  }
  process.stdout.write(`${JSON.stringify({ kills: lines.length, bad })}\n`);
  process.exit(bad === 0 ? 0 : 1);
}

process.on("unhandledRejection", (error) => {
  process.stderr.write(`${String(error)}\n`);
});
main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? ""}\n`);
  process.exit(1);
});
