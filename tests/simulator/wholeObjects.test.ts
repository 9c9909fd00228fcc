/**
 * What clients do that read an object with all its metadata, change a property, and send it back
 * whole; and that name objects by the addresses they were told.
 */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { giveRole, Graph, makeApp } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({
  users: [{ userPrincipalName: "ada@contoso.onmicrosoft.com", displayName: "Ada" }],
  deployer: {
    permissions: [
      "Application.ReadWrite.All",
      "DelegatedPermissionGrant.ReadWrite.All",
      "Directory.Read.All",
      "Group.ReadWrite.All",
      "Policy.Read.All",
      "Policy.ReadWrite.ConditionalAccess",
      "RoleManagement.ReadWrite.Directory",
      "User.ReadWrite.All",
    ],
  },
});
const full = { accept: "application/json; charset=utf-8; odata.metadata=full" };
let graph: Graph;
beforeEach(async () => {
  graph = await Graph.connect(context);
});
const makeGroup = (rest: object = {}) =>
  graph.must("POST", "/groups", {
    displayName: "g",
    mailEnabled: false,
    mailNickname: "g",
    securityEnabled: true,
    ...rest,
  });

describe("all metadata", () => {
  it("tells the type and address of an object, by which it can be bound and referred to", async () => {
    const { headers, body: user } = await graph.call(
      "GET",
      "/users/ada@contoso.onmicrosoft.com?$select=businessPhones,createdDateTime,id",
      undefined,
      full,
    );
    expect(headers.get("content-type")).toContain("odata.metadata=full");
    const address = `directoryObjects/${user.id}/Microsoft.DirectoryServices.User`;
    const base = `${context.simulator.endpoints.graph}/v2/${context.tenant.tenantId}`;
    expect(user).toMatchObject({
      "@odata.type": "#microsoft.graph.user",
      "@odata.id": `${base}/${address}`,
      "@odata.editLink": address,
      "businessPhones@odata.type": "#Collection(String)",
    });
    const group = await makeGroup({ "members@odata.bind": [user["@odata.id"]] });
    const reference = { "@odata.id": user["@odata.id"] };
    await graph.must("POST", `/groups/${group.id}/owners/$ref`, reference);
    const { value } = (await graph.call("GET", `/groups/${group.id}/owners`, undefined, full)).body;
    expect(value).toMatchObject([{ ...reference, "@odata.type": "#microsoft.graph.user" }]);
    expect((await graph.must("GET", `/groups/${group.id}/members`)).value).toHaveLength(1);
  });

  it("is in what is expanded and made too, and only where it is asked for", async () => {
    const app = await graph.call("POST", "/applications", { displayName: "a" }, full);
    expect(app.body["@odata.id"]).toMatch(/Microsoft\.DirectoryServices\.Application$/);
    const { servicePrincipalId: principalId } = await makeApp(graph);
    await giveRole(graph, principalId, "f2ef992c-3afb-46b9-b7cf-a126ee74c451");
    const path = "/roleManagement/directory/roleAssignments";
    const { value } = (await graph.call("GET", `${path}?$expand=principal`, undefined, full)).body;
    expect(value[0]["@odata.id"]).toContain(`${path}('${value[0].id}')`);
    expect(value[0].principal["@odata.id"]).toContain(`/directoryObjects/${principalId}/`);
    const plain = await graph.must("GET", `/applications/${app.body.id}`);
    expect(Object.keys(plain).filter((name) => name.includes("@odata."))).toEqual([
      "@odata.context",
    ]);
  });
});

describe("an object that is sent back whole", () => {
  it.each([
    ["an application", async () => `/applications/${(await makeApp(graph)).id}`],
    [
      "a service principal",
      async () => `/servicePrincipals/${(await makeApp(graph)).servicePrincipalId}`,
    ],
    ["a group", async () => `/groups/${(await makeGroup()).id}`],
    [
      "a named location",
      async () => {
        const { id } = await graph.must("POST", "/identity/conditionalAccess/namedLocations", {
          "@odata.type": "#microsoft.graph.countryNamedLocation",
          displayName: "l",
          countriesAndRegions: ["AT"],
        });
        return `/identity/conditionalAccess/namedLocations/${id}`;
      },
    ],
    [
      "a role of one's own",
      async () => {
        const { id } = await graph.must("POST", "/roleManagement/directory/roleDefinitions", {
          displayName: "r",
          isEnabled: true,
          rolePermissions: [
            { allowedResourceActions: ["microsoft.directory/applications/create"] },
          ],
        });
        return `/roleManagement/directory/roleDefinitions/${id}`;
      },
    ],
  ])("is changed where it is %s", async (_, make) => {
    const path = await make();
    const { displayName: name, ...read } = await graph.must("GET", path);
    const displayName = path.startsWith("/servicePrincipals") ? name : "changed";
    await graph.must("PATCH", path, { ...read, id: read.id.toUpperCase(), displayName });
    expect((await graph.must("GET", path)).displayName).toBe(displayName);
    const wrong = { ...read, id: "11111111-1111-4111-8111-111111111111" };
    expect((await graph.call("PATCH", path, wrong)).status).toBe(400);
  });

  it("is refused where a property that cannot be written is another", async () => {
    const { id, servicePrincipalId } = await makeApp(graph);
    for (const [path, changed] of [
      [`/applications/${id}`, { publisherDomain: "fabrikam.example" }],
      [`/applications/${id}`, { passwordCredentials: [{ displayName: "new" }] }],
      [`/servicePrincipals/${servicePrincipalId}`, { displayName: "another" }],
      [`/servicePrincipals/${servicePrincipalId}`, { info: { logoUrl: "https://a.example" } }],
    ] as const) {
      const { status } = await graph.call("PATCH", path, changed);
      expect([path, changed, status]).toEqual([path, changed, 400]);
    }
  });

  it("is made with the name that its application has, and with no other", async () => {
    const { appId } = await graph.must("POST", "/applications", { displayName: "named" });
    const make = (displayName: string) =>
      graph.call("POST", "/servicePrincipals", { appId, displayName });
    expect((await make("another")).status).toBe(400);
    expect((await make("named")).status).toBe(201);
  });

  it("can be a consent, of which only the scope changes", async () => {
    const { servicePrincipalId: clientId } = await makeApp(graph);
    const resource = await graph.must(
      "GET",
      "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')",
    );
    const grant = await graph.must("POST", "/oauth2PermissionGrants", {
      clientId,
      consentType: "AllPrincipals",
      resourceId: resource.id,
      scope: "User.Read",
    });
    const path = `/oauth2PermissionGrants/${grant.id}`;
    await graph.must("PATCH", path, { ...grant, scope: "openid User.Read" });
    expect((await graph.must("GET", path)).scope).toBe("openid User.Read");
    expect((await graph.call("PATCH", path, { ...grant, resourceId: clientId })).status).toBe(400);
  });
});

describe("an object of any type", () => {
  it("is one reference of a list, and none where it is not in it", async () => {
    const { value } = await graph.must("GET", "/users");
    const group = await makeGroup({
      "owners@odata.bind": [`https://graph.microsoft.com/v1.0/users/${value[0].id}`],
    });
    const one = await graph.must("GET", `/groups/${group.id}/owners/${value[0].id}/$ref`);
    expect(one).toMatchObject({
      id: value[0].id,
      "@odata.id": expect.stringContaining(`/directoryObjects/${value[0].id}`),
    });
    const other = await graph.call("GET", `/groups/${group.id}/members/${value[0].id}/$ref`);
    expect(other.status).toBe(404);
  });

  it("is deleted by its id as its own set deletes it", async () => {
    const { id, servicePrincipalId } = await makeApp(graph);
    const group = await makeGroup();
    for (const one of [group.id, servicePrincipalId, id]) {
      await graph.must("DELETE", `/directoryObjects/${one}`);
      expect((await graph.call("DELETE", `/directoryObjects/${one}`)).status).toBe(404);
    }
    expect((await graph.must("GET", `/directory/deletedItems/${id}`)).id).toBe(id);
    const [{ id: user }] = (await graph.must("GET", "/users")).value;
    const reader = await Graph.connect(context);
    await reader.must("DELETE", `/directoryObjects/${user}`);
  });
});
