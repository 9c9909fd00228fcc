/**
 * What tools of Azure ask before and beside a token: metadata, discovery, the older token endpoint,
 * subscriptions.
 *
 * Does not prove that the Azure CLI itself signs in: the tests do not install it.
 */
import { request } from "node:https";
import { describe, expect, it } from "@jest/globals";
import { claimsOf, requestToken, send } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated();
const secret = () => context.tenant.deployer.issueSecret();
const login = () => context.simulator.endpoints.login;

/** Asks over https. */
async function overTls(path: string): Promise<unknown> {
  const { simulator } = context;
  return new Promise((resolve, reject) => {
    const url = simulator.endpoints.loginTls + path;
    request(url, { ca: simulator.caCertificatePem }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve(JSON.parse(text)));
    })
      .on("error", reject)
      .end();
  });
}

describe("the metadata of the cloud", () => {
  it("names nothing but https to who asks over https, also with a doubled slash", async () => {
    const { loginTls } = context.simulator.endpoints;
    for (const path of ["/metadata/endpoints", "//metadata/endpoints"]) {
      const metadata = await overTls(path);
      expect(metadata).toMatchObject({
        resourceManager: loginTls,
        microsoftGraphResourceId: loginTls,
        authentication: { loginEndpoint: loginTls },
      });
      expect(JSON.stringify(metadata)).not.toContain("http://");
    }
  });
});

describe("Azure Resource Manager", () => {
  it.each([
    "https://management.azure.com/.default",
    "https://management.core.windows.net/.default",
    "https://management.core.windows.net//.default",
  ])("is the resource of %s and has no subscription for an application", async (scope) => {
    const { body } = await requestToken(context, { client_secret: secret(), scope });
    for (const list of ["subscriptions", "tenants"]) {
      const answer = await send(`${login()}/${list}?api-version=2022-12-01`, {
        headers: { authorization: `Bearer ${body.access_token}` },
      });
      expect([answer.status, answer.body.value]).toEqual([200, []]);
    }
  });

  it("takes the simulator's own address as its name, as a registered cloud has it", async () => {
    const scope = `${context.simulator.endpoints.loginTls}/.default`;
    expect((await requestToken(context, { client_secret: secret(), scope })).status).toBe(200);
  });

  it("refuses to list anything without a token, and with one for Graph", async () => {
    expect((await send(`${login()}/subscriptions`)).body.error.code).toBe("AuthenticationFailed");
    const { body } = await requestToken(context, { client_secret: secret() });
    const answer = await send(`${login()}/subscriptions`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect([answer.status, answer.body.error.code]).toEqual([401, "InvalidAuthenticationToken"]);
  });
});

describe("scopes of OpenID Connect", () => {
  it("are ignored beside one resource, in any order", async () => {
    const graph = "https://graph.microsoft.com/.default";
    for (const scope of [
      `${graph} openid profile offline_access`,
      `openid offline_access profile email ${graph}`,
    ]) {
      const answer = await requestToken(context, { client_secret: secret(), scope });
      expect(claimsOf(answer.body.access_token)["aud"]).toBe("https://graph.microsoft.com");
    }
  });

  it("do not make up for a missing resource, and two resources stay one too many", async () => {
    const codes = async (scope: string) =>
      (await requestToken(context, { client_secret: secret(), scope })).body.error_codes;
    expect(await codes("openid profile")).toEqual([1002012]);
    expect(
      await codes(
        "https://graph.microsoft.com/.default https://outlook.office365.com/.default openid",
      ),
    ).toEqual([70011]);
  });
});

describe("the older token endpoint", () => {
  const ask = (form: Record<string, string>) =>
    send(`${login()}/${context.tenant.tenantId}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: context.tenant.deployer.clientId,
        client_secret: secret(),
        ...form,
      }),
    });

  it("takes a resource in place of a scope and answers numbers as texts", async () => {
    const { status, body } = await ask({ resource: "https://graph.microsoft.com/" });
    expect([status, body]).toEqual([
      200,
      {
        token_type: "Bearer",
        expires_in: "3599",
        ext_expires_in: "3599",
        expires_on: expect.stringMatching(/^\d{10}$/),
        not_before: expect.stringMatching(/^\d{10}$/),
        resource: "https://graph.microsoft.com/",
        access_token: expect.any(String),
      },
    ]);
    expect(claimsOf(body.access_token)).toMatchObject({
      aud: "https://graph.microsoft.com/",
      appid: context.tenant.deployer.clientId,
    });
  });

  it("refuses a resource that the tenant does not have, and none", async () => {
    expect((await ask({ resource: "https://nowhere.example" })).body.error_codes).toEqual([500011]);
    expect((await ask({})).body.error_codes).toEqual([900144]);
  });
});

describe("a token endpoint", () => {
  it.each(["oauth2/v2.0/token", "oauth2/token"])("%s refuses GET", async (path) => {
    const { status, body } = await send(`${login()}/${context.tenant.tenantId}/${path}`);
    expect([status, body.error, body.error_codes]).toEqual([400, "invalid_request", [900561]]);
    expect(body.error_description).toContain(
      "The endpoint only accepts POST requests. Received a GET request.",
    );
  });

  it("is found in any case, with or without a slash at the end", async () => {
    const path = `/${context.tenant.tenantId}/OAuth2/V2.0/Token/`;
    expect((await send(login() + path)).body.error_codes).toEqual([900561]);
  });

  it.each([
    ["an escape that is not valid", "a:%zz"],
    ["no secret at all", "only-a-name"],
    ["no client id", ":secret"],
  ])("refuses Basic credentials with %s", async (_, credentials) => {
    const answer = await send(`${login()}/${context.tenant.tenantId}/oauth2/v2.0/token`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        scope: "https://graph.microsoft.com/.default",
      }),
    });
    expect([answer.status, answer.body.error_codes]).toEqual([400, [9002313]]);
  });

  it("reads nothing that is not sent as a form", async () => {
    const answer = await send(`${login()}/${context.tenant.tenantId}/oauth2/v2.0/token`, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: "grant_type=client_credentials",
    });
    expect(answer.body.error_codes).toEqual([900144]);
  });
});

describe("discovery", () => {
  const document = (authority: string, version = "/v2.0") =>
    send(`${login()}/${authority}${version}/.well-known/openid-configuration`);

  it.each(["common", "organizations"])("answers for %s without a tenant", async (authority) => {
    expect((await document(authority)).body).toMatchObject({
      issuer: `${login()}/{tenantid}/v2.0`,
      token_endpoint: `${login()}/${authority}/oauth2/v2.0/token`,
    });
  });

  it("answers for the older endpoints with their issuer", async () => {
    const { tenantId } = context.tenant;
    expect((await document("contoso.onmicrosoft.com", "")).body).toMatchObject({
      issuer: `https://sts.windows.net/${tenantId}/`,
      token_endpoint: `${login()}/${tenantId}/oauth2/token`,
      jwks_uri: `${login()}/${tenantId}/discovery/keys`,
      msgraph_host: "graph.microsoft.com",
    });
    expect((await document("common", "")).body.issuer).toBe("https://sts.windows.net/{tenantid}/");
  });

  it.each(["", "/v2.0"])("says that a tenant is unknown (%s)", async (version) => {
    const { status, body } = await document("11111111-1111-4111-8111-111111111111", version);
    expect([status, body.error, body.error_codes]).toEqual([400, "invalid_tenant", [90002]]);
  });
});
