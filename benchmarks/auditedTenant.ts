import { auditTenant } from "../audit/audit";
import { graphClient } from "../microsoft/graph/client";
import type { Bench } from "./measuredStack";

const applications = 10_000;
/** How many of them have reach into Exchange. */
const reaching = 500;

/**
 * Measures an audit of a tenant with 10,000 applications, of which 500 have reach: time, requests and
 * the memory of the auditor, which shares the process with the simulated tenant.
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
  let requests = 0;
  const graph = graphClient({ graph: address, login }, token, () => (requests += 1));
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
  requests = 0;
  const before = process.memoryUsage().rss;
  let peak = before;
  const started = Date.now();
  const report = await auditTenant({
    graph,
    requests: () => requests,
    onProgress: () => {
      peak = Math.max(peak, process.memoryUsage().rss);
    },
  });
  const seconds = (Date.now() - started) / 1000;
  const mebibytes = (bytes: number) => Math.round(bytes / 1024 / 1024);
  return [
    `An audit of a tenant with ${applications.toLocaleString("en")} applications, ${report.applications.length} of which have reach, takes ${seconds.toFixed(1)} s and ${report.requests} requests. It adds ${mebibytes(peak - before)} MiB to a process of ${mebibytes(before)} MiB that holds the simulated tenant too (aim: under 500).`,
    "",
  ];
}
