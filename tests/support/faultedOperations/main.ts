/**
 * Runs operations on a stack with a fault at every request in turn, and the same operation again
 * until it ends well, and prints one line of JSON for each case. Ends with 1 when anything is wrong.
 *
 * `--operation NAME` takes one operation, `--kind NAME` one kind of fault, both as often as given;
 * `--writes` strikes only writes; `--part 2/5` takes every fifth case from the second on.
 * `--figures FILE` rotates with faults as well and writes the page of the figures; with `--from
 * FILE`, as often as given, it only reads what earlier runs have printed.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { patience } from "../../../operations/converge";
import { destroyStack, hasChanges, previewStack, updateStack } from "../../../operations/stack";
import { runProgram } from "../../../system/process";
import { throughCompiler } from "../compiler";
import { type Journey, type JourneyStack, startJourney } from "../journey";
import { type FaultKind, faultOf, kindsOf, pathWithoutIds, type Request } from "./faults";
import { type CaseLine, figuresPage, type RotationFigures } from "./figures";
import { type TestedOperation, testedOperations } from "./operations";
import { Watch, whatIsHeld } from "./watch";

/** The same command again, at most so often after the run with the fault. */
const furtherRuns = 2;

interface World {
  readonly journey: Journey;
  readonly stack: JourneyStack;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      operation: { type: "string", multiple: true },
      kind: { type: "string", multiple: true },
      writes: { type: "boolean", default: false },
      part: { type: "string", default: "1/1" },
      figures: { type: "string" },
      from: { type: "string", multiple: true, default: [] },
    },
  });
  const told = values.from.flatMap((file) => linesOf(readFileSync(file, "utf8")));
  if (values.figures !== undefined && told.length > 0) {
    writeFigures(values.figures, told);
    return;
  }
  const lines: CaseLine[] = [];
  const [part = 1, parts = 1] = values.part.split("/").map(Number);
  patience.pauseMs = 0;
  const begun = Date.now();
  let [cases, wrong] = [0, 0];
  for (const operation of testedOperations) {
    if (values.operation?.includes(operation.name) === false) {
      continue;
    }
    const journey = await startJourney();
    const world = { journey, stack: await journey.stack("dev", operation.before ?? {}) };
    const baseline = await recordBaseline(world, operation);
    const all = baseline.requests
      .filter(({ method, path }) => !values.writes || (method !== "GET" && !path.includes("token")))
      .flatMap((request) => kindsOf(request).map((kind) => ({ request, kind })))
      .filter(({ kind }) => values.kind?.includes(kind) !== false)
      .filter((_one, index) => index % parts === part - 1);
    for (const { request, kind } of all) {
      const outcome = await strike(world, operation, baseline, request, kind);
      const bad = outcome.faults.length > 0;
      cases += 1;
      wrong += bad ? 1 : 0;
      const { method, path, occurrence } = request;
      const asked = `${method} ${path}`;
      const line = { operation: operation.name, request: asked, occurrence, kind, ...outcome };
      lines.push(line);
      print(line);
    }
    await journey.close();
  }
  if (values.figures !== undefined) {
    const rotations = linesOf(await rotateWithFaults());
    wrong += rotations.filter(isBad).length;
    writeFigures(values.figures, [...lines, ...rotations]);
  }
  print({ cases, wrong, seconds: Math.round((Date.now() - begun) / 1000) });
  process.exit(wrong === 0 ? 0 : 1);
}

/** The cases among what a run has printed; those of a rotation have no operation. */
function linesOf(text: string): Partial<CaseLine>[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Partial<CaseLine>)
    .filter(({ kind, faults }) => kind !== undefined && faults !== undefined);
}

function isBad({ faults = [] }: Partial<CaseLine>): boolean {
  return faults.length > 0;
}

function writeFigures(file: string, lines: readonly Partial<CaseLine>[]): void {
  const cases = lines.filter((one): one is CaseLine => one.operation !== undefined);
  const rotations = lines.filter(({ operation }) => operation === undefined);
  const figures: RotationFigures = { cases: rotations.length, bad: rotations.filter(isBad).length };
  writeFileSync(file, figuresPage(cases, rotations.length === 0 ? undefined : figures));
}

async function rotateWithFaults(): Promise<string> {
  const main = join(__dirname, "../faultedRotations/main.ts");
  const { stdout } = await runProgram(process.execPath, [...throughCompiler, main, "--all"], {
    outputLimit: Infinity,
  });
  return stdout;
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

interface Baseline {
  readonly restore: () => void;
  readonly requests: readonly Request[];
  /** What the application holds in the end. */
  readonly held: readonly string[];
}

async function run({ stack }: World, operation: TestedOperation, notes: string[]): Promise<void> {
  const onNote = (sentence: string) => notes.push(sentence);
  await (operation.after === undefined ? destroyStack : updateStack)(stack.stack, { onNote });
}

async function recordBaseline(world: World, operation: TestedOperation): Promise<Baseline> {
  const { journey, stack } = world;
  if (operation.before !== undefined) {
    await updateStack(stack.stack);
  }
  await stack.configure(operation.after ?? operation.before ?? {});
  const restore = journey.checkpoint();
  const from = journey.simulator.journal.position;
  await run(world, operation, []);
  const seen = new Map<string, number>();
  // The requests of a batch are struck one by one, and not the batch itself.
  const entries = journey.simulator.journal
    .entries({ after: from })
    .filter(({ path }) => !path.endsWith("/$batch"));
  const requests = entries.map((entry) => {
    const { method } = entry;
    const path = pathWithoutIds(entry.path);
    const occurrence = (seen.get(`${method} ${path}`) ?? 0) + 1;
    seen.set(`${method} ${path}`, occurrence);
    return { method, path, occurrence, ofTenant: entry.tenantId !== undefined };
  });
  return { restore, requests, held: whatIsHeld(journey.tenant) };
}

async function strike(
  world: World,
  operation: TestedOperation,
  { restore, held }: Baseline,
  request: Request,
  kind: FaultKind,
) {
  const { journey, stack } = world;
  const { journal, faults } = journey.simulator;
  restore();
  const watch = new Watch(journey, operation.keepsCertificate, held);
  const from = journal.position;
  const switchOff = (request.ofTenant ? journey.tenant.faults : faults).add(faultOf(kind, request));
  const notes: string[] = [];
  const errors: string[] = [];
  let ended = false;
  let runs = 0;
  for (; !ended && runs <= furtherRuns; runs += 1) {
    try {
      await run(world, operation, notes);
      ended = true;
    } catch (error) {
      errors.push(reasonOf(error));
    }
    switchOff();
  }
  watch.stop();
  const struck = journal.entries({ after: from }).some(({ fault }) => fault !== undefined);
  const wrong = [
    ...(ended ? [] : [`not converged after ${runs} runs: ${errors.at(-1) ?? ""}`]),
    ...watch.violations,
    ...(ended ? watch.leftovers(notes) : []),
  ];
  if (ended && operation.after !== undefined && hasChanges(await preview(stack))) {
    wrong.push("a preview still has changes");
  }
  if (ended) {
    const { deployment } = (await stack.stack.exportStack()) as {
      deployment: { pending_operations?: unknown[] };
    };
    if ((deployment.pending_operations ?? []).length > 0) {
      wrong.push("operations are pending in the state");
    }
  }
  return { runs, struck, notes, ...(errors.length > 0 ? { errors } : {}), faults: wrong };
}

/** An engine whose port an earlier one had may be taken for that one, once. */
async function preview({ stack }: JourneyStack) {
  return previewStack(stack).catch(() => previewStack(stack));
}

/** The engine's own words, of everything that the SDK puts around them. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split("\n").filter((line) => /error:|\* |Error/.test(line));
  return (lines.length > 0 ? lines : text.split("\n")).slice(0, 6).join(" | ").slice(0, 900);
}

// A program that fails leaves rejected promises behind when its engine is gone; the run itself has failed.
process.on("unhandledRejection", () => undefined);
process.setMaxListeners(0);
main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? ""}\n`);
  process.exit(1);
});
