/**
 * The token endpoint for clients with a secret and for every refusal before the credential.
 *
 * Does not prove that Entra words its errors so today: the texts follow public reports.
 */
import { afterEach, describe, expect, it } from "@jest/globals";
import { AdjustableClock } from "../support/adjustableClock";
import {
  claimsOf,
  consent,
  Graph,
  giveRole,
  makeApp,
  microsoft,
  requestToken,
} from "./support/clients";
import { simulated } from "./support/simulated";

const clock = new AdjustableClock();
const context = simulated({ domains: ["contoso.org"] }, { clock });

afterEach(() => clock.set(new Date()));

function expectError(
  answer: { status: number; body: Record<string, unknown> },
  status: number,
  error: string,
  number: number,
  text: string,
) {
  expect({ status: answer.status, error: answer.body["error"] }).toEqual({ status, error });
  expect(answer.body["error_codes"]).toEqual([number]);
  expect(answer.body["error_description"]).toContain(`AADSTS${number}: ${text}`);
}

describe("a client secret", () => {
  it("gets a token with the claims of an app-only v1.0 token", async () => {
    const { simulator, tenant } = context;
    const before = Math.floor(clock.now().getTime() / 1000);

    const answer = await requestToken(context, { client_secret: tenant.deployer.issueSecret() });

    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store, no-cache");
    expect(answer.body).toEqual({
      token_type: "Bearer",
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: expect.any(String),
    });
    const claims = claimsOf(answer.body.access_token);
    expect(claims).toMatchObject({
      aud: simulator.endpoints.graph,
      iss: `https://sts.windows.net/${tenant.tenantId}/`,
      oid: tenant.deployer.servicePrincipalObjectId,
      sub: tenant.deployer.servicePrincipalObjectId,
      tid: tenant.tenantId,
      appid: tenant.deployer.clientId,
      appidacr: "1",
      idtyp: "app",
      ver: "1.0",
      roles: [
        "Application.ReadWrite.OwnedBy",
        "Application.Read.All",
        "AppRoleAssignment.ReadWrite.All",
        "RoleManagement.ReadWrite.Directory",
        "Domain.Read.All",
      ],
      wids: ["0997a1d0-0d1d-4acb-b408-d5ca73121e90"],
    });
    expect(claims["iat"]).toBeGreaterThanOrEqual(before);
    expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(3599);
  });

  it.each(["contoso.onmicrosoft.com", "contoso.org", "CONTOSO.ORG"])(
    "is taken under the authority %s",
    async (authority) => {
      const secret = context.tenant.deployer.issueSecret();
      const answer = await requestToken(context, { client_secret: secret }, authority);
      expect(answer.status).toBe(200);
    },
  );

  it("is taken from the Authorization header too", async () => {
    const { simulator, tenant } = context;
    const basic = Buffer.from(
      `${tenant.deployer.clientId}:${encodeURIComponent(tenant.deployer.issueSecret())}`,
    ).toString("base64");
    const response = await fetch(
      `${simulator.endpoints.login}/${tenant.tenantId}/oauth2/v2.0/token`,
      {
        method: "POST",
        headers: { authorization: `Basic ${basic}` },
        body: new URLSearchParams({
          grant_type: "client_credentials",
          scope: "https://graph.microsoft.com/.default",
        }),
      },
    );
    expect(response.status).toBe(200);
  });

  it("that is wrong is AADSTS7000215", async () => {
    const answer = await requestToken(context, { client_secret: "wrong" });
    expectError(answer, 401, "invalid_client", 7000215, "Invalid client secret provided. ");
  });

  it("made by addPassword works until it ends, then is AADSTS7000222", async () => {
    const graph = await Graph.connect(context);
    const { id, appId } = await makeApp(graph);
    const { secretText } = await graph.must("POST", `/applications/${id}/addPassword`, {
      passwordCredential: {
        endDateTime: new Date(clock.now().getTime() + 86_400_000).toISOString(),
      },
    });
    const wish = { client_id: appId, client_secret: secretText };
    expect((await requestToken(context, wish)).status).toBe(200);

    clock.advance(2 * 86_400_000);

    expectError(
      await requestToken(context, wish),
      401,
      "invalid_client",
      7000222,
      `The provided client secret keys for app '${appId}' are expired.`,
    );
  });
});

describe("roles and wids", () => {
  it("are what was granted when the token was issued", async () => {
    const graph = await Graph.connect(context);
    const { id, appId, servicePrincipalId } = await makeApp(graph);
    const { secretText } = await graph.must("POST", `/applications/${id}/addPassword`);
    const token = async (scope = "https://outlook.office365.com/.default") => {
      const answer = await requestToken(context, {
        client_id: appId,
        client_secret: secretText,
        scope,
      });
      return claimsOf(answer.body.access_token);
    };

    expect(await token()).not.toHaveProperty("roles");

    await consent(graph, servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
    await giveRole(graph, servicePrincipalId, "29232cdf-9323-42fd-ade2-1d097af3e4de");

    expect(await token()).toMatchObject({
      aud: "https://outlook.office365.com",
      roles: ["Exchange.ManageAsApp"],
      wids: ["29232cdf-9323-42fd-ade2-1d097af3e4de", "0997a1d0-0d1d-4acb-b408-d5ca73121e90"],
    });
    const compliance = await token("https://ps.compliance.protection.outlook.com/.default");
    expect(compliance).not.toHaveProperty("roles");
  });

  it("keep the audience as the scope writes it, slash and all", async () => {
    const answer = await requestToken(context, {
      client_secret: context.tenant.deployer.issueSecret(),
      scope: "https://outlook.office365.com//.default",
    });
    expect(claimsOf(answer.body.access_token)["aud"]).toBe("https://outlook.office365.com/");
  });
});

describe("a refusal", () => {
  it("carries the ids of the request", async () => {
    const { simulator, tenant } = context;
    const response = await fetch(
      `${simulator.endpoints.login}/${tenant.tenantId}/oauth2/v2.0/token`,
      {
        method: "POST",
        headers: { "client-request-id": "4f7a5a3c-0000-4000-8000-000000000001" },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
      },
    );
    const body = (await response.json()) as Record<string, string>;
    expect(body["correlation_id"]).toBe("4f7a5a3c-0000-4000-8000-000000000001");
    expect(body["trace_id"]).toBe(response.headers.get("request-id"));
    expect(body["timestamp"]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/);
    expect(body["error_description"]).toBe(
      `AADSTS900144: The request body must contain the following parameter: 'client_id'. Trace ID: ${body["trace_id"]} Correlation ID: ${body["correlation_id"]} Timestamp: ${body["timestamp"]}`,
    );
  });

  it.each([
    [
      "an unknown tenant id",
      "11111111-1111-4111-8111-111111111111",
      90002,
      "Tenant '11111111-1111-4111-8111-111111111111' not found.",
    ],
    [
      "an unknown domain",
      "fabrikam.onmicrosoft.com",
      90002,
      "Tenant 'fabrikam.onmicrosoft.com' not found.",
    ],
    ["any tenant at all", "organizations", 50059, "No tenant-identifying information found"],
    [
      "what is not a tenant",
      "nonsense",
      900023,
      "Specified tenant identifier 'nonsense' is neither a valid DNS name",
    ],
  ])("of %s", async (_, authority, number, text) => {
    const answer = await requestToken(context, {}, authority);
    expectError(answer, 400, "invalid_request", number, text);
  });

  it.each([
    [
      "another grant",
      { grant_type: "password" },
      400,
      "unsupported_grant_type",
      70003,
      "The app requested an unsupported grant type 'password'.",
    ],
    [
      "no grant",
      { grant_type: undefined },
      400,
      "invalid_request",
      900144,
      "The request body must contain the following parameter: 'grant_type'.",
    ],
    [
      "no credential",
      {},
      401,
      "invalid_client",
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ],
    [
      "an unknown application",
      { client_id: "22222222-2222-4222-8222-222222222222" },
      400,
      "unauthorized_client",
      700016,
      "Application with identifier '22222222-2222-4222-8222-222222222222' was not found in the directory 'Contoso'.",
    ],
    [
      "no assertion",
      { client_assertion: "not-a-jwt" },
      400,
      "invalid_request",
      50027,
      "JWT token is invalid or malformed.",
    ],
  ])("of %s", async (_, parameters, status, error, number, text) => {
    expectError(await requestToken(context, parameters), status, error, number, text);
  });

  it.each([
    [
      "a delegated scope",
      "https://graph.microsoft.com/User.Read",
      "invalid_scope",
      1002012,
      "The provided value for scope https://graph.microsoft.com/User.Read is not valid.",
    ],
    [
      "two scopes",
      "https://graph.microsoft.com/.default https://outlook.office365.com/.default",
      "invalid_scope",
      70011,
      "The provided request must include a 'scope' input parameter.",
    ],
    [
      "an unknown resource",
      "https://example.com/.default",
      "invalid_resource",
      500011,
      "The resource principal named https://example.com was not found in the tenant named Contoso.",
    ],
    [
      "another cloud's resource",
      "https://outlook.office365.us/.default",
      "invalid_resource",
      500011,
      "The resource principal named https://outlook.office365.us was not found",
    ],
  ])("of %s", async (_, scope, error, number, text) => {
    const client_secret = context.tenant.deployer.issueSecret();
    expectError(await requestToken(context, { scope, client_secret }), 400, error, number, text);
  });

  it("of a missing scope", async () => {
    const client_secret = context.tenant.deployer.issueSecret();
    const answer = await requestToken(context, { scope: undefined, client_secret });
    expectError(
      answer,
      400,
      "invalid_request",
      900144,
      "The request body must contain the following parameter: 'scope'.",
    );
  });

  it("of an application without a service principal", async () => {
    const graph = await Graph.connect(context);
    const { id, appId } = await graph.must("POST", "/applications", { displayName: "Bare" });
    const { secretText } = await graph.must("POST", `/applications/${id}/addPassword`);
    const answer = await requestToken(context, { client_id: appId, client_secret: secretText });
    expectError(
      answer,
      400,
      "unauthorized_client",
      7000229,
      `The client application ${appId} is missing service principal in the tenant ${context.tenant.tenantId}.`,
    );
  });

  it("of a disabled application", async () => {
    const graph = await Graph.connect(context);
    const { id, appId, servicePrincipalId } = await makeApp(graph);
    const { secretText } = await graph.must("POST", `/applications/${id}/addPassword`);
    await graph.must("PATCH", `/servicePrincipals/${servicePrincipalId}`, {
      accountEnabled: false,
    });
    const answer = await requestToken(context, { client_id: appId, client_secret: secretText });
    expectError(
      answer,
      400,
      "unauthorized_client",
      7000112,
      `Application '${appId}'(App) is disabled.`,
    );
  });

  it("of a resource that requires an assignment, until there is one", async () => {
    context.tenant.deployer.grant("Application.ReadWrite.All");
    const graph = await Graph.connect(context);
    const { id, appId, servicePrincipalId } = await makeApp(graph);
    const { secretText } = await graph.must("POST", `/applications/${id}/addPassword`);
    await graph.must("PATCH", `/servicePrincipals(appId='${microsoft.exchange}')`, {
      appRoleAssignmentRequired: true,
    });
    const wish = {
      client_id: appId,
      client_secret: secretText,
      scope: "https://outlook.office365.com/.default",
    };
    expectError(
      await requestToken(context, wish),
      400,
      "invalid_grant",
      501051,
      `Application '${appId}'(App) is not assigned to a role for the application 'https://outlook.office365.com'(Office 365 Exchange Online).`,
    );

    await consent(graph, servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);

    expect((await requestToken(context, wish)).status).toBe(200);
  });

  it("of a resource that is disabled", async () => {
    context.tenant.deployer.grant("Application.ReadWrite.All");
    const graph = await Graph.connect(context);
    await graph.must("PATCH", `/servicePrincipals(appId='${microsoft.exchange}')`, {
      accountEnabled: false,
    });
    const answer = await requestToken(context, {
      client_secret: context.tenant.deployer.issueSecret(),
      scope: "https://outlook.office365.com/.default",
    });
    expectError(
      answer,
      400,
      "invalid_resource",
      500014,
      "The service principal for resource 'https://outlook.office365.com' is disabled.",
    );
  });

  it("by Conditional Access, until it is lifted", async () => {
    const client_secret = context.tenant.deployer.issueSecret();
    const lift = context.tenant.blockByConditionalAccess(context.tenant.deployer.clientId);
    const answer = await requestToken(context, { client_secret });
    expectError(
      answer,
      400,
      "invalid_grant",
      53003,
      "Access has been blocked by Conditional Access policies.",
    );
    lift();
    expect((await requestToken(context, { client_secret })).status).toBe(200);
  });
});
