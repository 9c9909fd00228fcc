import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { MemoryReport } from "../simulator/memory";

/**
 * Measures what a simulator with 1,000 freshly seeded tenants takes, in a process of its own.
 *
 * @returns A section for the report, as lines of Markdown.
 */
export async function manyTenants(): Promise<string[]> {
  const root = join(__dirname, "..");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--require", join(root, "bin", "typescript.js"), join(root, "simulator", "memory.ts"), "1000"],
    { cwd: root },
  );
  const { tenants, rssMiB, seedMilliseconds } = JSON.parse(stdout) as MemoryReport;
  return [
    `A simulator with ${tenants.toLocaleString("en")} seeded tenants takes ${rssMiB} MiB, the runtime included (aim: under 300), and ${(seedMilliseconds / 1000).toFixed(2)} s to seed them.`,
    "",
  ];
}
