import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { openStack } from "../operations/openStack";
import { hasChanges, previewStack, updateStack } from "../operations/stack";
import { pulumiCommandOf } from "../toolchain/pulumiCommand";
import { type Bench, measuredStack, median } from "./measuredStack";
import { loadProgram, type ProgramName, programNames } from "./programs";

const operations = ["preview", "update", "no-change preview"] as const;
type Operation = (typeof operations)[number];
type Measured = Record<Operation, { seconds: number; requests: number }>;

/**
 * Compares the component with a hand-written flat program of the same resources, in turn, so that
 * a busy machine slows both alike. Quote the ratios, not the seconds.
 *
 * @returns A section for the report, as lines of Markdown.
 */
export async function compareWithFlatProgram(bench: Bench): Promise<string[]> {
  const measured: Record<ProgramName, Measured[]> = { component: [], flat: [] };
  const memory: Record<ProgramName, number[]> = { component: [], flat: [] };
  // The first round warms caches up and is not counted.
  for (let round = 0; round <= bench.rounds; round += 1) {
    // Whoever goes second finds warmer caches, so they take turns.
    const order = round % 2 === 0 ? programNames : [...programNames].reverse();
    for (const name of order) {
      const result = await measure(bench, name, round);
      if (round > 0) {
        measured[name].push(result);
        memory[name].push(await peakMemory(bench, name, round));
      }
    }
    if (round > 0) {
      bench.progress(`round ${round} of ${bench.rounds}\n`);
    }
  }
  return [
    `The component against a hand-written flat program of the same azuread resources, in turn, ${bench.rounds} rounds in one run; the ratio is the median of the rounds' ratios (aim: at most 1.05). Peak memory is that of a process that runs one update, the engine and the plugins aside.`,
    "",
    "| operation | component | flat | ratio | requests, component | requests, flat |",
    "|---|---|---|---|---|---|",
    ...operations.map((operation) => row(operation, measured)),
    `| peak memory | ${median(memory.component)} MiB | ${median(memory.flat)} MiB | ${median(ratios(memory.component, memory.flat)).toFixed(2)} | | |`,
    "",
  ];
}

function row(operation: Operation, { component, flat }: Record<ProgramName, Measured[]>): string {
  const seconds = (all: Measured[]) => all.map((one) => one[operation].seconds);
  const requests = (all: Measured[]) => median(all.map((one) => one[operation].requests));
  const ratio = median(ratios(seconds(component), seconds(flat)));
  return `| ${operation} | ${median(seconds(component)).toFixed(2)} s | ${median(seconds(flat)).toFixed(2)} s | ${ratio.toFixed(2)} | ${requests(component)} | ${requests(flat)} |`;
}

function ratios(values: readonly number[], others: readonly number[]): number[] {
  return values.map((value, index) => value / (others[index] ?? Number.NaN));
}

async function measure(bench: Bench, name: ProgramName, round: number): Promise<Measured> {
  const prepared = await measuredStack(bench, `${name}${round}`);
  const stack = await openStack({
    stack: "dev",
    workDirectory: prepared.directory,
    program: loadProgram(name, prepared.environment),
    pulumi: pulumiCommandOf(bench.toolchain.pulumi),
    environment: prepared.environment,
  });
  const { journal } = bench.simulator;
  const timed = async (work: () => Promise<unknown>) => {
    journal.clear();
    const begun = performance.now();
    await work();
    return { seconds: (performance.now() - begun) / 1000, requests: journal.entries().length };
  };
  const measured: Measured = {
    preview: await timed(() => previewStack(stack)),
    update: await timed(() => updateStack(stack)),
    "no-change preview": await timed(async () => {
      if (hasChanges(await previewStack(stack))) {
        throw new Error(`${name}: the second preview has changes`);
      }
    }),
  };
  await prepared.remove();
  return measured;
}

async function peakMemory(bench: Bench, name: ProgramName, round: number): Promise<number> {
  const prepared = await measuredStack(bench, `memory-${name}${round}`);
  const script = join(__dirname, "peakMemory.ts");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      "--require",
      "./bin/typescript.js",
      script,
      name,
      prepared.directory,
      bench.toolchain.pulumi.root,
    ],
    { cwd: join(__dirname, ".."), env: { ...process.env, ...prepared.environment } },
  );
  await prepared.remove();
  return Number(stdout);
}
