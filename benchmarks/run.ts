/**
 * Compares the component with a hand-written flat program of the same resources, in one run and in
 * turn, so that a busy machine slows both alike. Quote the ratios, not the seconds.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PulumiCommand, type PulumiFn } from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import { Steps } from "../cli/steps";
import { program } from "../index";
import {
  hasChanges,
  openStack,
  previewStack,
  type StackTarget,
  updateStack,
} from "../operations/stack";
import { type Simulator, startSimulator } from "../simulator";
import { prepareToolchain, type Toolchain } from "../toolchain";
import { flatProgram } from "./flatProgram";
import { verifiedConnection } from "./verifiedConnection";

const rounds = Number(process.env.APPONLY_BENCH_ROUNDS ?? 7);
const operations = ["preview", "update", "no-change preview"] as const;
type Operation = (typeof operations)[number];
type Measured = Record<Operation, { seconds: number; requests: number }>;

const configuration = {
  "apponly:displayName": "ExO PowerShell CBA",
  "apponly:workloads": ["exchange"],
  "apponly:directoryRoles": ["Exchange Administrator"],
  "apponly:certificates": [{ name: "2026-11", subject: "contoso.org", validityDays: 365 }],
};

async function measure(
  toolchain: Toolchain,
  simulator: Simulator,
  caFile: string,
  run: PulumiFn,
  round: string,
): Promise<Measured> {
  const directory = await mkdtemp(join(tmpdir(), "apponly-bench-"));
  const tenant = simulator.addTenant({ initialDomain: `${round}.onmicrosoft.com` });
  await mkdir(join(directory, "backend"));
  await writeFile(join(directory, "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
  await writeFile(join(directory, "Pulumi.dev.yaml"), stringify({ config: configuration }));
  const target: StackTarget = {
    stack: "dev",
    workDirectory: directory,
    program: run,
    pulumi: await PulumiCommand.get({ root: toolchain.pulumi.root }),
    environment: {
      ...toolchain.environment,
      ARM_TENANT_ID: tenant.tenantId,
      ARM_CLIENT_ID: tenant.deployer.clientId,
      ARM_CLIENT_SECRET: tenant.deployer.issueSecret(),
      ARM_METADATA_HOSTNAME: simulator.endpoints.metadataHost,
      ARM_USE_CLI: "false",
      SSL_CERT_FILE: caFile,
      PULUMI_BACKEND_URL: pathToFileURL(join(directory, "backend")).href,
      PULUMI_CONFIG_PASSPHRASE: "benchmark",
    },
  };
  const stack = await openStack(target);
  const timed = async (work: () => Promise<unknown>) => {
    simulator.journal.clear();
    const begun = performance.now();
    await work();
    const seconds = (performance.now() - begun) / 1000;
    return { seconds, requests: simulator.journal.entries().length };
  };
  const measured: Measured = {
    preview: await timed(() => previewStack(stack)),
    update: await timed(() => updateStack(stack)),
    "no-change preview": await timed(async () => {
      if (hasChanges(await previewStack(stack))) {
        throw new Error(`${round}: the second preview has changes`);
      }
    }),
  };
  await rm(directory, { recursive: true, force: true });
  return measured;
}

function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function main(): Promise<void> {
  const terminal = { write: (text: string) => void process.stdout.write(text), interactive: false };
  const toolchain = await prepareToolchain({ steps: new Steps(terminal), embeddedTenant: true });
  const simulator = await startSimulator();
  const folder = await mkdtemp(join(tmpdir(), "apponly-bench-ca-"));
  const caFile = join(folder, "ca.pem");
  await writeFile(caFile, simulator.caCertificatePem);
  const component: Measured[] = [];
  const flat: Measured[] = [];
  // The first round warms caches up and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    const one = await measure(toolchain, simulator, caFile, program, `component${round}`);
    const other = await measure(toolchain, simulator, caFile, flatProgram, `flat${round}`);
    if (round > 0) {
      component.push(one);
      flat.push(other);
      terminal.write(`round ${round} of ${rounds}\n`);
    }
  }
  const lines = operations.map((operation) => {
    const seconds = (all: Measured[]) => all.map((one) => one[operation].seconds);
    const ratio = median(
      component.map(
        (one, i) => one[operation].seconds / (flat[i]?.[operation].seconds ?? Number.NaN),
      ),
    );
    const requests = (all: Measured[]) => median(all.map((one) => one[operation].requests));
    return `| ${operation} | ${median(seconds(component)).toFixed(2)} s | ${median(seconds(flat)).toFixed(2)} s | ${ratio.toFixed(2)} | ${requests(component)} | ${requests(flat)} |`;
  });
  const peak = process.resourceUsage().maxRSS / 1024;
  const report = [
    "# Benchmark results",
    "",
    `The component against a hand-written flat program of the same azuread resources, in turn, ${rounds} rounds in one run; the ratio is the median of the rounds' ratios (aim: at most 1.05). Node ${process.versions.node}, Pulumi CLI ${toolchain.pulumi.version}, ${cpus().length} cores, plugins: ${toolchain.plugins.map(({ name, kind }) => `${name} ${kind}`).join(", ")}.`,
    "",
    "| operation | component | flat | ratio | requests, component | requests, flat |",
    "|---|---|---|---|---|---|",
    ...lines,
    "",
    ...(await verifiedConnection(toolchain, simulator, caFile, rounds)),
    `Peak memory of the process that runs the simulator and both programs: ${peak.toFixed(0)} MiB.`,
    "",
  ].join("\n");
  await writeFile(join(__dirname, "RESULTS.md"), report);
  terminal.write(`\n${report}`);
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
