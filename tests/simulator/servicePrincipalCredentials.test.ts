/**
 * Credentials that a service principal has of its own, which the page of its application does not
 * show: the back door that an audit looks for.
 */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { makeCertificate } from "../support/certificates";
import { clientAssertion, jwtBearer, keyCredential } from "./support/assertions";
import { claimsOf, Graph, makeApp, microsoft, requestToken } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({ deployer: { permissions: ["Application.ReadWrite.All"] } });
let graph: Graph;
let app: Awaited<ReturnType<typeof makeApp>>;
let path: string;
beforeEach(async () => {
  graph = await Graph.connect(context);
  app = await makeApp(graph);
  path = `/servicePrincipals/${app.servicePrincipalId}`;
});

const signIn = (credential: Record<string, string>) =>
  requestToken(context, { client_id: app.appId, ...credential });

describe("a secret of a service principal", () => {
  it("signs its application in until it is removed, and is shown once", async () => {
    const { keyId, secretText, hint } = await graph.must("POST", `${path}/addPassword`, {
      passwordCredential: { displayName: "back door" },
    });
    const { body } = await signIn({ client_secret: secretText });
    expect(claimsOf(body.access_token)["appid"]).toBe(app.appId);
    const shown = await graph.must("GET", path);
    expect(shown.passwordCredentials).toMatchObject([
      { keyId, hint, displayName: "back door", secretText: null },
    ]);
    expect((await graph.must("GET", `/applications/${app.id}`)).passwordCredentials).toEqual([]);

    await graph.must("POST", `${path}/removePassword`, { keyId });
    expect((await signIn({ client_secret: secretText })).body.error_codes).toEqual([7000215]);
    expect((await graph.call("POST", `${path}/removePassword`, { keyId })).status).toBe(400);
  });
});

describe("a certificate of a service principal", () => {
  it("signs its application in and is shown with its material only when selected", async () => {
    const certificate = makeCertificate({ commonName: "hidden" });
    await graph.must("PATCH", path, { keyCredentials: [keyCredential(certificate)] });
    const audience = `${context.simulator.endpoints.login}/${context.tenant.tenantId}/v2.0`;
    const client_assertion = await clientAssertion(certificate, { clientId: app.appId, audience });
    const { status } = await signIn({ client_assertion, client_assertion_type: jwtBearer });
    expect(status).toBe(200);

    const selected = await graph.must("GET", `${path}?$select=keyCredentials`);
    expect(selected.keyCredentials[0].key).toEqual(expect.any(String));
    const [listed] = (await graph.must("GET", `/servicePrincipals?$filter=appId eq '${app.appId}'`))
      .value;
    expect(listed.keyCredentials).toMatchObject([{ displayName: "CN=hidden", key: null }]);
  });

  it("can be on Microsoft's own, as hybrid Exchange put it there", async () => {
    const own = `/servicePrincipals(appId='${microsoft.exchange}')`;
    const certificate = keyCredential(makeCertificate({ commonName: "hybrid" }));
    await graph.must("PATCH", own, { keyCredentials: [certificate] });
    expect((await graph.must("GET", own)).keyCredentials).toHaveLength(1);
    await graph.must("PATCH", own, { keyCredentials: [] });
    expect((await graph.must("GET", own)).keyCredentials).toEqual([]);
  });
});

it("credentials and ids cannot be written in other ways", async () => {
  for (const [method, target, body] of [
    ["PATCH", path, { passwordCredentials: [{ displayName: "x" }] }],
    ["PATCH", `/applications/${app.id}`, { passwordCredentials: null }],
    ["POST", "/applications", { displayName: "x", id: app.id }],
    ["POST", "/servicePrincipals", { appId: app.appId, keyCredentials: [] }],
  ] as const) {
    const answer = await graph.call(method, target, body);
    expect([target, answer.status >= 400]).toEqual([target, true]);
  }
});

it("credentials outlive a checkpoint", async () => {
  await graph.must("POST", `${path}/addPassword`);
  const putBack = context.tenant.checkpoint();
  context.tenant.reset();
  putBack();
  const [kept] = context.tenant
    .state()
    .servicePrincipals.filter((one) => one["appId"] === app.appId);
  expect(kept?.["passwordCredentials"]).toHaveLength(1);
});
