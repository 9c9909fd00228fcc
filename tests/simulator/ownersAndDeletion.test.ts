/**
 * Who owns applications, and what deleting one takes with it.
 *
 * Does not prove that Entra removes directory role assignments with a service principal: that is
 * not documented.
 */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { consent, Graph, makeApp, microsoft } from "./support/clients";
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

describe("deleting", () => {
  it("takes the service principal, consents, roles and credentials with it", async () => {
    const before = context.tenant.state();
    const app = await makeApp(graph);
    const exchange = await graph.must("GET", `/servicePrincipals(appId='${microsoft.exchange}')`);
    await graph.must("POST", `/servicePrincipals/${exchange.id}/appRoleAssignedTo`, {
      principalId: app.servicePrincipalId,
      resourceId: exchange.id,
      appRoleId: microsoft.manageAsApp,
    });
    await graph.must("POST", "/roleManagement/directory/roleAssignments", {
      principalId: app.servicePrincipalId,
      roleDefinitionId: "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
      directoryScopeId: "/",
    });
    await graph.must("POST", `/applications/${app.id}/federatedIdentityCredentials`, {
      name: "github",
      issuer: "https://token.actions.githubusercontent.com",
      subject: "repo:contoso/x:ref:refs/heads/main",
      audiences: ["api://AzureADTokenExchange"],
    });

    expect((await graph.call("DELETE", `/applications/${app.id}`)).status).toBe(204);

    const { deletedItems, directoryRoles, ...after } = context.tenant.state();
    const { deletedItems: _, directoryRoles: __, ...expected } = before;
    expect(after).toEqual(expected);
    expect(deletedItems.map(({ id }) => id)).toEqual([app.id]);
    expect(directoryRoles.map(({ displayName }) => displayName)).toEqual(["Global Reader"]);
    expect((await graph.call("GET", `/applications/${app.id}`)).status).toBe(404);
  });

  it("can be undone from the deleted items, without what was granted", async () => {
    const app = await makeApp(graph, { displayName: "Back" });
    await graph.must("DELETE", `/applications/${app.id}`);
    const path = `/directory/deletedItems/${app.id}`;
    expect(await graph.must("GET", path)).toMatchObject({
      "@odata.type": "#microsoft.graph.application",
      id: app.id,
      deletedDateTime: expect.stringMatching(/Z$/),
    });
    const listed = await graph.must("GET", "/directory/deletedItems/microsoft.graph.application");
    expect(listed.value.map((one: { id: string }) => one.id)).toEqual([app.id]);

    expect(await graph.must("POST", `${path}/restore`)).toMatchObject({
      id: app.id,
      appId: app.appId,
    });

    expect(await graph.must("GET", `/applications/${app.id}`)).toMatchObject({
      displayName: "Back",
    });
    const principal = `/servicePrincipals/${app.servicePrincipalId}`;
    expect((await graph.call("GET", principal)).status).toBe(404);
    await graph.must("POST", `/directory/deletedItems/${app.servicePrincipalId}/restore`);
    expect(await graph.must("GET", principal)).toMatchObject({ appId: app.appId });
    expect((await graph.call("GET", path)).status).toBe(404);
  });

  it("is final when the deleted item is deleted", async () => {
    const app = await makeApp(graph);
    await graph.must("DELETE", `/applications/${app.id}`);
    expect((await graph.call("DELETE", `/directory/deletedItems/${app.id}`)).status).toBe(204);
    expect((await graph.call("POST", `/directory/deletedItems/${app.id}/restore`)).status).toBe(
      404,
    );
  });
});

describe("owners", () => {
  it("are listed with type and id, filtered, added and removed", async () => {
    const { id } = await makeApp(graph);
    const { servicePrincipalObjectId } = context.tenant.deployer;
    const listed = await graph.must("GET", `/applications/${id}/owners`);
    expect(listed.value).toMatchObject([
      { "@odata.type": "#microsoft.graph.servicePrincipal", id: servicePrincipalObjectId },
    ]);
    context.tenant.deployer.grant("User.Read.All");
    const reader = await Graph.connect(context);
    const [user] = (await reader.must("GET", "/users")).value;

    const added = await graph.call("POST", `/applications/${id}/owners/$ref`, {
      "@odata.id": bind(user.id),
    });
    expect([added.status, added.text]).toEqual([204, ""]);

    const filtered = await graph.must(
      "GET",
      `/applications/${id}/owners?$filter=id eq '${user.id}'`,
    );
    expect(filtered.value).toMatchObject([
      {
        "@odata.type": "#microsoft.graph.user",
        id: user.id,
        displayName: "Admin",
        userPrincipalName: "admin@contoso.org",
      },
    ]);
    const twice = await graph.call("POST", `/applications/${id}/owners/$ref`, {
      "@odata.id": bind(user.id),
    });
    expect([twice.status, twice.body.error.message]).toEqual([
      400,
      "One or more added object references already exist for the following modified properties: 'owners'.",
    ]);
    expect((await graph.call("DELETE", `/applications/${id}/owners/${user.id}/$ref`)).status).toBe(
      204,
    );
    expect((await graph.call("DELETE", `/applications/${id}/owners/${user.id}/$ref`)).status).toBe(
      404,
    );
  });

  it("of a service principal are its own, not its application's", async () => {
    const { id, servicePrincipalId } = await makeApp(graph);
    const other = await makeApp(graph);
    const path = `/servicePrincipals/${servicePrincipalId}/owners`;
    await graph.must("POST", `${path}/$ref`, { "@odata.id": bind(other.servicePrincipalId) });
    const ids = async (set: string) =>
      (await graph.must("GET", set)).value.map((one: { id: string }) => one.id);
    const deployer = context.tenant.deployer.servicePrincipalObjectId;
    expect(await ids(path)).toEqual([deployer, other.servicePrincipalId]);
    expect(await ids(`/applications/${id}/owners`)).toEqual([deployer]);
    await graph.must("DELETE", `${path}/${other.servicePrincipalId}/$ref`);
    expect(await ids(path)).toEqual([deployer]);
  });

  it("go when they are deleted themselves", async () => {
    const { id } = await makeApp(graph);
    const other = await makeApp(graph);
    await graph.must("POST", `/applications/${id}/owners/$ref`, {
      "@odata.id": bind(other.servicePrincipalId),
    });
    await graph.must("DELETE", `/applications/${other.id}`);
    expect(context.tenant.state().owners.applications[id]).toEqual([
      context.tenant.deployer.servicePrincipalObjectId,
    ]);
  });

  it("can be users, who are found by id and principal name", async () => {
    context.tenant.deployer.grant("User.Read.All");
    const reader = await Graph.connect(context);
    const user = await reader.must("GET", "/users/admin@contoso.org");
    expect(await reader.must("GET", `/users/${user.id}`)).toEqual(user);
    expect((await reader.call("GET", "/users/nobody@contoso.org")).status).toBe(404);
  });

  it("cannot be what cannot own, or what is not there", async () => {
    const { id } = await makeApp(graph);
    const other = await makeApp(graph);
    const reference = (target: string) =>
      graph.call("POST", `/applications/${id}/owners/$ref`, { "@odata.id": bind(target) });
    expect((await reference(other.id)).status).toBe(400);
    expect((await reference("88888888-8888-4888-8888-888888888888")).status).toBe(404);
    expect(
      (await graph.call("POST", `/applications/${id}/owners/$ref`, { "@odata.id": "x" })).status,
    ).toBe(400);
  });

  it("who removes itself with OwnedBy is locked out", async () => {
    const { id } = await makeApp(graph);
    const { servicePrincipalObjectId } = context.tenant.deployer;
    await graph.must("DELETE", `/applications/${id}/owners/${servicePrincipalObjectId}/$ref`);
    const answer = await graph.call("PATCH", `/applications/${id}`, { displayName: "x" });
    expect([answer.status, answer.body.error.code, answer.body.error.message]).toEqual([
      403,
      "Authorization_RequestDenied",
      "Insufficient privileges to complete the operation.",
    ]);
  });
});

describe("a deleted service principal", () => {
  const list = "/directory/deletedItems/graph.servicePrincipal";

  it("can be restored without what was granted to it, or be forgotten", async () => {
    const { servicePrincipalId, appId } = await makeApp(graph);
    await consent(graph, servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
    await graph.must("DELETE", `/servicePrincipals/${servicePrincipalId}`);
    const deleted = await graph.must("GET", list);
    expect(deleted.value).toMatchObject([
      { id: servicePrincipalId, appId, deletedDateTime: expect.stringMatching(/^\d{4}-/) },
    ]);
    const path = `/directory/deletedItems/${servicePrincipalId}`;
    expect(await graph.must("POST", `${path}/restore`)).toMatchObject({
      "@odata.type": "#microsoft.graph.servicePrincipal",
      id: servicePrincipalId,
      deletedDateTime: null,
    });
    const restored = await graph.must(
      "GET",
      `/servicePrincipals/${servicePrincipalId}?$expand=appRoleAssignments`,
    );
    expect(restored.appRoleAssignments).toEqual([]);

    await graph.must("DELETE", `/servicePrincipals/${servicePrincipalId}`);
    await graph.must("DELETE", path);
    expect((await graph.must("GET", list)).value).toEqual([]);
  });

  it("is not restored with its application, nor beside another for the same application", async () => {
    const { id, servicePrincipalId, appId } = await makeApp(graph);
    await graph.must("DELETE", `/applications/${id}`);
    await graph.must("POST", `/directory/deletedItems/${id}/restore`);
    expect((await graph.must("GET", list)).value).toHaveLength(1);

    await graph.must("POST", "/servicePrincipals", { appId });
    const answer = await graph.call(
      "POST",
      `/directory/deletedItems/${servicePrincipalId}/restore`,
    );
    expect(answer.status).toBe(409);
  });
});
