/**
 * Each write of a role change and of a first update loses its answer once, and the update comes to a
 * good end all the same; every operation, request and kind of fault is `npm run faults`.
 */
import { join } from "node:path";
import { runProgram } from "../../system/process";
import { throughCompiler } from "../support/compiler";

jest.setTimeout(300_000);

interface Line {
  readonly cases?: number;
  readonly wrong?: number;
  readonly struck?: boolean;
  readonly faults?: readonly string[];
}

test("no lost answer to a write keeps an update from ending", async () => {
  // Programs fail there by intent, which would fail a test of the same process.
  const main = join(__dirname, "../support/faultedOperations/main.ts");
  const chosen = ["--operation", "role change", "--operation", "create", "--writes"];
  const kind = ["--kind", "cut off after it took effect"];
  const { stdout, stderr } = await runProgram(process.execPath, [
    ...throughCompiler,
    main,
    ...chosen,
    ...kind,
  ]);
  const lines = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);
  expect({ stderr, last: lines.at(-1) }).toMatchObject({ last: { wrong: 0 } });
  expect(lines.filter(({ struck }) => struck === true).length).toBeGreaterThan(8);
  expect(lines.filter(({ struck, faults }) => struck === false || faults?.length)).toEqual([]);
});
