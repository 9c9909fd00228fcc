/** Runs every measurement in turn and writes RESULTS.md. Each is in a file of its own. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { Steps } from "../cli/steps";
import { startSimulator } from "../simulator/simulator";
import { prepareEngine } from "../toolchain/toolchain";
import { auditedTenant } from "./auditedTenant";
import { commands } from "./commands";
import { compareWithFlatProgram } from "./comparison";
import { fleet } from "./fleet";
import { freshProcesses } from "./freshProcesses";
import { growth } from "./growth";
import { manyTenants } from "./manyTenants";
import type { Bench } from "./measuredStack";
import { reviewRendering } from "./reviewRendering";
import { verifiedConnection } from "./verifiedConnection";

const rounds = Number(process.env.APPONLY_BENCH_ROUNDS ?? 15);

/** Name of the only measurement to take, `fleet` for example; the report is then only printed. */
const only = process.env.APPONLY_BENCH_ONLY;

/** The measurements in the report's order; each answers its section as lines of Markdown. */
const sections: ((bench: Bench) => Promise<string[]>)[] = [
  compareWithFlatProgram,
  freshProcesses,
  commands,
  verifiedConnection,
  manyTenants,
  reviewRendering,
  growth,
  fleet,
  auditedTenant,
];

async function main(): Promise<void> {
  const progress = (text: string) => void process.stdout.write(text);
  const steps = new Steps({ write: progress, interactive: false });
  const toolchain = await prepareEngine({ steps, embeddedTenant: true });
  const simulator = await startSimulator();
  const folder = await mkdtemp(join(tmpdir(), "apponly-bench-ca-"));
  const caFile = join(folder, "ca.pem");
  await writeFile(caFile, simulator.caCertificatePem);
  const plugins = toolchain.plugins.map(({ name, kind }) => `${name} ${kind}`).join(", ");
  const lines = [
    "# Benchmark results",
    "",
    `Node ${process.versions.node}, Pulumi CLI ${toolchain.pulumi.version}, ${cpus().length} cores, plugins: ${plugins}.`,
    "",
  ];
  for (const section of sections.filter(({ name }) => only === undefined || name === only)) {
    lines.push(...(await section({ toolchain, simulator, caFile, rounds, progress })));
  }
  const report = lines.join("\n");
  if (only === undefined) {
    await writeFile(join(__dirname, "RESULTS.md"), report);
  }
  progress(`\n${report}`);
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
