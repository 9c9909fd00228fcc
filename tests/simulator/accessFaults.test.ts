/**
 * Faults on the way from a grant to a cmdlet: a grant that is recorded and not in tokens yet, a
 * cmdlet that no role allows, a tenant that Exchange does not serve.
 *
 * Does not prove how long a real tenant takes, nor in which order grants arrive there.
 */
import { beforeEach, expect, it } from "@jest/globals";
import {
  claimsOf,
  consent,
  giveRole,
  Graph,
  makeApp,
  microsoft,
  requestToken,
  send,
} from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated();
const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const defaultWid = "0997a1d0-0d1d-4acb-b408-d5ca73121e90";

let graph: Graph;
let app: { id: string; appId: string; servicePrincipalId: string };
let secret: string;

beforeEach(async () => {
  graph = await Graph.connect(context);
  app = await makeApp(graph);
  secret = (await graph.must("POST", `/applications/${app.id}/addPassword`)).secretText;
});

async function token(): Promise<string> {
  const scope = "https://outlook.office365.com/.default";
  const client = { client_id: app.appId, client_secret: secret, scope };
  return (await requestToken(context, client)).body.access_token;
}

async function grant(): Promise<void> {
  await consent(graph, app.servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
  await giveRole(graph, app.servicePrincipalId, exchangeAdministrator);
}

it("keeps new grants out of as many tokens as the fault says, and no others", async () => {
  const off = context.tenant.faults.add({ kind: "grantLag", times: 2 });
  await grant();
  const seen = [];
  for (let count = 0; count < 3; count += 1) {
    const { roles, wids } = claimsOf(await token());
    seen.push([roles, wids]);
  }
  expect(seen).toEqual([
    [undefined, [defaultWid]],
    [undefined, [defaultWid]],
    [["Exchange.ManageAsApp"], [exchangeAdministrator, defaultWid]],
  ]);
  // Graph shows what is recorded all the while.
  const recorded = await graph.must(
    "GET",
    `/servicePrincipals/${app.servicePrincipalId}/appRoleAssignments`,
  );
  expect(recorded.value).toHaveLength(1);
  off();
});

it("does not touch grants made before, and ends when it is switched off", async () => {
  await grant();
  const off = context.tenant.faults.add({ kind: "grantLag", times: 100 });
  expect(claimsOf(await token())).toMatchObject({ roles: ["Exchange.ManageAsApp"] });
  await consent(
    graph,
    app.servicePrincipalId,
    microsoft.exchange,
    "dc890d15-9560-4a4c-9b7f-a736ec74ec40",
  );
  expect(claimsOf(await token())).toMatchObject({ roles: ["Exchange.ManageAsApp"] });
  off();
  expect(claimsOf(await token()).roles).toHaveLength(2);
});

it.each([
  ["cmdletDenied", 401, "Unauthorized", "User is not allowed to call Get-OrganizationConfig"],
  ["tenantUnknown", 404, "OrganizationFromTenantGuidNotFound", "The tenant for tenant guid"],
] as const)("%s is only Exchange's", async (kind, status, code, message) => {
  await grant();
  context.tenant.faults.add({ kind });
  expect((await graph.call("GET", "/applications")).status).toBe(200);
  const answer = await send(
    `${context.simulator.endpoints.exchange}/adminapi/beta/${context.tenant.tenantId}/InvokeCommand`,
    {
      method: "POST",
      headers: {
        authorization: `Bearer ${await token()}`,
        "content-type": "application/json",
        "X-CmdletName": "Get-OrganizationConfig",
      },
      body: JSON.stringify({
        CmdletInput: { CmdletName: "Get-OrganizationConfig", Parameters: {} },
      }),
    },
  );
  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  expect(answer.body.error.message).toContain(message);
});
