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
 *
 * @param share For example `1/2` for the first of two halves.
 */
export async function expectRotations(share: string): Promise<void> {
  const lines = await linesOf(["--share", share]);
  const [baseline, ...rotations] = lines.slice(0, -1);
  expect(baseline).toMatchObject({ violations: [] });
  const [mine = 1, shares = 1] = share.split("/").map(Number);
  const expected = Array.from({ length: baseline?.rotations ?? 0 }, (_, i) => i).filter(
    (index) => index % shares === mine - 1,
  ).length;
  expect(rotations).toHaveLength(expected);
  expect(expected).toBeGreaterThan((baseline?.requests ?? 0) / shares);
  const wrong = rotations.filter(({ struck, faults }) => !struck || faults?.length !== 0);
  expect(wrong).toEqual([]);
}

function linesOf(args: string[]): Promise<Line[]> {
  const command = [...throughCompiler, join(__dirname, "main.ts"), ...args];
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
