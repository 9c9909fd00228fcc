import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { graphClient } from "../microsoft/graph/client";
import type { AuditMeasure } from "./auditMemory";
import type { Bench } from "./measuredStack";

const applications = 10_000;
/** How many of them have reach into Exchange. */
const reaching = 500;

/**
 * Measures an audit of a tenant with 10,000 applications, of which 500 have reach: time, requests and
 * the memory of the auditor, in a process of its own.
 *
 * @returns A section for the report, as lines of Markdown.
 */
export async function auditedTenant({ simulator, progress }: Bench): Promise<string[]> {
  const tenant = simulator.addTenant({
    initialDomain: "audited.onmicrosoft.com",
    deployer: {
      permissions: [
        "Application.ReadWrite.All",
        "AppRoleAssignment.ReadWrite.All",
        "AuditLog.Read.All",
        "Directory.Read.All",
        "Policy.Read.All",
        "RoleManagement.Read.Directory",
        "RoleManagement.Read.Exchange",
      ],
    },
  });
  const { graph: address, login } = simulator.endpoints;
  const answer = await fetch(`${login}/${tenant.tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: tenant.deployer.clientId,
      client_secret: tenant.deployer.issueSecret(),
      scope: `${address}/.default`,
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const graph = graphClient({ graph: address, login }, token);
  const exchange = (await graph
    .api("/servicePrincipals(appId='00000002-0000-0ff1-ce00-000000000000')")
    .get()) as { id: string };
  for (let index = 0; index < applications; index += 1) {
    const displayName = `Application ${index}`;
    const { appId } = (await graph.api("/applications").post({ displayName })) as { appId: string };
    const { id } = (await graph.api("/servicePrincipals").post({ appId })) as { id: string };
    if (index < reaching) {
      await graph.api(`/servicePrincipals/${exchange.id}/appRoleAssignedTo`).post({
        principalId: id,
        resourceId: exchange.id,
        appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440",
      });
    }
    if (index % 1_000 === 999) {
      progress(`Audit: ${index + 1} applications made\n`);
    }
  }
  const {
    reaching: found,
    requests,
    seconds,
    peakMiB,
  } = await measureAudit([address, login], token);
  return [
    `An audit of a tenant with ${applications.toLocaleString("en")} applications, ${found} of which have reach, takes ${seconds.toFixed(1)} s, ${requests} requests and at most ${peakMiB} MiB, the runtime included (aim: under 500). The simulated tenant is in another process.`,
    "",
  ];
}

/** Runs the audit in a process of its own. */
async function measureAudit(addresses: readonly string[], token: string): Promise<AuditMeasure> {
  const root = join(__dirname, "..");
  const child = spawn(
    process.execPath,
    [
      "--require",
      join(root, "bin", "typescript.js"),
      join(__dirname, "auditMemory.ts"),
      ...addresses,
    ],
    { cwd: root, stdio: ["pipe", "pipe", "inherit"] },
  );
  child.stdin.end(token);
  return JSON.parse(await text(child.stdout)) as AuditMeasure;
}
