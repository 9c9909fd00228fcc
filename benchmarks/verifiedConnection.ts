import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import { verify } from "../access/verify";
import { verifyInputOf } from "../cli/verification";
import { program } from "../index";
import { openStack, updateStack } from "../operations/stack";
import type { Simulator } from "../simulator";
import type { Toolchain } from "../toolchain";

/** What a job waits for after an update was started. */
interface Connection {
  readonly updateSeconds: number;
  readonly verifySeconds: number;
  readonly verifyRequests: number;
}

const configuration = {
  "apponly:displayName": "ExO PowerShell CBA",
  "apponly:workloads": ["exchange", "compliance"],
  "apponly:directoryRoles": ["Global Reader"],
  "apponly:certificates": [{ name: "2026-11", subject: "contoso.org", validityDays: 365 }],
};

/**
 * Measures the time from the start of the first update to a verified connection of both workloads,
 * on the simulated tenant, where a grant arrives at once.
 *
 * @returns A section for the report, as lines of Markdown.
 */
export async function verifiedConnection(
  toolchain: Toolchain,
  simulator: Simulator,
  caFile: string,
  rounds: number,
): Promise<string[]> {
  const measured: Connection[] = [];
  for (let round = 0; round < rounds; round += 1) {
    measured.push(await measure(toolchain, simulator, caFile, `verified${round}`));
  }
  const median = (value: (one: Connection) => number) =>
    measured.map(value).sort((one, other) => one - other)[Math.floor(measured.length / 2)] ?? NaN;
  return [
    "From the start of the first update to a verified connection of both workloads, on the simulated tenant, where grants arrive at once; a real tenant needs minutes for that:",
    "",
    "| step | median |",
    "|---|---|",
    `| update | ${median((one) => one.updateSeconds).toFixed(2)} s |`,
    `| verification | ${median((one) => one.verifySeconds).toFixed(2)} s, ${median((one) => one.verifyRequests)} requests |`,
    `| together | ${median((one) => one.updateSeconds + one.verifySeconds).toFixed(2)} s |`,
    "",
  ];
}

async function measure(
  toolchain: Toolchain,
  simulator: Simulator,
  caFile: string,
  name: string,
): Promise<Connection> {
  const directory = await mkdtemp(join(tmpdir(), "apponly-bench-"));
  const tenant = simulator.addTenant({ initialDomain: `${name}.onmicrosoft.com` });
  await mkdir(join(directory, "backend"));
  await writeFile(join(directory, "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
  await writeFile(join(directory, "Pulumi.dev.yaml"), stringify({ config: configuration }));
  const stack = await openStack({
    stack: "dev",
    workDirectory: directory,
    program,
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
  });
  const begun = performance.now();
  await updateStack(stack);
  const updated = performance.now();
  const { loginTls, exchange, compliance } = simulator.endpoints;
  simulator.journal.clear();
  const report = await verify(
    verifyInputOf(await stack.outputs(), {
      authority: loginTls,
      workloads: { exchange, compliance },
      extraCaPem: simulator.caCertificatePem,
    }),
  );
  const verified = performance.now();
  if (!report.ok) {
    throw new Error(`${name}: the access does not connect`);
  }
  const verifyRequests = simulator.journal.entries().length;
  await rm(directory, { recursive: true, force: true });
  return {
    updateSeconds: (updated - begun) / 1000,
    verifySeconds: (verified - updated) / 1000,
    verifyRequests,
  };
}
