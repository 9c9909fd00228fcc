import { startSimulator } from "./simulator";

/** What a simulator with many tenants takes, in mebibytes. */
export interface MemoryReport {
  readonly tenants: number;
  /** Resident set of the whole process, the runtime included. */
  readonly rssMiB: number;
  readonly heapUsedMiB: number;
  readonly seedMilliseconds: number;
}

/**
 * Measures the memory of this process with a number of freshly seeded tenants.
 *
 * Run as a program it prints the report as JSON: `node --require ./bin/typescript.js simulator/memory.ts 1000`.
 */
async function measureMemory(tenants: number): Promise<MemoryReport> {
  const simulator = await startSimulator();
  const started = performance.now();
  for (let index = 0; index < tenants; index += 1) {
    simulator.addTenant({ initialDomain: `tenant${index}.onmicrosoft.com` });
  }
  const seedMilliseconds = Math.round(performance.now() - started);
  const { rss, heapUsed } = process.memoryUsage();
  await simulator.close();
  return { tenants, rssMiB: mebibytes(rss), heapUsedMiB: mebibytes(heapUsed), seedMilliseconds };
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

if (require.main === module) {
  void measureMemory(Number(process.argv[2] ?? 1000)).then((report) =>
    process.stdout.write(`${JSON.stringify(report)}\n`),
  );
}
