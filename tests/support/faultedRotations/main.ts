/**
 * Rotates a certificate with a fault at every request in turn, and prints one line of JSON for each
 * rotation.
 *
 * `--all` strikes every request in every way. `--share K/N` takes every request with one way each,
 * writes with every way, and of these every Nth from the Kth on.
 */
import { parseArgs } from "node:util";
import { type BaselineRequest, type FaultKind, faultKinds } from "./faultKinds";
import { recordBaseline, rotateWithFault } from "./rotations";
import { makeWorld } from "./world";

/** What is rotated and struck, in order. */
export function casesOf(
  requests: readonly BaselineRequest[],
  all: boolean,
): { number: number; request: BaselineRequest; kind: FaultKind }[] {
  return requests.flatMap((request, number) => {
    const every = all || request.method === "PATCH";
    const kinds = every ? faultKinds : [faultKinds[number % faultKinds.length] ?? faultKinds[0]];
    return kinds.map((kind) => ({ number: number + 1, request, kind }));
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      all: { type: "boolean", default: false },
      share: { type: "string", default: "1/1" },
    },
  });
  const [mine = 1, shares = 1] = values.share.split("/").map(Number);
  const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
  const begun = Date.now();
  const world = await makeWorld();
  const baseline = await recordBaseline(world);
  print({ baseline: baseline.requests.length, violations: baseline.violations });
  const cases = casesOf(baseline.requests, values.all).filter(
    (_, index) => index % shares === mine - 1,
  );
  let wrong = 0;
  for (const { number, request, kind } of cases) {
    const outcome = await rotateWithFault(world, baseline, kind, request);
    const { segment, method, path, occurrence } = request;
    wrong += outcome.struck && outcome.faults.length === 0 ? 0 : 1;
    print({ number, segment, request: `${method} ${path}`, occurrence, kind, ...outcome });
  }
  await world.close();
  print({ rotations: cases.length, wrong, seconds: Math.round((Date.now() - begun) / 1000) });
  process.exit(wrong === 0 ? 0 : 1);
}

// A program that fails leaves rejected promises behind when its engine is gone; the run itself has failed.
process.on("unhandledRejection", () => undefined);
void main();
