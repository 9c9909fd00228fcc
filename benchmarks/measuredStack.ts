import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";
import type { Simulator } from "../simulator/simulator";
import type { EngineToolchain } from "../toolchain/toolchain";

/** Where measurements run: the tools, and a simulator that every tenant is added to. */
export interface Bench {
  readonly toolchain: EngineToolchain;
  readonly simulator: Simulator;
  /** File with the certificate of the simulator's authority. */
  readonly caFile: string;
  /** How often each measurement is taken. */
  readonly rounds: number;
  readonly progress: (text: string) => void;
}

/** A stack `dev` in a folder and a tenant of its own. */
export interface MeasuredStack {
  readonly directory: string;
  readonly environment: Record<string, string>;
  remove(): Promise<void>;
}

/** What this project has Node run first, for projects in other folders. */
export const preload = `--require ${join(dirname(__dirname), "bin/preload.js")}`;

/** Configuration of the document's own example. */
const exampleConfiguration = {
  "apponly:displayName": "ExO PowerShell CBA",
  "apponly:workloads": ["exchange"],
  "apponly:directoryRoles": ["Exchange Administrator"],
  "apponly:certificates": [{ name: "2026-11", subject: "contoso.org", validityDays: 365 }],
};

/**
 * Makes the folder and the tenant for a stack that is about to be measured.
 *
 * @param configuration Keys with their namespace. @default the document's own example
 */
export async function measuredStack(
  bench: Bench,
  name: string,
  configuration: Readonly<Record<string, unknown>> = exampleConfiguration,
): Promise<MeasuredStack> {
  const { toolchain, simulator, caFile } = bench;
  const directory = await mkdtemp(join(tmpdir(), "apponly-bench-"));
  const tenant = simulator.addTenant({ initialDomain: `${name}.onmicrosoft.com` });
  await mkdir(join(directory, "backend"));
  await writeFile(join(directory, "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
  await writeFile(join(directory, "Pulumi.dev.yaml"), stringify({ config: configuration }));
  return {
    directory,
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
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** The middle of some measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
