/** Microsoft's Graph JavaScript client, whose retries and paging are not ours. */
import tls from "node:tls";
import { Client, type GraphError, PageIterator } from "@microsoft/microsoft-graph-client";
import { afterAll, beforeAll, beforeEach, expect, it } from "@jest/globals";
import { deployerToken, microsoft } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated();
// The client sends its token to https addresses only.
const trustedBefore = tls.getCACertificates("default");
let client: Client;

beforeAll(() => {
  tls.setDefaultCACertificates([...trustedBefore, context.simulator.caCertificatePem]);
});
afterAll(() => tls.setDefaultCACertificates(trustedBefore));

beforeEach(async () => {
  const token = await deployerToken(context);
  const { graphTls } = context.simulator.endpoints;
  client = Client.init({
    baseUrl: graphTls,
    defaultVersion: "v1.0",
    customHosts: new Set([new URL(graphTls).hostname]),
    authProvider: (done) => done(null, token),
  });
});

it("makes the whole access, reads it back and deletes it", async () => {
  const application = await client.api("/applications").post({ displayName: "ExO PowerShell CBA" });
  const principal = await client.api("/servicePrincipals").post({ appId: application.appId });
  const { value } = await client
    .api("/servicePrincipals")
    .filter(`appId eq '${microsoft.exchange}'`)
    .select("id,appRoles")
    .get();
  const [exchange] = value;
  expect(Object.keys(exchange).sort()).toEqual(["appRoles", "id"]);
  const role = exchange.appRoles.find(
    (one: { value: string }) => one.value === "Exchange.ManageAsApp",
  );
  const assignment = await client.api(`/servicePrincipals/${exchange.id}/appRoleAssignedTo`).post({
    principalId: principal.id,
    resourceId: exchange.id,
    appRoleId: role.id,
  });
  const directoryRole = await client.api("/roleManagement/directory/roleAssignments").post({
    principalId: principal.id,
    roleDefinitionId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
    directoryScopeId: "/",
  });

  expect(
    await client.api(`/servicePrincipals/${exchange.id}/appRoleAssignedTo/${assignment.id}`).get(),
  ).toMatchObject({ principalId: principal.id });
  expect(
    await client.api(`/roleManagement/directory/roleAssignments/${directoryRole.id}`).get(),
  ).toMatchObject({ principalId: principal.id });

  await client.api(`/applications/${application.id}`).delete();
  await expect(client.api(`/servicePrincipals/${principal.id}`).get()).rejects.toMatchObject({
    statusCode: 404,
  });
});

it("the client understands the errors", async () => {
  const problem = (await client
    .api("/applications/11111111-1111-4111-8111-111111111111")
    .get()
    .catch((error: unknown) => error)) as GraphError;
  expect(problem).toMatchObject({
    statusCode: 404,
    code: "Request_ResourceNotFound",
    message: expect.stringContaining(
      "does not exist or one of its queried reference-property objects",
    ),
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

it("retries what is throttled, as the answer tells it", async () => {
  context.tenant.faults.add({ kind: "throttle", times: 2 });
  const application = await client.api("/applications").post({ displayName: "Patient" });
  expect(application.displayName).toBe("Patient");
  expect(context.simulator.journal.entries({ status: 429 })).toHaveLength(2);
});

it("the client follows the links to further pages", async () => {
  for (let count = 0; count < 5; count += 1) {
    await client.api("/applications").post({ displayName: `App ${count}` });
  }
  const names: string[] = [];
  const iterator = new PageIterator(
    client,
    await client.api("/applications").top(2).get(),
    (one: { displayName: string }) => {
      names.push(one.displayName);
      return true;
    },
  );
  await iterator.iterate();
  expect(names).toEqual(["Deployer", "App 0", "App 1", "App 2", "App 3", "App 4"]);
});
