/**
 * MSAL Node, Microsoft's own client of the token endpoint, over https with the simulator's
 * certificate authority.
 */
import tls from "node:tls";
import { createHash, X509Certificate } from "node:crypto";
import { ConfidentialClientApplication, type Configuration } from "@azure/msal-node";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { makeCertificate } from "../support/certificates";
import { keyCredential } from "./support/assertions";
import { claimsOf, consent, Graph, makeApp, microsoft } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated();
const trustedBefore = tls.getCACertificates("default");

beforeAll(() => {
  tls.setDefaultCACertificates([...trustedBefore, context.simulator.caCertificatePem]);
});
afterAll(() => tls.setDefaultCACertificates(trustedBefore));

function client(auth: Omit<Configuration["auth"], "authority" | "knownAuthorities">) {
  const { loginTls } = context.simulator.endpoints;
  return new ConfidentialClientApplication({
    auth: {
      ...auth,
      authority: `${loginTls}/${context.tenant.tenantId}`,
      knownAuthorities: [new URL(loginTls).host],
    },
  });
}

it("gets a token with a secret", async () => {
  const { deployer } = context.tenant;
  const result = await client({
    clientId: deployer.clientId,
    clientSecret: deployer.issueSecret(),
  }).acquireTokenByClientCredential({
    scopes: [`${context.simulator.endpoints.graph}/.default`],
  });
  expect(claimsOf(result!.accessToken)).toMatchObject({ appid: deployer.clientId });
});

it("gets a token for Exchange Online with a certificate", async () => {
  const graph = await Graph.connect(context);
  const app = await makeApp(graph);
  await consent(graph, app.servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
  const certificate = makeCertificate({ commonName: "contoso.org" });
  await graph.must("PATCH", `/applications/${app.id}`, {
    keyCredentials: [keyCredential(certificate)],
  });
  const { raw } = new X509Certificate(certificate.certificatePem);

  const result = await client({
    clientId: app.appId,
    clientCertificate: {
      thumbprintSha256: createHash("sha256").update(raw).digest("hex"),
      privateKey: certificate.privateKeyPem,
    },
  }).acquireTokenByClientCredential({ scopes: ["https://outlook.office365.com/.default"] });

  expect(claimsOf(result!.accessToken)).toMatchObject({
    aud: "https://outlook.office365.com",
    appidacr: "2",
    roles: ["Exchange.ManageAsApp"],
  });
});

it("reports a refusal with the service's code", async () => {
  const attempt = client({
    clientId: context.tenant.deployer.clientId,
    clientSecret: "wrong",
  }).acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] });
  await expect(attempt).rejects.toMatchObject({
    errorCode: "invalid_client",
    errorMessage: expect.stringContaining("AADSTS7000215"),
  });
});

it("discovers the endpoints of a tenant at their https addresses", async () => {
  const { loginTls } = context.simulator.endpoints;
  const { tenantId } = context.tenant;
  const configuration = (await (
    await fetch(`${loginTls}/${tenantId}/v2.0/.well-known/openid-configuration`)
  ).json()) as Record<string, unknown>;
  expect(configuration).toMatchObject({
    token_endpoint: `${loginTls}/${tenantId}/oauth2/v2.0/token`,
    issuer: `${loginTls}/${tenantId}/v2.0`,
    jwks_uri: `${loginTls}/${tenantId}/discovery/v2.0/keys`,
  });
  const keys = (await (await fetch(String(configuration["jwks_uri"]))).json()) as {
    keys: Record<string, unknown>[];
  };
  expect(keys.keys).toHaveLength(1);
  expect(keys.keys[0]).not.toHaveProperty("d");
  const older = await fetch(`${loginTls}/${tenantId}/discovery/keys`);
  expect(await older.json()).toEqual(keys);

  const instance = await fetch(
    `${loginTls}/common/discovery/instance?api-version=1.1&authorization_endpoint=${loginTls}/${tenantId}/oauth2/v2.0/authorize`,
  );
  expect(await instance.json()).toMatchObject({
    tenant_discovery_endpoint: `${loginTls}/${tenantId}/v2.0/.well-known/openid-configuration`,
  });
});
