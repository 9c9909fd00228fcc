/**
 * Runs operations on a stack with a fault at every request in turn, and the same operation again
 * until it ends well, and prints one line of JSON for each case. Ends with 1 when anything is wrong.
 *
 * `--operation NAME` takes one operation, `--kind NAME` one kind of fault, both as often as given;
 * `--writes` strikes only writes; `--part 2/5` takes every fifth case from the second on, and
 * `--jobs 2` runs as many parts at once. `--figures FILE` rotates with faults as well and writes the
 * page of the figures; with `--from FILE` as well, as often as given, it only reads what earlier runs
 * have printed. Without `--figures`, the cases in such a file are left out.
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { patience } from "../../../operations/converge";
import { updateStack } from "../../../operations/stack";
import { runProgram } from "../../../system/process";
import { throughCompiler } from "../compiler";
import { administerExchange } from "../exchangeTenant";
import { startJourney } from "../journey";
import { Graph } from "../../simulator/support/clients";
import { type FaultKind, kindsOf, type Request } from "./faults";
import { type CaseLine, figuresPage, type RotationLine } from "./figures";
import { testedOperations, testedTenant, type TestedOperation } from "./operations";
import { recordBaseline, strike } from "./strike";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      operation: { type: "string", multiple: true },
      kind: { type: "string", multiple: true },
      writes: { type: "boolean", default: false },
      part: { type: "string", default: "1/1" },
      figures: { type: "string" },
      from: { type: "string", multiple: true, default: [] },
      jobs: { type: "string", default: "1" },
    },
  });
  const told = values.from.flatMap((file) => linesOf(readFileSync(file, "utf8")));
  if (values.figures !== undefined && told.length > 0) {
    writeFigures(values.figures, told);
    return;
  }
  const done = new Set(told.map(caseOf));
  if (Number(values.jobs) > 1) {
    await runParts(Number(values.jobs), values.figures);
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
    const journey = await startJourney(testedTenant);
    if (operation.keepsRole === true) {
      journey.tenant.deployer.grant("RoleManagement.ReadWrite.Exchange");
      await administerExchange(await Graph.connect(journey), journey);
    }
    const world = { journey, stack: await journey.stack("dev", operation.before ?? {}) };
    if (operation.before !== undefined) {
      await updateStack(await world.stack.opened());
    }
    const baseline = await recordBaseline(world, operation);
    const all = baseline.requests
      .filter(({ method, path }) => !values.writes || (method !== "GET" && !path.includes("token")))
      .flatMap((request) => kindsOf(request).map((kind) => ({ request, kind })))
      .filter(({ kind }) => values.kind?.includes(kind) !== false)
      .filter((_one, index) => index % parts === part - 1)
      .filter(({ request, kind }) => !done.has(caseOf(lineOf(operation, request, kind))));
    for (const { request, kind } of all) {
      const outcome = await strike(world, operation, baseline, [{ request, kind }]);
      const bad = outcome.faults.length > 0;
      cases += 1;
      wrong += bad ? 1 : 0;
      const line = { ...lineOf(operation, request, kind), ...outcome };
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

function lineOf(operation: TestedOperation, request: Request, kind: FaultKind) {
  const { method, path, occurrence } = request;
  return { operation: operation.name, request: `${method} ${path}`, occurrence, kind };
}

/** What tells a case from every other one. */
function caseOf({ operation, request, occurrence, kind }: Partial<CaseLine>): string {
  return JSON.stringify([operation, request, occurrence, kind]);
}

/** Runs the parts of all cases at once, each in a process of its own, and the rotations after them. */
async function runParts(jobs: number, figures: string | undefined): Promise<void> {
  const given = process.argv.slice(2).filter((one, at, all) => {
    return ![one, all[at - 1]].some((word) =>
      ["--jobs", "--figures", "--part"].includes(word ?? ""),
    );
  });
  const told = await Promise.all(
    Array.from({ length: jobs }, async (_none, index) => {
      const part = ["--part", `${index + 1}/${jobs}`];
      const run = spawn(process.execPath, [...throughCompiler, __filename, ...given, ...part], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      run.stdout.pipe(process.stdout, { end: false });
      return text(run.stdout);
    }),
  );
  const lines = linesOf(told.join("\n"));
  const rotations = figures === undefined ? [] : linesOf(await rotateWithFaults());
  if (figures !== undefined) {
    writeFigures(figures, [...lines, ...rotations]);
  }
  const wrong = [...lines, ...rotations].filter(isBad).length;
  print({ cases: lines.length, rotations: rotations.length, wrong });
  process.exit(wrong === 0 && lines.length > 0 ? 0 : 1);
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
  const rotations = lines
    .filter(({ operation }) => operation === undefined)
    .map((one) => one as unknown as RotationLine);
  writeFileSync(file, figuresPage(cases, rotations));
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

// A program that fails leaves rejected promises behind when its engine is gone; the run itself has failed.
process.on("unhandledRejection", () => undefined);
process.setMaxListeners(0);
main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? ""}\n`);
  process.exit(1);
});
