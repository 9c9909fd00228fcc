import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Simulator, startSimulator } from "../simulator/simulator";
import { writeWhole } from "../system/files";
import { makePassphrase, mendFolder } from "./damagedFolder";
import { folderToName, takeFolder } from "./embeddedFolder";
import type { TenantHandle } from "../simulator/tenantHandle";

/** The tenant that `npm start` works on. */
const embeddedDomain = "contoso.onmicrosoft.com";

/** A running embedded tenant, and what points the engine at it. */
export interface EmbeddedTenant {
  readonly simulator: Simulator;
  readonly tenant: TenantHandle;
  /** File with the certificate of the simulator's authority, for `SSL_CERT_FILE`. */
  readonly caFile: string;
  /**
   * Settings of the azuread provider and of Pulumi's own state. Contains the deployer's secret,
   * which lives only as long as the simulator: never print it.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** What was mended in its folder, in full sentences. */
  readonly notes: readonly string[];
  /** Keeps the tenant's state and ends it. */
  readonly close: () => Promise<void>;
}

/**
 * Starts the simulator with one tenant whose state is kept in a folder.
 *
 * @param directory Folder for the tenant's state and Pulumi's; created where missing.
 * @throws {Failure} If another process works on it.
 */
export async function startEmbeddedTenant(directory: string): Promise<EmbeddedTenant> {
  const giveBack = await takeFolder(directory);
  try {
    const notes = await mendFolder(directory);
    const embedded = await startIn(directory);
    return {
      ...embedded,
      notes,
      close: async () => {
        await embedded.close();
        await giveBack();
      },
    };
  } catch (error) {
    await giveBack();
    throw error;
  }
}

async function startIn(directory: string): Promise<Omit<EmbeddedTenant, "notes">> {
  const backend = join(directory, "backend");
  await mkdir(backend, { recursive: true, mode: 0o700 });
  const simulator = await startSimulator({ stateFile: join(directory, "tenant.json") });
  const tenant =
    simulator.tenants().find((one) => one.initialDomain === embeddedDomain) ??
    simulator.addTenant({ initialDomain: embeddedDomain, displayName: "Contoso" });
  // So that nobody who only tries it is told at every certificate what this deployer may not read.
  tenant.deployer.grant("Policy.Read.All");
  const caFile = join(directory, "simulator-ca.pem");
  await writeWhole(caFile, simulator.caCertificatePem);
  const passphraseFile = await keepPassphrase(join(directory, "passphrase"));
  return {
    simulator,
    tenant,
    caFile,
    close: () => simulator.close(),
    environment: {
      APPONLY_EMBEDDED_DIRECTORY: folderToName(directory),
      ARM_TENANT_ID: tenant.tenantId,
      ARM_CLIENT_ID: tenant.deployer.clientId,
      ARM_CLIENT_SECRET: tenant.deployer.issueSecret(),
      ARM_METADATA_HOSTNAME: simulator.endpoints.metadataHost,
      ARM_USE_CLI: "false",
      APPONLY_AUTHORITY: simulator.endpoints.loginTls,
      APPONLY_EXCHANGE: simulator.endpoints.exchange,
      APPONLY_COMPLIANCE: simulator.endpoints.compliance,
      APPONLY_GRAPH: simulator.endpoints.graph,
      APPONLY_SIMULATOR_PROXY: simulator.endpoints.proxy,
      SSL_CERT_FILE: caFile,
      PULUMI_BACKEND_URL: pathToFileURL(backend).href,
      PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    },
  };
}

/** The passphrase of the embedded stacks' secrets: made once, kept beside their state. */
async function keepPassphrase(file: string): Promise<string> {
  if (!existsSync(file)) {
    await writeWhole(file, makePassphrase(), { mode: 0o600, replace: false });
  }
  return file;
}

/** What points a command of this process, or of a shell, at a tenant that runs. */
export function embeddedSettings({
  simulator,
  environment,
}: EmbeddedTenant): Record<string, string> {
  const { loginTls, exchange, compliance, graph } = simulator.endpoints;
  return {
    ...environment,
    APPONLY_EMBEDDED: "true",
    APPONLY_AUTHORITY: loginTls,
    APPONLY_EXCHANGE: exchange,
    APPONLY_COMPLIANCE: compliance,
    APPONLY_GRAPH: graph,
  };
}
