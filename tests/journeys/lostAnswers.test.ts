/**
 * Each request that an operation sends is struck once, in one of nine ways, and the operation comes to
 * a good end all the same, with nothing left behind unnamed. Every operation, request and way by
 * itself is `npm run faults`; the requests of a rotation are in `rotationEveryRequest`.
 */
import { join } from "node:path";
import { runProgram } from "../../system/process";
import { throughCompiler } from "../support/compiler";

interface Line {
  readonly operation?: string;
  readonly requests?: number;
  readonly struck?: boolean;
  readonly strikes?: readonly string[];
  readonly faults?: readonly string[];
}

test("whatever becomes of a request, running the command again ends well", async () => {
  // Programs fail there by intent, which would fail a test of the same process.
  const main = join(__dirname, "../support/faultedOperations/inTurn.ts");
  const { stdout, stderr } = await runProgram(process.execPath, [...throughCompiler, main]);
  const lines = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);
  const operations = lines.filter(({ strikes }) => strikes !== undefined);
  expect({ stderr, last: lines.at(-1) }).toMatchObject({ last: { wrong: 0 } });
  expect(operations.filter(({ struck, faults }) => struck !== true || faults?.length)).toEqual([]);
  const struck = operations.flatMap(({ strikes = [] }) => strikes);
  expect(lines.at(-1)?.requests).toBe(struck.length);
  const writes = struck.map((one) => /^(POST|PATCH|DELETE) \/(v1\.0|beta)\/.*(?=:)/.exec(one)?.[0]);
  expect(new Set(writes).size).toBeGreaterThan(13);
  expect(new Set(struck.map((one) => one.split(": ").pop())).size).toBe(9);
});
