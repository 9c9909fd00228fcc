import { execFile } from "node:child_process";
import { join } from "node:path";
import { throughCompiler } from "../compiler";
import type { FaultKind } from "./faultKinds";
import type { Outcome } from "./rotations";

type Line = Partial<Outcome> & {
  readonly requests?: number;
  readonly rotations?: number;
  readonly violations?: readonly string[];
  readonly number?: number;
  readonly request?: string;
  readonly kind?: FaultKind;
};

/**
 * Rotates with a fault at every request, in a process of its own because programs fail there by
 * intent, and expects every rotation to come to a good end without leaving a pipeline out.
 */
export async function expectRotations(): Promise<void> {
  const lines = await linesOf();
  const [baseline, ...rotations] = lines.slice(0, -1);
  expect(baseline).toMatchObject({ violations: [] });
  expect(rotations).toHaveLength(baseline?.rotations ?? 0);
  expect(new Set(rotations.map(({ number }) => number)).size).toBe(baseline?.requests);
  const wrong = rotations.filter(({ struck, faults }) => !struck || faults?.length !== 0);
  expect(wrong).toEqual([]);
}

function linesOf(): Promise<Line[]> {
  const command = [...throughCompiler, join(__dirname, "main.ts")];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      command,
      { cwd: join(__dirname, "../../.."), maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout, stderr) => {
        const lines = stdout.trim().split("\n");
        try {
          resolve(lines.map((line) => JSON.parse(line) as Line));
        } catch {
          reject(new Error(`${stdout}${stderr}`));
        }
      },
    );
  });
}
