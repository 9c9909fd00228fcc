/** The app management policy that holds for an application: its own, else the tenant's. */
import { beforeEach, expect, it } from "@jest/globals";
import { makeCertificate } from "../support/certificates";
import { keyCredential } from "./support/assertions";
import { Graph, makeApp } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated();
let graph: Graph;
let app: { id: string };

const limitedTo = (maxLifetime: string) => ({
  passwordCredentials: [],
  keyCredentials: [{ restrictionType: "asymmetricKeyLifetime", maxLifetime }],
});

beforeEach(async () => {
  context.tenant.deployer.grant("Policy.Read.All");
  graph = await Graph.connect(context);
  app = await makeApp(graph);
});

const path = () => `/applications/${app.id}/appManagementPolicies`;

const addYear = () =>
  graph.call("PATCH", `/applications/${app.id}`, {
    keyCredentials: [keyCredential(makeCertificate({ commonName: "contoso.org" }))],
  });

it("is listed with the application it is assigned to", async () => {
  expect((await graph.must("GET", path())).value).toEqual([]);
  context.tenant.assignAppManagementPolicy(app.id, {
    id: "11111111-1111-4111-8111-111111111111",
    displayName: "Automation",
    isEnabled: true,
    restrictions: limitedTo("P90D"),
  });
  expect((await graph.must("GET", path())).value).toMatchObject([
    {
      displayName: "Automation",
      isEnabled: true,
      restrictions: { keyCredentials: [{ maxLifetime: "P90D", state: "enabled" }] },
    },
  ]);
});

it("is enforced in place of the tenant's", async () => {
  context.tenant.setAppManagementPolicy({
    isEnabled: true,
    applicationRestrictions: limitedTo("P90D"),
  });
  expect((await addYear()).status).toBe(400);
  const policy = { id: "11111111-1111-4111-8111-111111111111", displayName: "Automation" };
  const restrictions = limitedTo("P400D");
  context.tenant.assignAppManagementPolicy(app.id, { ...policy, isEnabled: true, restrictions });
  expect((await addYear()).status).toBe(204);
});

it("needs Policy.Read.All to be read", async () => {
  context.tenant.deployer.revoke("Policy.Read.All");
  const { status, body } = await (await Graph.connect(context)).call("GET", path());
  expect([status, body.error.code]).toEqual([403, "Authorization_RequestDenied"]);
});
