/**
 * Client assertions signed with a registered certificate, and everything that makes one refused.
 *
 * Does not prove which other audiences Entra tolerates.
 */
import { createHash, X509Certificate } from "node:crypto";
import { beforeAll, beforeEach, afterEach, describe, expect, it } from "@jest/globals";
import { AdjustableClock } from "../support/adjustableClock";
import { makeCertificate, type MadeCertificate } from "../support/certificates";
import { clientAssertion, type Form, jwtBearer, keyCredential } from "./support/assertions";
import { claimsOf, Graph, makeApp, requestToken } from "./support/clients";
import { simulated } from "./support/simulated";

const day = 86_400_000;
const clock = new AdjustableClock();
const context = simulated({ domains: ["contoso.org"] }, { clock });

let certificate: MadeCertificate;
let other: MadeCertificate;
let graph: Graph;
let app: { id: string; appId: string; servicePrincipalId: string };
let audience: string;

beforeAll(() => {
  certificate = makeCertificate({ commonName: "contoso.org" });
  other = makeCertificate({ commonName: "other" });
});

beforeEach(async () => {
  graph = await Graph.connect(context);
  app = await makeApp(graph);
  await graph.must("PATCH", `/applications/${app.id}`, {
    keyCredentials: [keyCredential(certificate)],
  });
  audience = `${context.simulator.endpoints.login}/${context.tenant.tenantId}/oauth2/v2.0/token`;
});

afterEach(() => clock.set(new Date()));

async function ask(
  wish: Partial<Parameters<typeof clientAssertion>[1]> = {},
  signer = certificate,
  parameters: Record<string, string> = {},
) {
  return requestToken(context, {
    client_id: app.appId,
    client_assertion_type: jwtBearer,
    client_assertion: await clientAssertion(signer, { clientId: app.appId, audience, ...wish }),
    ...parameters,
  });
}

function expectRefused(
  answer: Awaited<ReturnType<typeof ask>>,
  number: number,
  text: string | RegExp,
) {
  expect(answer.body).toMatchObject({ error: "invalid_client", error_codes: [number] });
  expect(answer.status).toBe(401);
  expect(answer.body.error_description).toMatch(text);
}

const thumbprint = (made: MadeCertificate) =>
  createHash("sha1")
    .update(new X509Certificate(made.certificatePem).raw)
    .digest("hex")
    .toUpperCase();

describe("a registered certificate", () => {
  it.each<[Form, string]>([
    ["x5t", "RS256"],
    ["x5t", "PS256"],
    ["x5t#S256", "PS256"],
    ["x5t#S256", "RS256"],
    ["kid", "RS256"],
  ])("named by %s and signing %s gets a token", async (form, algorithm) => {
    const answer = await ask({ form, algorithm });
    expect(answer.status).toBe(200);
    expect(claimsOf(answer.body.access_token)).toMatchObject({
      appid: app.appId,
      oid: app.servicePrincipalId,
      appidacr: "2",
    });
  });

  it("may be named by kid without padding, and in hexadecimal", async () => {
    const hex = thumbprint(certificate);
    const unpadded = Buffer.from(hex, "hex").toString("base64url");
    for (const kid of [hex, hex.toLowerCase(), unpadded]) {
      expect((await ask({ form: "kid", header: { kid } })).status).toBe(200);
    }
  });

  it("registered as DER works like one registered as PEM text", async () => {
    const { raw } = new X509Certificate(other.certificatePem);
    await graph.must("PATCH", `/applications/${app.id}`, {
      keyCredentials: [{ ...keyCredential(other), key: raw.toString("base64") }],
    });
    expect((await ask({}, other)).status).toBe(200);
    expectRefused(await ask(), 700027, /The key was not found/);
  });

  it("is accepted for every audience that names the tenant's endpoint", async () => {
    const { simulator, tenant } = context;
    const bases = [
      simulator.endpoints.login,
      simulator.endpoints.loginTls,
      simulator.endpoints.login.replace("127.0.0.1", "localhost"),
      "https://login.microsoftonline.com",
    ];
    for (const base of bases) {
      for (const name of [tenant.tenantId, "contoso.onmicrosoft.com", "contoso.org"]) {
        for (const path of ["/oauth2/v2.0/token", "/v2.0", "/oauth2/token", "/", ""]) {
          const answer = await ask({ audience: `${base}/${name}${path}` });
          expect([`${base}/${name}${path}`, answer.status]).toEqual([
            `${base}/${name}${path}`,
            200,
          ]);
        }
      }
    }
  });

  it("may send an assertion twice: Entra does not keep its jti", async () => {
    const assertion = await clientAssertion(certificate, { clientId: app.appId, audience });
    for (let use = 0; use < 2; use += 1) {
      const answer = await ask({}, certificate, { client_assertion: assertion });
      expect(answer.status).toBe(200);
    }
  });

  it("may leave client_id to the assertion", async () => {
    const answer = await requestToken(context, {
      client_id: undefined,
      client_assertion_type: jwtBearer,
      client_assertion: await clientAssertion(certificate, { clientId: app.appId, audience }),
    });
    expect(answer.status).toBe(200);
  });

  it("tolerates five minutes of clock skew", async () => {
    const now = Math.floor(Date.now() / 1000);
    expect((await ask({ notBefore: now + 280 })).status).toBe(200);
    expect((await ask({ notBefore: now - 600, expires: now - 280 })).status).toBe(200);
  });
});

describe("AADSTS700027", () => {
  it("for a certificate that is not registered", async () => {
    expectRefused(
      await ask({ form: "x5t" }, other),
      700027,
      `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '${thumbprint(other)}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${app.appId}'.`,
    );
  });

  it("for an assertion that names no certificate", async () => {
    const answer = await ask({ form: "x5t", header: { x5t: "" } });
    expectRefused(answer, 700027, /\[Reason - The key was not found\./);
  });

  it("for another key under the thumbprint of the registered certificate", async () => {
    const answer = await ask(
      {
        form: "x5t",
        header: { x5t: Buffer.from(thumbprint(certificate), "hex").toString("base64url") },
      },
      other,
    );
    expectRefused(
      answer,
      700027,
      /Client assertion failed signature validation\. \[Reason - The provided signature value did not match the expected signature value\., Thumbprint of key used by client: '[0-9A-F]{40}', Found key 'Start=/,
    );
  });

  it("for a certificate that is over", async () => {
    clock.advance(366 * day);
    const now = Math.floor(clock.now().getTime() / 1000);
    expectRefused(
      await ask({ notBefore: now, expires: now + 600 }),
      700027,
      /is expired on application\. \[Reason - The key used is expired\., Thumbprint of key used by client: '[0-9A-F]{64}', Found key 'Start=\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d, End=/,
    );
  });

  it("for a certificate that is not valid yet", async () => {
    const future = makeCertificate({
      commonName: "next",
      notBefore: new Date(Date.now() + 7 * day),
      notAfter: new Date(Date.now() + 100 * day),
    });
    await graph.must("PATCH", `/applications/${app.id}`, {
      keyCredentials: [keyCredential(future)],
    });
    expectRefused(await ask({}, future), 700027, /\[Reason - The key used is expired\./);

    clock.advance(8 * day);
    const now = Math.floor(clock.now().getTime() / 1000);
    expect((await ask({ notBefore: now, expires: now + 600 }, future)).status).toBe(200);
  });
});

describe("an assertion", () => {
  it.each([
    ["over", -7200, -3600],
    ["not valid yet", 3600, 7200],
  ])("that is %s is AADSTS700024", async (_, from, until) => {
    const now = Math.floor(Date.now() / 1000);
    const answer = await ask({ notBefore: now + from, expires: now + until });
    expectRefused(
      answer,
      700024,
      /Client assertion is not within its valid time range\. Current time: [-\dT:.]+0000Z, assertion valid from [-\dT:.]+Z, expiry time of assertion [-\dT:.]+Z\./,
    );
  });

  it("for another audience is AADSTS700023", async () => {
    for (const wrong of [
      "https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0",
      "https://login.microsoftonline.us/" + context.tenant.tenantId + "/v2.0",
      "https://example.com",
    ]) {
      expectRefused(
        await ask({ audience: wrong }),
        700023,
        /Client assertion audience claim does not match Realm issuer/,
      );
    }
  });

  it("for another application is AADSTS700021", async () => {
    const answer = await ask({ subject: "33333333-3333-4333-8333-333333333333" });
    expectRefused(answer, 700021, /application identifier doesn't match 'client_id' parameter/);
  });

  it("signed with a shared key is AADSTS5002738", async () => {
    const header = Buffer.from(JSON.stringify({ alg: "HS256", x5t: "x" })).toString("base64url");
    const claims = Buffer.from(
      JSON.stringify({ iss: app.appId, sub: app.appId, aud: audience }),
    ).toString("base64url");
    const answer = await ask({}, certificate, {
      client_assertion: `${header}.${claims}.c2lnbmF0dXJl`,
    });
    expectRefused(answer, 5002738, /'HS256' is not a supported signature algorithm/);
  });

  it("without its type is AADSTS90014", async () => {
    const answer = await ask({}, certificate, { client_assertion_type: "something" });
    expect([answer.status, answer.body.error_codes]).toEqual([400, [90014]]);
  });

  it("of an application of another tenant is AADSTS700016", async () => {
    const fabrikam = context.simulator.addTenant({
      initialDomain: `fabrikam${Date.now()}.onmicrosoft.com`,
      displayName: "Fabrikam",
    });
    const answer = await requestToken(
      context,
      {
        client_id: app.appId,
        client_assertion_type: jwtBearer,
        client_assertion: await clientAssertion(certificate, {
          clientId: app.appId,
          audience: `${context.simulator.endpoints.login}/${fabrikam.tenantId}/oauth2/v2.0/token`,
        }),
      },
      fabrikam.tenantId,
    );
    expect([answer.status, answer.body.error, answer.body.error_codes]).toEqual([
      400,
      "unauthorized_client",
      [700016],
    ]);
  });
});

describe("a multitenant application", () => {
  it("signs in where it has a service principal, with the certificate of its home", async () => {
    await graph.must("PATCH", `/applications/${app.id}`, {
      signInAudience: "AzureADMultipleOrgs",
    });
    const customer = context.simulator.addTenant({
      initialDomain: `customer${Date.now()}.onmicrosoft.com`,
      deployer: { permissions: ["Application.ReadWrite.All"] },
    });
    const there = { simulator: context.simulator, tenant: customer };
    const request = async () =>
      requestToken(there, {
        client_id: app.appId,
        client_assertion_type: jwtBearer,
        client_assertion: await clientAssertion(certificate, {
          clientId: app.appId,
          audience: `${context.simulator.endpoints.login}/${customer.tenantId}/oauth2/v2.0/token`,
        }),
      });
    expect((await request()).body.error_codes).toEqual([700016]);

    const created = await (
      await Graph.connect(there)
    ).must("POST", "/servicePrincipals", { appId: app.appId });

    expect(created).toMatchObject({
      appOwnerOrganizationId: context.tenant.tenantId,
      displayName: "App",
    });
    expect(claimsOf((await request()).body.access_token)).toMatchObject({
      tid: customer.tenantId,
      oid: created.id,
    });
  });
});
