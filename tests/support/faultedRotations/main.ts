/**
 * Rotates a certificate with a fault at every request in turn, and prints one line of JSON for each
 * rotation. Ends with 1 when anything is wrong.
 *
 * `--all` strikes every request in every way, otherwise each is struck in one.
 */
import { parseArgs } from "node:util";
import { patience } from "../../../operations/converge";
import { casesOf, isStruckAlone } from "./cases";
import { recordBaseline, rotateWithFaults } from "./rotations";
import { makeWorld } from "./world";

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { all: { type: "boolean", default: false } } });
  const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
  const begun = Date.now();
  // The simulated tenant knows everywhere at once what is gone.
  patience.pauseMs = 0;
  const world = await makeWorld();
  const { requests, violations, ...baseline } = await recordBaseline(world);
  const cases = casesOf(requests, values.all);
  const struck = requests.filter(isStruckAlone).length;
  print({ requests: struck, rotations: cases.flat().length, violations });
  let wrong = violations.length;
  for (const strikes of cases) {
    const outcome = await rotateWithFaults(world, baseline, strikes);
    wrong += outcome.struck && outcome.faults.length === 0 ? 0 : 1;
    for (const { number, request, kind } of strikes) {
      const { segment, method, path, occurrence } = request;
      print({ number, segment, request: `${method} ${path}`, occurrence, kind, ...outcome });
    }
  }
  await world.close();
  print({ wrong, seconds: Math.round((Date.now() - begun) / 1000) });
  process.exit(wrong === 0 ? 0 : 1);
}

// The SDK asks for a stack with every promise that it makes.
Error.stackTraceLimit = 0;
// A program that fails leaves rejected promises behind when its engine is gone; the run itself has failed.
process.on("unhandledRejection", () => undefined);
void main();
