/**
 * Directory roles in both of Graph's views, administrative units, domains and the organization.
 */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { Graph, giveRole, makeApp } from "./support/clients";
import { simulated } from "./support/simulated";

const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
const nobody = "99999999-9999-4999-8999-999999999999";

const context = simulated({
  users: [{ userPrincipalName: "admin@contoso.onmicrosoft.com", displayName: "Admin" }],
});
let graph: Graph;

beforeEach(async () => {
  graph = await Graph.connect(context);
});

describe("directory role assignments", () => {
  it("are made by template id and answered with it", async () => {
    const { servicePrincipalId } = await makeApp(graph);
    const { id } = await giveRole(graph, servicePrincipalId, exchangeAdministrator);
    const path = `/roleManagement/directory/roleAssignments/${id}`;
    expect(await graph.must("GET", path)).toEqual({
      "@odata.context": `${context.simulator.endpoints.graph}/v1.0/$metadata#roleManagement/directory/roleAssignments/$entity`,
      id,
      principalId: servicePrincipalId,
      roleDefinitionId: exchangeAdministrator,
      directoryScopeId: "/",
    });
    const listed = await graph.must(
      "GET",
      `/roleManagement/directory/roleAssignments?$filter=principalId eq '${servicePrincipalId}'`,
    );
    expect(listed.value).toMatchObject([{ id }]);
    expect((await graph.call("DELETE", path)).status).toBe(204);
    expect((await graph.call("GET", path)).status).toBe(404);
  });

  it("accept an activated role's object id and answer the template id", async () => {
    const { servicePrincipalId } = await makeApp(graph);
    const activated = await graph.must("POST", "/directoryRoles", { roleTemplateId: globalReader });
    const assigned = await graph.must("POST", "/roleManagement/directory/roleAssignments", {
      principalId: servicePrincipalId,
      roleDefinitionId: activated.id,
      directoryScopeId: "/",
    });
    expect(activated.id).not.toBe(globalReader);
    expect(assigned.roleDefinitionId).toBe(globalReader);
  });

  it("are refused twice, for unknown roles, principals and scopes", async () => {
    const { id, servicePrincipalId } = await makeApp(graph);
    const post = (body: Record<string, string>) =>
      graph.call("POST", "/roleManagement/directory/roleAssignments", {
        principalId: servicePrincipalId,
        roleDefinitionId: globalReader,
        directoryScopeId: "/",
        ...body,
      });
    expect((await post({})).status).toBe(201);
    const twice = await post({});
    expect([twice.status, twice.body.error.code, twice.body.error.message]).toEqual([
      400,
      "Request_BadRequest",
      "A conflicting object with one or more of the specified property values is present in the directory.",
    ]);
    for (const [name, value] of [
      ["roleDefinitionId", nobody],
      ["principalId", nobody],
      ["principalId", id],
      ["directoryScopeId", `/administrativeUnits/${nobody}`],
    ] as const) {
      const answer = await post({ [name]: value });
      expect([answer.status, answer.body.error.code]).toEqual([404, "Request_ResourceNotFound"]);
    }
  });

  it("go when the service principal goes", async () => {
    const { servicePrincipalId } = await makeApp(graph);
    const { id } = await giveRole(graph, servicePrincipalId, globalReader);
    await graph.must("DELETE", `/servicePrincipals/${servicePrincipalId}`);
    expect(
      (await graph.call("GET", `/roleManagement/directory/roleAssignments/${id}`)).status,
    ).toBe(404);
  });
});

describe("directory roles", () => {
  it("are templates, then objects with members that are the assignments", async () => {
    const templates = await graph.must("GET", "/directoryRoleTemplates");
    expect(templates.value.length).toBeGreaterThan(20);
    expect(
      await graph.must("GET", `/directoryRoleTemplates/${exchangeAdministrator}`),
    ).toMatchObject({ displayName: "Exchange Administrator" });
    expect((await graph.must("GET", "/directoryRoles")).value).toEqual([]);

    const role = await graph.must("POST", "/directoryRoles", {
      roleTemplateId: exchangeAdministrator,
    });
    expect(
      (await graph.call("POST", "/directoryRoles", { roleTemplateId: exchangeAdministrator }))
        .status,
    ).toBe(400);
    const found = await graph.must(
      "GET",
      `/directoryRoles?$filter=roleTemplateId eq '${exchangeAdministrator}'`,
    );
    expect(found.value).toMatchObject([{ id: role.id, displayName: "Exchange Administrator" }]);
    expect(
      await graph.must("GET", `/directoryRoles(roleTemplateId='${exchangeAdministrator}')`),
    ).toMatchObject({ id: role.id });

    const { servicePrincipalId } = await makeApp(graph);
    const reference = {
      "@odata.id": `${context.simulator.endpoints.graph}/v1.0/directoryObjects/${servicePrincipalId}`,
    };
    const members = `/directoryRoles/${role.id}/members`;
    expect((await graph.call("POST", `${members}/$ref`, reference)).status).toBe(204);
    expect((await graph.call("POST", `${members}/$ref`, reference)).status).toBe(400);
    expect(
      (await graph.must("GET", `${members}?$filter=id eq '${servicePrincipalId}'`)).value,
    ).toMatchObject([{ id: servicePrincipalId }]);
    expect(context.tenant.state().directoryRoleAssignments).toMatchObject([
      { principalId: servicePrincipalId, roleDefinitionId: exchangeAdministrator },
    ]);
    expect((await graph.call("DELETE", `${members}/${servicePrincipalId}/$ref`)).status).toBe(204);
    expect((await graph.must("GET", members)).value).toEqual([]);
  });

  it("are role definitions too", async () => {
    const definition = await graph.must(
      "GET",
      `/roleManagement/directory/roleDefinitions/${globalReader}`,
    );
    expect(definition).toMatchObject({
      displayName: "Global Reader",
      isBuiltIn: true,
      templateId: globalReader,
    });
    const found = await graph.must(
      "GET",
      "/roleManagement/directory/roleDefinitions?$filter=displayName eq 'Global Reader'",
    );
    expect(found.value).toMatchObject([{ id: globalReader }]);
    expect(
      (await graph.call("GET", `/roleManagement/directory/roleDefinitions/${nobody}`)).status,
    ).toBe(404);
    expect((await graph.call("GET", `/directoryRoleTemplates/${nobody}`)).status).toBe(404);
  });
});

describe("administrative units", () => {
  it("are made, filled, used as a scope and deleted", async () => {
    context.tenant.deployer.grant("AdministrativeUnit.ReadWrite.All", "User.Read.All");
    const administrator = await Graph.connect(context);
    const unit = await administrator.must("POST", "/directory/administrativeUnits", {
      "@odata.type": "#microsoft.graph.administrativeUnit",
      displayName: "TERRAFORM_UPDATE_x",
    });
    const path = `/directory/administrativeUnits/${unit.id}`;
    await administrator.must("PATCH", path, { displayName: "Europe" });
    const [user] = (await administrator.must("GET", "/users")).value;
    await administrator.must("POST", `${path}/members/$ref`, {
      "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${user.id}`,
    });
    expect((await administrator.must("GET", `${path}/members`)).value).toMatchObject([
      { id: user.id },
    ]);
    expect(await administrator.must("GET", path)).toMatchObject({
      displayName: "Europe",
      visibility: null,
    });
    expect(
      (await administrator.must("GET", "/administrativeUnits?$filter=displayName eq 'Europe'"))
        .value,
    ).toHaveLength(1);

    const { servicePrincipalId } = await makeApp(administrator);
    await administrator.must("POST", "/roleManagement/directory/roleAssignments", {
      principalId: servicePrincipalId,
      roleDefinitionId: globalReader,
      directoryScopeId: `/administrativeUnits/${unit.id}`,
    });
    expect((await administrator.call("DELETE", `${path}/members/${user.id}/$ref`)).status).toBe(
      204,
    );
    expect(
      (await administrator.call("DELETE", `/beta/administrativeUnits/${unit.id}`)).status,
    ).toBe(204);
    expect((await administrator.call("GET", path)).status).toBe(404);
    expect(context.tenant.state().directoryRoleAssignments).toEqual([]);
  });
});

describe("the tenant", () => {
  it("has its domains, the initial one first, and describes itself", async () => {
    const { value } = await graph.must("GET", "/domains");
    expect(value).toMatchObject([
      {
        id: "contoso.onmicrosoft.com",
        isInitial: true,
        isDefault: true,
        isVerified: true,
        authenticationType: "Managed",
      },
    ]);
    expect(await graph.must("GET", "/domains/contoso.onmicrosoft.com")).toMatchObject({
      isInitial: true,
    });
    expect((await graph.call("GET", "/domains/fabrikam.com")).status).toBe(404);
    const organization = await graph.must("GET", "/organization");
    expect(organization.value).toMatchObject([
      {
        id: context.tenant.tenantId,
        displayName: "Contoso",
        verifiedDomains: [{ name: "contoso.onmicrosoft.com", isInitial: true }],
      },
    ]);
    expect(await graph.must("GET", `/organization/${context.tenant.tenantId}`)).toMatchObject({
      displayName: "Contoso",
    });
  });
});

describe("roles of the tenant's own", () => {
  const wanted = {
    displayName: "Reader of applications",
    isEnabled: true,
    rolePermissions: [
      { allowedResourceActions: ["microsoft.directory/applications/standard/read"] },
    ],
  };
  const path = "/roleManagement/directory/roleDefinitions";

  it("are made, assigned, changed and deleted with their assignments", async () => {
    const made = await graph.must("POST", path, wanted);
    expect(made).toMatchObject({ ...wanted, isBuiltIn: false, templateId: made.id });
    const { servicePrincipalId } = await makeApp(graph);
    const assigned = await giveRole(graph, servicePrincipalId, made.id as string);
    const listed = await graph.must(
      "GET",
      `/roleManagement/directory/roleAssignments?$filter=roleDefinitionId eq '${made.id}'&$expand=roleDefinition`,
    );
    expect(listed.value).toMatchObject([
      { id: assigned.id, roleDefinition: { displayName: wanted.displayName } },
    ]);
    // Only what is built in is activated.
    expect((await graph.must("GET", "/directoryRoles")).value).toEqual([]);
    await graph.must("PATCH", `${path}/${made.id}`, { description: "Reads", isEnabled: false });
    expect(await graph.must("GET", `${path}?$filter=isBuiltIn eq false`)).toMatchObject({
      value: [{ id: made.id, description: "Reads", isEnabled: false }],
    });
    await graph.must("DELETE", `${path}/${made.id}`);
    const gone = `/roleManagement/directory/roleAssignments/${assigned.id}`;
    expect((await graph.call("GET", gone)).status).toBe(404);
  });

  it.each(["displayName", "isEnabled", "rolePermissions"])("need %s", async (name) => {
    const answer = await graph.call("POST", path, { ...wanted, [name]: undefined });
    expect([answer.status, answer.body.error.message]).toEqual([
      400,
      expect.stringContaining(name),
    ]);
  });

  it("can be changed and deleted, those that are built in cannot", async () => {
    for (const method of ["PATCH", "DELETE"]) {
      const answer = await graph.call(method, `${path}/${globalReader}`, {});
      expect([answer.status, answer.body.error.message]).toEqual([
        400,
        "Built-in roles cannot be changed or deleted.",
      ]);
    }
  });
});

it("members of a role in an administrative unit are its scoped assignments", async () => {
  context.tenant.deployer.grant("AdministrativeUnit.ReadWrite.All");
  graph = await Graph.connect(context);
  const unit = await graph.must("POST", "/directory/administrativeUnits", { displayName: "U" });
  const role = await graph.must("POST", "/directoryRoles", { roleTemplateId: globalReader });
  const { servicePrincipalId } = await makeApp(graph);
  const path = `/directory/administrativeUnits/${unit.id}/scopedRoleMembers`;
  const body = { roleId: role.id, roleMemberInfo: { id: servicePrincipalId } };
  const made = await graph.must("POST", path, body);
  expect(made).toMatchObject({
    roleId: role.id,
    administrativeUnitId: unit.id,
    roleMemberInfo: { id: servicePrincipalId, displayName: "App" },
  });
  expect((await graph.call("POST", path, body)).status).toBe(400);
  expect((await graph.must("GET", path)).value).toMatchObject([{ id: made.id }]);
  const assignment = await graph.must(
    "GET",
    `/roleManagement/directory/roleAssignments/${made.id}`,
  );
  expect(assignment).toMatchObject({
    principalId: servicePrincipalId,
    roleDefinitionId: globalReader,
    directoryScopeId: `/administrativeUnits/${unit.id}`,
  });
  await graph.must("DELETE", `${path}/${made.id}`);
  expect((await graph.must("GET", path)).value).toEqual([]);
});
