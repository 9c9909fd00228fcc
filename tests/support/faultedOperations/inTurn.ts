/**
 * Runs one operation after the other on a stack, strikes each request that any of them sends once, in
 * ways that change from request to request, and prints one line of JSON for each operation. Ends with
 * 1 when anything is wrong.
 *
 * Several requests are struck in one operation, writes apart from reads: where a look-up is refused,
 * what a lost write has made cannot be found.
 */
import { patience } from "../../../operations/converge";
import { startJourney } from "../journey";
import { type FaultKind, kindsOf, type Request } from "./faults";
import { operationsInTurn, testedTenant } from "./operations";
import { type Baseline, recordBaseline, type Strike, strike } from "./strike";

const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function main(): Promise<void> {
  patience.pauseMs = 0;
  const begun = Date.now();
  const journey = await startJourney(testedTenant);
  const world = { journey, stack: await journey.stack("dev", operationsInTurn[0]?.after ?? {}) };
  const known = new Set<string>();
  const used = new Map<FaultKind, number>();
  let wrong = 0;
  for (const operation of operationsInTurn) {
    const baseline = await recordBaseline(world, operation);
    const after = journey.checkpoint();
    for (const strikes of strikesOf(baseline, known, used)) {
      const outcome = await strike(world, operation, baseline, strikes);
      wrong += outcome.faults.length === 0 && outcome.struck ? 0 : 1;
      print({ operation: operation.name, strikes: strikes.map(textOf), ...outcome });
    }
    after();
  }
  await journey.close();
  print({ requests: known.size, wrong, seconds: Math.round((Date.now() - begun) / 1000) });
  process.exit(wrong === 0 ? 0 : 1);
}

/**
 * Requests that no operation before has sent, each with the kind of fault that was used least: the
 * writes, then the others.
 */
function strikesOf(
  { requests }: Baseline,
  known: Set<string>,
  used: Map<FaultKind, number>,
): Strike[][] {
  const strikes = requests
    .filter((request) => !known.has(nameOf(request)))
    .filter(({ occurrence }) => occurrence === 1)
    .map((request) => {
      const kinds = kindsOf(request).filter(
        (kind) => kind !== "not found, for lag" || isMade(request, requests),
      );
      const usedLeast = kinds.toSorted((a, b) => (used.get(a) ?? 0) - (used.get(b) ?? 0));
      const [kind = "throttled"] = usedLeast;
      used.set(kind, (used.get(kind) ?? 0) + 1);
      known.add(nameOf(request));
      return { request, kind };
    });
  const isWrite = ({ request: { method, path } }: Strike) =>
    method !== "GET" && !path.endsWith("/token");
  return [strikes.filter(isWrite), strikes.filter((one) => !isWrite(one))].filter(
    ({ length }) => length > 0,
  );
}

/** Whether a read is of what the operation makes: nothing else can lag. */
function isMade({ path }: Request, requests: readonly Request[]): boolean {
  return requests.some((one) => one.method === "POST" && `${one.path}/{id}` === path);
}

const nameOf = ({ method, path }: Request) => `${method} ${path}`;
const textOf = ({ request, kind }: Strike) => `${nameOf(request)}: ${kind}`;

// The SDK asks for a stack with every promise that it makes.
Error.stackTraceLimit = 0;
// A program that fails leaves rejected promises behind when its engine is gone; the run itself has failed.
process.on("unhandledRejection", () => undefined);
process.setMaxListeners(0);
main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? ""}\n`);
  process.exit(1);
});
