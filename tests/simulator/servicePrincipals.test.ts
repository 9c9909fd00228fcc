/**
 * Service principals and the consents between them.
 */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { consent, Graph, makeApp, microsoft, resourceId } from "./support/clients";
import { simulated } from "./support/simulated";

const nobody = "99999999-9999-4999-8999-999999999999";

const context = simulated({
  users: [{ userPrincipalName: "admin@contoso.onmicrosoft.com", displayName: "Admin" }],
});
let graph: Graph;

beforeEach(async () => {
  graph = await Graph.connect(context);
});

describe("service principals", () => {
  it("take over what their application says, also when it changes", async () => {
    const { id, appId, servicePrincipalId } = await makeApp(graph, { displayName: "Before" });
    const path = `/servicePrincipals/${servicePrincipalId}`;
    expect(await graph.must("GET", path)).toEqual({
      "@odata.context": `${context.simulator.endpoints.graph}/v1.0/$metadata#servicePrincipals/$entity`,
      id: servicePrincipalId,
      deletedDateTime: null,
      accountEnabled: true,
      addIns: [],
      alternativeNames: [],
      appDescription: null,
      appDisplayName: "Before",
      appId,
      appOwnerOrganizationId: context.tenant.tenantId,
      appRoleAssignmentRequired: false,
      appRoles: [],
      applicationTemplateId: null,
      createdDateTime: expect.stringMatching(/Z$/),
      description: null,
      disabledByMicrosoftStatus: null,
      displayName: "Before",
      homepage: null,
      info: {
        logoUrl: null,
        marketingUrl: null,
        privacyStatementUrl: null,
        supportUrl: null,
        termsOfServiceUrl: null,
      },
      keyCredentials: [],
      loginUrl: null,
      logoutUrl: null,
      notes: null,
      notificationEmailAddresses: [],
      oauth2PermissionScopes: [],
      passwordCredentials: [],
      preferredSingleSignOnMode: null,
      preferredTokenSigningKeyThumbprint: null,
      replyUrls: [],
      resourceSpecificApplicationPermissions: [],
      samlSingleSignOnSettings: null,
      servicePrincipalNames: [appId],
      servicePrincipalType: "Application",
      signInAudience: "AzureADMyOrg",
      tags: [],
      tokenEncryptionKeyId: null,
      verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
    });
    await graph.must("PATCH", `/applications/${id}`, {
      displayName: "After",
      web: { redirectUris: ["https://contoso.org/x"] },
    });
    expect(await graph.must("GET", path)).toMatchObject({
      displayName: "After",
      appDisplayName: "After",
      replyUrls: ["https://contoso.org/x"],
    });
  });

  it("can be found by application id and name, selected, changed and deleted", async () => {
    const { appId, servicePrincipalId } = await makeApp(graph, { displayName: "O'Hara" });
    for (const filter of [`appId eq '${appId}'`, "displayName eq 'O''Hara'"]) {
      const found = await graph.must(
        "GET",
        `/servicePrincipals?$filter=${encodeURIComponent(filter)}`,
      );
      expect(found.value.map((one: { id: string }) => one.id)).toEqual([servicePrincipalId]);
    }
    const path = `/servicePrincipals/${servicePrincipalId}`;
    const selected = await graph.must("GET", `/beta${path}?$select=samlMetadataUrl`);
    expect(selected.samlMetadataUrl).toBeNull();
    await graph.must("PATCH", path, {
      tags: ["HideApp"],
      description: "TERRAFORM_UPDATE_x",
      notes: null,
    });
    expect(await graph.must("GET", path)).toMatchObject({
      tags: ["HideApp"],
      description: "TERRAFORM_UPDATE_x",
    });
    // An empty value takes away what it had.
    for (const samlSingleSignOnSettings of [{ relayState: "/home" }, {}]) {
      await graph.must("PATCH", path, { samlSingleSignOnSettings });
      expect(await graph.must("GET", path)).toEqual(
        expect.objectContaining({ samlSingleSignOnSettings }),
      );
    }
    expect((await graph.call("DELETE", path)).status).toBe(204);
    expect((await graph.call("GET", path)).status).toBe(404);
    expect((await graph.call("PATCH", path, {})).status).toBe(404);
  });

  it("exist once per application, and only for one that exists", async () => {
    context.tenant.deployer.grant("Application.ReadWrite.All");
    graph = await Graph.connect(context);
    const { appId } = await makeApp(graph);
    const twice = await graph.call("POST", "/servicePrincipals", { appId });
    expect([twice.status, twice.body.error.code, twice.body.error.message]).toEqual([
      409,
      "Request_MultipleObjectsWithSameKeyValue",
      `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
    ]);
    const unbacked = await graph.call("POST", "/servicePrincipals", { appId: nobody });
    expect([unbacked.status, unbacked.body.error]).toMatchObject([
      400,
      {
        code: "Request_BadRequest",
        message: `The appId '${nobody}' of the service principal does not reference a valid application object.`,
        details: [{ code: "NoBackingApplicationObject" }],
      },
    ]);
  });

  it("of Microsoft can be looked up with their permissions, lookalikes included", async () => {
    const exchange = await graph.must("GET", `/servicePrincipals(appId='${microsoft.exchange}')`);
    expect(exchange).toMatchObject({
      displayName: "Office 365 Exchange Online",
      appOwnerOrganizationId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
      servicePrincipalType: "Application",
    });
    expect(
      exchange.appRoles.map((role: { value: string; id: string }) => [role.value, role.id]),
    ).toEqual([
      ["Exchange.ManageAsApp", microsoft.manageAsApp],
      ["Exchange.ManageAsAppV2", "ea3d980d-ebc7-4be4-8298-a167e5b8797c"],
      ["full_access_as_app", "dc890d15-9560-4a4c-9b7f-a736ec74ec40"],
      ["Exchange.AdminAPI.ManageAsApp", "95930782-af91-4e2e-89b7-e34ce33a0450"],
      ["IMAP.AccessAsApp", "5e5addcd-3e8d-4e90-baf5-964efab2b20a"],
      ["Mailbox.Migration", "f7264778-fba9-422d-8e9e-2675a2c4b513"],
      ["POP.AccessAsApp", "cb842b43-da6e-4506-86fe-bb12199c656d"],
      ["SMTP.SendAsApp", "7146a1f0-8703-45b3-9eae-527a64c00995"],
    ]);
    expect(exchange.appRoles[0]).toMatchObject({
      allowedMemberTypes: ["Application"],
      isEnabled: true,
    });
    const protection = await graph.must(
      "GET",
      `/servicePrincipals(appId='${microsoft.protection}')`,
    );
    expect(protection.appRoles).toMatchObject([
      { value: "Exchange.ManageAsApp", id: microsoft.manageAsAppOnProtection },
    ]);
    expect(protection.servicePrincipalNames).toContain(
      "https://ps.compliance.protection.outlook.com",
    );
  });

  it("of Microsoft can be deleted by who may write all, as in a real tenant", async () => {
    const id = await resourceId(graph, microsoft.exchange);
    expect((await graph.call("DELETE", `/servicePrincipals/${id}`)).status).toBe(403);
    context.tenant.deployer.grant("Application.ReadWrite.All");
    const administrator = await Graph.connect(context);
    expect((await administrator.call("DELETE", `/servicePrincipals/${id}`)).status).toBe(204);
    const back = await administrator.must("POST", "/servicePrincipals", {
      appId: microsoft.exchange,
    });
    expect(back).toMatchObject({ displayName: "Office 365 Exchange Online" });
    const graphItself = `/servicePrincipals(appId='${microsoft.graph}')`;
    expect((await administrator.call("DELETE", graphItself)).status).toBe(403);
  });

  it("can be missing from a tenant", async () => {
    const bare = context.simulator.addTenant({
      initialDomain: "bare.onmicrosoft.com",
      without: [microsoft.protection],
    });
    const there = await Graph.connect({ simulator: context.simulator, tenant: bare });
    const found = await there.must(
      "GET",
      `/servicePrincipals?$filter=appId eq '${microsoft.protection}'`,
    );
    expect(found.value).toEqual([]);
  });

  it("list what they own", async () => {
    const { id, servicePrincipalId } = await makeApp(graph);
    const { servicePrincipalObjectId } = context.tenant.deployer;
    const owned = await graph.must(
      "GET",
      `/servicePrincipals/${servicePrincipalObjectId}/ownedObjects`,
    );
    expect(owned.value).toMatchObject([
      { "@odata.type": "#microsoft.graph.application", id },
      { "@odata.type": "#microsoft.graph.servicePrincipal", id: servicePrincipalId },
    ]);
  });
});

describe("consents", () => {
  it("are seen from the resource and from the principal", async () => {
    const { servicePrincipalId } = await makeApp(graph, { displayName: "Reader" });
    const { id, resourceId: resource } = await consent(
      graph,
      servicePrincipalId,
      microsoft.exchange,
      microsoft.manageAsApp,
    );
    const expected = {
      id,
      appRoleId: microsoft.manageAsApp,
      principalId: servicePrincipalId,
      principalDisplayName: "Reader",
      principalType: "ServicePrincipal",
      resourceId: resource,
      resourceDisplayName: "Office 365 Exchange Online",
      deletedDateTime: null,
      createdDateTime: expect.stringMatching(/Z$/),
    };
    for (const path of [
      `/servicePrincipals/${resource}/appRoleAssignedTo`,
      `/servicePrincipals/${servicePrincipalId}/appRoleAssignments`,
    ]) {
      expect((await graph.must("GET", path)).value).toEqual([expected]);
      expect(await graph.must("GET", `${path}/${id}`)).toMatchObject(expected);
    }
    // Ids are base64url: another case is another id.
    const otherCase = id.replace(/[a-zA-Z]/, (letter) =>
      letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
    );
    const answer = await graph.call(
      "GET",
      `/servicePrincipals/${resource}/appRoleAssignedTo/${otherCase}`,
    );
    expect(answer.status).toBe(404);
  });

  it("can be given from the principal's side, and are taken back", async () => {
    const { servicePrincipalId } = await makeApp(graph);
    const resource = await resourceId(graph, microsoft.protection);
    const { id } = await graph.must(
      "POST",
      `/servicePrincipals/${servicePrincipalId}/appRoleAssignments`,
      {
        principalId: servicePrincipalId,
        resourceId: resource,
        appRoleId: microsoft.manageAsAppOnProtection,
      },
    );
    const path = `/servicePrincipals/${resource}/appRoleAssignedTo/${id}`;
    expect((await graph.call("DELETE", path)).status).toBe(204);
    expect((await graph.call("DELETE", path)).status).toBe(404);
  });

  it("are refused twice, for unknown permissions, principals and resources", async () => {
    const { id, servicePrincipalId } = await makeApp(graph);
    const resource = await resourceId(graph, microsoft.exchange);
    const post = (body: Record<string, string>, at = resource) =>
      graph.call("POST", `/servicePrincipals/${at}/appRoleAssignedTo`, {
        principalId: servicePrincipalId,
        resourceId: resource,
        appRoleId: microsoft.manageAsApp,
        ...body,
      });
    expect((await post({})).status).toBe(201);

    const cases: [Record<string, string>, number, string, string?][] = [
      [{}, 400, "Permission being assigned already exists on the object"],
      [
        { appRoleId: microsoft.manageAsAppOnProtection },
        400,
        `Permission being assigned was not found on application '${microsoft.exchange}'.`,
      ],
      [{ principalId: nobody }, 404, `Resource '${nobody}' does not exist`],
      // The application object is not the service principal: a frequent confusion.
      [{ principalId: id }, 404, `Resource '${id}' does not exist`],
      [{ resourceId: servicePrincipalId }, 400, "Not a valid reference update."],
      [{ resourceId: nobody }, 404, `Resource '${nobody}' does not exist`, nobody],
      [{ appRoleId: "x" }, 400, "Invalid value specified for property 'appRoleId'"],
    ];
    for (const [body, status, message, at] of cases) {
      const answer = await post(body, at);
      expect([answer.status, answer.body.error.message]).toEqual([
        status,
        expect.stringContaining(message),
      ]);
    }
    expect(
      context.tenant
        .state()
        .appRoleAssignments.filter(({ principalId }) => principalId === servicePrincipalId),
    ).toHaveLength(1);
  });
});

it("Microsoft Graph offers every application permission that Microsoft publishes, each once", async () => {
  const { appRoles } = await graph.must("GET", `/servicePrincipals(appId='${microsoft.graph}')`);
  const roles = appRoles as { id: string; value: string }[];
  expect(roles.length).toBeGreaterThan(650);
  expect(new Set(roles.map(({ id }) => id)).size).toBe(roles.length);
  expect(new Set(roles.map(({ value }) => value)).size).toBe(roles.length);
  expect(roles).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        id: "b0afded3-3588-46d8-8b3d-9842eff778da",
        value: "AuditLog.Read.All",
      }),
      expect.objectContaining({
        id: "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
        value: "Application.ReadWrite.All",
      }),
    ]),
  );
});
