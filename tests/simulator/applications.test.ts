/**
 * App registrations: what is answered is what was sent, completed as Graph completes it.
 *
 * Does not prove that Graph knows no further property; unknown ones are refused, not ignored.
 */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { deployerToken, Graph, makeApp, microsoft } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({
  domains: ["contoso.org"],
  users: [{ userPrincipalName: "admin@contoso.org", displayName: "Admin" }],
});
let graph: Graph;

beforeEach(async () => {
  graph = await Graph.connect(context);
});

const bind = (id: string) => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`;

describe("creating", () => {
  it("answers the whole object with defaults", async () => {
    const { simulator, tenant } = context;
    const answer = await graph.call("POST", "/applications", {
      "@odata.type": "#microsoft.graph.application",
      displayName: "ExO PowerShell CBA",
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    const guid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(answer.body).toEqual({
      "@odata.context": `${simulator.endpoints.graph}/v1.0/$metadata#applications/$entity`,
      id: guid,
      appId: guid,
      deletedDateTime: null,
      applicationTemplateId: null,
      disabledByMicrosoftStatus: null,
      createdByAppId: tenant.deployer.clientId,
      createdDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      certification: null,
      publisherDomain: "contoso.onmicrosoft.com",
      verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
      displayName: "ExO PowerShell CBA",
      description: null,
      groupMembershipClaims: null,
      identifierUris: [],
      isDeviceOnlyAuthSupported: null,
      isFallbackPublicClient: null,
      nativeAuthenticationApisEnabled: null,
      notes: null,
      serviceManagementReference: null,
      signInAudience: "AzureADMyOrg",
      tags: [],
      tokenEncryptionKeyId: null,
      uniqueName: null,
      samlMetadataUrl: null,
      defaultRedirectUri: null,
      optionalClaims: null,
      servicePrincipalLockConfiguration: null,
      requestSignatureVerification: null,
      addIns: [],
      api: {
        acceptMappedClaims: null,
        knownClientApplications: [],
        requestedAccessTokenVersion: null,
        oauth2PermissionScopes: [],
        preAuthorizedApplications: [],
      },
      appRoles: [],
      info: {
        logoUrl: null,
        marketingUrl: null,
        privacyStatementUrl: null,
        supportUrl: null,
        termsOfServiceUrl: null,
      },
      parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
      publicClient: { redirectUris: [] },
      requiredResourceAccess: [],
      web: {
        homePageUrl: null,
        logoutUrl: null,
        redirectUris: [],
        implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
        redirectUriSettings: [],
      },
      spa: { redirectUris: [] },
      keyCredentials: [],
      passwordCredentials: [],
    });
  });

  it("echoes what was sent, order and case included", async () => {
    const sent = {
      displayName: "Echo",
      signInAudience: "AzureADMyOrg",
      notes: "two\nlines",
      tags: ["b", "a"],
      api: { requestedAccessTokenVersion: 1, acceptMappedClaims: false },
      requiredResourceAccess: [
        {
          resourceAppId: microsoft.protection,
          resourceAccess: [{ id: microsoft.manageAsAppOnProtection, type: "Role" }],
        },
        {
          resourceAppId: microsoft.exchange,
          resourceAccess: [{ id: microsoft.manageAsApp, type: "Role" }],
        },
      ],
      web: {
        redirectUris: ["https://contoso.org/b", "http://localhost/a", "urn:ietf:wg:oauth:2.0:oob"],
      },
    };
    const { id } = await graph.must("POST", "/applications", sent);
    expect(await graph.must("GET", `/applications/${id}`)).toMatchObject(sent);
  });

  it("binds owners of any host, and makes nobody an owner twice", async () => {
    const { servicePrincipalObjectId } = context.tenant.deployer;
    const user = context.tenant.state().owners;
    expect(Object.values(user.applications).flat()).toEqual([]);
    const { id } = await graph.must("POST", "/applications", {
      displayName: "Owned",
      "owners@odata.bind": [
        bind(servicePrincipalObjectId),
        `http://127.0.0.1:9/v1.0/directoryObjects/${servicePrincipalObjectId}/`,
      ],
    });
    expect(context.tenant.state().owners.applications[id]).toEqual([servicePrincipalObjectId]);
  });

  it("makes a caller with OwnedBy the owner when it binds none", async () => {
    const { id } = await graph.must("POST", "/applications", { displayName: "Mine" });
    expect(context.tenant.state().owners.applications[id]).toEqual([
      context.tenant.deployer.servicePrincipalObjectId,
    ]);
  });

  it("takes no mapped claims from a caller with OwnedBy, who can have them by an update", async () => {
    const api = { acceptMappedClaims: true };
    expect((await graph.call("POST", "/applications", { displayName: "Mine", api })).status).toBe(
      403,
    );
    const { id } = await graph.must("POST", "/applications", { displayName: "Mine" });
    await graph.must("PATCH", `/applications/${id}`, { api });
  });

  it("makes nobody the owner for a caller who may write all", async () => {
    context.tenant.deployer.grant("Application.ReadWrite.All");
    const all = await Graph.connect(context);
    const { id } = await all.must("POST", "/applications", { displayName: "Nobody's" });
    expect(context.tenant.state().owners.applications[id]).toEqual([]);
  });

  it.each([
    ["no name", {}, "A value is required for property 'displayName' of resource 'Application'."],
    ["an empty name", { displayName: "" }, "A value is required for property 'displayName'"],
    [
      "a long name",
      { displayName: "x".repeat(257) },
      "Invalid value specified for property 'displayName'",
    ],
    ["an unknown property", { displayName: "x", colour: "red" }, "Invalid property 'colour'."],
    [
      "a read-only property",
      { displayName: "x", appId: microsoft.graph },
      "Property 'appId' is read-only",
    ],
    [
      "an unknown audience",
      { displayName: "x", signInAudience: "Everyone" },
      "Invalid value specified for property 'signInAudience'",
    ],
    [
      "a list that is not a list",
      { displayName: "x", tags: "a" },
      "Invalid value specified for property 'tags'",
    ],
    [
      "a malformed permission",
      { displayName: "x", requiredResourceAccess: [{ resourceAppId: "x", resourceAccess: [] }] },
      "Invalid value specified for property 'requiredResourceAccess'",
    ],
    [
      "a permission of no type",
      {
        displayName: "x",
        requiredResourceAccess: [
          {
            resourceAppId: microsoft.exchange,
            resourceAccess: [{ id: microsoft.manageAsApp, type: "role" }],
          },
        ],
      },
      "Invalid value specified for property 'requiredResourceAccess'",
    ],
    [
      "a resource twice",
      {
        displayName: "x",
        requiredResourceAccess: [microsoft.exchange, microsoft.exchange].map((resourceAppId) => ({
          resourceAppId,
          resourceAccess: [],
        })),
      },
      "Invalid value specified for property 'requiredResourceAccess'",
    ],
    [
      "a redirect without https",
      { displayName: "x", web: { redirectUris: ["http://contoso.org"] } },
      "Invalid value specified for property 'redirectUris'",
    ],
    [
      "a foreign identifier URI",
      { displayName: "x", identifierUris: ["https://fabrikam.com/x"] },
      "must use a verified domain of the organization",
    ],
  ])("refuses %s", async (_, body, message) => {
    const answer = await graph.call("POST", "/applications", body);
    expect([answer.status, answer.body.error.code]).toEqual([400, "Request_BadRequest"]);
    expect(answer.body.error.message).toContain(message);
    expect(answer.body.error.innerError).toEqual({
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      "request-id": answer.headers.get("request-id"),
      "client-request-id": answer.headers.get("client-request-id"),
    });
  });

  it("refuses an owner that does not exist", async () => {
    const id = "44444444-4444-4444-8444-444444444444";
    const answer = await graph.call("POST", "/applications", {
      displayName: "x",
      "owners@odata.bind": [bind(id)],
    });
    expect([answer.status, answer.body.error.code, answer.body.error.message]).toEqual([
      404,
      "Request_ResourceNotFound",
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ]);
  });

  it("refuses what is not JSON", async () => {
    const { simulator } = context;
    const token = await deployerToken(context);
    const response = await fetch(`${simulator.endpoints.graph}/v1.0/applications`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: "{",
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "BadRequest" } });
  });

  it("refuses an identifier URI that another application has", async () => {
    const identifierUris = ["https://contoso.org/api"];
    await graph.must("POST", "/applications", { displayName: "First", identifierUris });
    const answer = await graph.call("POST", "/applications", {
      displayName: "Second",
      identifierUris,
    });
    expect(answer.body.error.message).toBe(
      "Another object with the same value for property identifierUris already exists.",
    );
  });
});

it("an application is made from the template for those that are in no gallery", async () => {
  const [template] = (await graph.must("GET", "/applicationTemplates")).value;
  const path = `/applicationTemplates/${template.id}/instantiate`;
  const made = await graph.must("POST", path, { displayName: "Portal" });
  const { application, servicePrincipal } = made;
  expect(application).toMatchObject({ displayName: "Portal", applicationTemplateId: template.id });
  expect(servicePrincipal).toMatchObject({ appId: application.appId, displayName: "Portal" });
  expect(servicePrincipal.appRoles).toHaveLength(2);
  const { owners } = context.tenant.state();
  expect([
    owners.applications[application.id],
    owners.servicePrincipals[servicePrincipal.id],
  ]).toEqual([[], []]);
  const filter = `$filter=applicationTemplateId eq '${template.id}'`;
  expect((await graph.must("GET", `/servicePrincipals?${filter}`)).value).toHaveLength(1);
  const other = path.replace(template.id, application.id);
  expect((await graph.call("POST", other, { displayName: "X" })).status).toBe(404);
});

describe("reading", () => {
  it("finds an application by object id, by application id, and in both versions", async () => {
    const { id, appId } = await makeApp(graph);
    for (const path of [
      `/applications/${id}`,
      `/applications/${id.toUpperCase()}`,
      `/applications(appId='${appId}')`,
      `/beta/applications/${id}`,
      `/Applications/${id}`,
      `/applications(appId=%27${appId}%27)`,
    ]) {
      expect(await graph.must("GET", path)).toMatchObject({ id, appId });
    }
  });

  it("selects properties, also those that only come when selected", async () => {
    const { id } = await makeApp(graph);
    const answer = await graph.must(
      "GET",
      `/beta/applications/${id}?$select=oauth2RequirePostResponse`,
    );
    expect(answer).toEqual({
      "@odata.context": `${context.simulator.endpoints.graph}/beta/$metadata#applications(oauth2RequirePostResponse)/$entity`,
      oauth2RequirePostResponse: false,
    });
    const unknown = await graph.call("GET", `/applications/${id}?$select=colour`);
    expect([unknown.status, unknown.body.error.message]).toEqual([
      400,
      "Could not find a property named 'colour' on type 'microsoft.graph.application'.",
    ]);
  });

  it("filters by what Graph filters by, form encoding and quotes included", async () => {
    const { id, appId } = await makeApp(graph, { displayName: "O'Hara & Co" });
    await makeApp(graph, { displayName: "Other" });
    const ids = async (filter: string) =>
      (await graph.must("GET", `/applications?%24filter=${filter}`)).value.map(
        (one: { id: string }) => one.id,
      );
    expect(await ids("displayName+eq+%27O%27%27Hara+%26+Co%27")).toEqual([id]);
    expect(await ids(`appId%20eq%20'${appId}'`)).toEqual([id]);
    expect(await ids(`id eq '${id}'`)).toEqual([id]);
    expect(await ids("displayName eq 'none'")).toEqual([]);
  });

  it.each([
    ["more than 1,024 characters of notes", { notes: "n".repeat(1025) }],
    ["a name with a NUL", { displayName: "a\0b" }],
    ["half a character", { displayName: "a\ud800" }],
  ])("refuses %s", async (_, properties) => {
    const answer = await graph.call("POST", "/applications", { displayName: "x", ...properties });
    expect([answer.status, answer.body.error.code]).toEqual([400, "Request_BadRequest"]);
  });

  it("answers lists in pages with absolute links", async () => {
    for (let count = 0; count < 5; count += 1) {
      await graph.must("POST", "/applications", { displayName: `App ${count}` });
    }
    const names: string[] = [];
    let path = "/applications?$top=2";
    while (path !== "") {
      const page = await graph.must("GET", path);
      expect(page.value.length).toBeLessThanOrEqual(2);
      names.push(...page.value.map((one: { displayName: string }) => one.displayName));
      const next = page["@odata.nextLink"] as string | undefined;
      const prefix = `${context.simulator.endpoints.graph}/v1.0`;
      expect(next?.startsWith(prefix) ?? true).toBe(true);
      path = next?.slice(prefix.length) ?? "";
    }
    expect(names).toEqual(["Deployer", "App 0", "App 1", "App 2", "App 3", "App 4"]);
    expect((await graph.call("GET", "/applications?$top=1000")).status).toBe(400);
  });

  it("answers 404 in Graph's words", async () => {
    const id = "55555555-5555-4555-8555-555555555555";
    for (const [method, body] of [["GET"], ["PATCH", {}], ["DELETE"]] as const) {
      const answer = await graph.call(method, `/applications/${id}`, body);
      expect([answer.status, answer.body.error.code, answer.body.error.message]).toEqual([
        404,
        "Request_ResourceNotFound",
        `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
      ]);
    }
  });
});

describe("updating", () => {
  it("merges complex properties, replaces lists, and puts defaults back for null", async () => {
    const { id } = await makeApp(graph, {
      notes: "note",
      tags: ["a"],
      api: { requestedAccessTokenVersion: 2 },
      web: { homePageUrl: "https://contoso.org", redirectUris: ["https://contoso.org/a"] },
    });
    const answer = await graph.call("PATCH", `/applications/${id}`, {
      id,
      "@odata.type": "#microsoft.graph.application",
      api: { acceptMappedClaims: true },
      web: { redirectUris: ["https://contoso.org/b"] },
      notes: null,
      tags: ["b", "c"],
    });
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect(await graph.must("GET", `/applications/${id}`)).toMatchObject({
      api: { acceptMappedClaims: true, requestedAccessTokenVersion: 2 },
      web: { homePageUrl: "https://contoso.org", redirectUris: ["https://contoso.org/b"] },
      notes: null,
      tags: ["b", "c"],
    });
  });

  it("replaces optional claims as a whole, so that an empty value takes them away", async () => {
    const { id } = await makeApp(graph);
    const path = `/applications/${id}`;
    const idToken = [{ name: "email", essential: false, additionalProperties: [], source: null }];
    await graph.must("PATCH", path, { optionalClaims: { idToken, accessToken: [] } });
    expect((await graph.must("GET", path)).optionalClaims).toEqual({ idToken, accessToken: [] });
    await graph.must("PATCH", path, { optionalClaims: { accessToken: [] } });
    expect((await graph.must("GET", path)).optionalClaims).toEqual({ accessToken: [] });
    await graph.must("PATCH", path, { optionalClaims: {} });
    expect((await graph.must("GET", path)).optionalClaims).toEqual({});
  });

  it("changes nothing when it refuses", async () => {
    const { id } = await makeApp(graph);
    const before = context.tenant.state();
    for (const body of [
      { displayName: "New", signInAudience: "Everyone" },
      { displayName: "New", keyCredentials: [{ keyId: id }] },
      { displayName: "New", colour: "red" },
      { displayName: null },
      { id: "66666666-6666-4666-8666-666666666666" },
      { passwordCredentials: [{ displayName: "s" }] },
    ]) {
      expect((await graph.call("PATCH", `/applications/${id}`, body)).status).toBe(400);
    }
    expect(context.tenant.state()).toEqual(before);
  });

  it("removes an app role only after it was disabled", async () => {
    const role = {
      id: "77777777-7777-4777-8777-777777777777",
      allowedMemberTypes: ["Application"],
      displayName: "Read",
      description: "Read",
      isEnabled: true,
      value: "Things.Read",
    };
    const { id } = await makeApp(graph, { appRoles: [role] });
    const remove = () => graph.call("PATCH", `/applications/${id}`, { appRoles: [] });
    const refused = await remove();
    expect([refused.status, refused.body.error.code]).toEqual([
      400,
      "CannotDeleteOrUpdateEnabledEntitlement",
    ]);
    await graph.must("PATCH", `/applications/${id}`, { appRoles: [{ ...role, isEnabled: false }] });
    expect((await remove()).status).toBe(204);
  });
});
