/**
 * What objects of the directory lead to: reports, what they own and made, what is assigned to them;
 * and sets that are empty in a tenant of the simulator.
 */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { graphAppRoles } from "../../simulator/seed/graphPermissions";
import { emptySets } from "../../simulator/graph/routes/emptySets";
import { consent, Graph, makeApp, microsoft, resourceId } from "./support/clients";
import { simulated } from "./support/simulated";

const read = new Set(emptySets.flatMap((set) => set.read));
const context = simulated({
  users: ["ada", "bob", "cyd"].map((name) => ({
    userPrincipalName: `${name}@contoso.onmicrosoft.com`,
    displayName: name,
  })),
  deployer: {
    permissions: [
      "Application.ReadWrite.All",
      "AppRoleAssignment.ReadWrite.All",
      "Directory.ReadWrite.All",
      "Group.ReadWrite.All",
      "RoleManagement.ReadWrite.Directory",
      ...graphAppRoles.map(({ value }) => value).filter((value) => read.has(value)),
    ],
  },
});
const globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
const eventual = { consistencylevel: "eventual" };
const addressOf = (id: string) => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`;
let graph: Graph;
let [ada, bob, cyd]: string[] = [];
beforeEach(async () => {
  graph = await Graph.connect(context);
  const { value } = await graph.must("GET", "/users");
  [ada, bob, cyd] = value.map(({ id }: { id: string }) => id);
});
const namesAt = async (path: string) =>
  (await graph.must("GET", path)).value.map(
    ({ displayName }: { displayName: string }) => displayName,
  );
const newGroup = (name: string, owner: string) =>
  graph.must("POST", "/groups", {
    displayName: name,
    mailEnabled: false,
    mailNickname: name,
    securityEnabled: true,
    "owners@odata.bind": [addressOf(owner)],
  });

it("reports are those of a manager, also through others, counted and expanded", async () => {
  const manage = (id: string, manager: string) =>
    graph.must("PUT", `/users/${id}/manager/$ref`, { "@odata.id": addressOf(manager) });
  await manage(ada!, bob!);
  await manage(bob!, cyd!);
  expect(await namesAt(`/users/${cyd}/directReports`)).toEqual(["bob"]);
  expect(await namesAt(`/users/${cyd}/transitiveReports`)).toEqual(["bob", "ada"]);
  const count = `/users/${cyd}/transitiveReports/$count`;
  expect((await graph.call("GET", count, undefined, eventual)).text).toBe("2");
  const expanded = await graph.must("GET", `/users/${cyd}?$expand=directReports($select=id)`);
  expect(expanded.directReports).toEqual([{ "@odata.type": "#microsoft.graph.user", id: bob }]);
  expect((await graph.must("GET", `/users/${ada}/manager/$ref`))["@odata.id"]).toContain(bob);
  expect((await graph.call("GET", `/users/${cyd}/manager/$ref`)).status).toBe(404);
});

it("what users and service principals own and made is listed by its type", async () => {
  const app = await makeApp(graph, { displayName: "mine" });
  await graph.must("POST", `/applications/${app.id}/owners/$ref`, { "@odata.id": addressOf(ada!) });
  await newGroup("ours", ada!);
  expect(await namesAt(`/users/${ada}/ownedObjects`)).toEqual(["mine", "ours"]);
  expect(await namesAt(`/users/${ada}/ownedObjects/microsoft.graph.group`)).toEqual(["ours"]);
  expect(await namesAt(`/users/${ada}/createdObjects`)).toEqual([]);
  const self = `/servicePrincipals(appId='${context.tenant.deployer.clientId}')`;
  expect(await namesAt(`${self}/createdObjects`)).toEqual(["mine"]);
  const { createdObjects } = await graph.must("GET", `${self}?$expand=createdObjects`);
  expect(createdObjects).toMatchObject([{ displayName: "mine" }]);
});

it("one of a list is found by its id, others are not", async () => {
  const { id } = await newGroup("g", ada!);
  expect(
    (await graph.must("GET", `/groups/${id}/owners/${ada}?$select=displayName`)).displayName,
  ).toBe("ada");
  expect((await graph.call("GET", `/groups/${id}/owners/${bob}`)).status).toBe(404);
  expect((await graph.call("GET", `/groups/${id}/members/${ada}`)).status).toBe(404);
});

it("administrative units are among what their members are members of", async () => {
  const unit = await graph.must("POST", "/directory/administrativeUnits", { displayName: "au" });
  await graph.must("POST", `/directory/administrativeUnits/${unit.id}/members/$ref`, {
    "@odata.id": addressOf(ada!),
  });
  expect(await namesAt(`/users/${ada}/memberOf/microsoft.graph.administrativeUnit`)).toEqual([
    "au",
  ]);
  expect((await graph.must("GET", `/directoryObjects/${unit.id}`))["@odata.type"]).toBe(
    "#microsoft.graph.administrativeUnit",
  );
  const role = await graph.must("POST", "/directoryRoles", { roleTemplateId: globalReader });
  await graph.must("POST", `/directory/administrativeUnits/${unit.id}/scopedRoleMembers`, {
    roleId: role.id,
    roleMemberInfo: { id: ada },
  });
  for (const path of [
    `/users/${ada}/scopedRoleMemberOf`,
    `/directoryRoles/${role.id}/scopedMembers`,
  ]) {
    expect((await graph.must("GET", path)).value).toMatchObject([
      { administrativeUnitId: unit.id, roleMemberInfo: { id: ada } },
    ]);
  }
  const assignments = "/roleManagement/directory/roleAssignments?$expand=directoryScope";
  expect((await graph.must("GET", assignments)).value).toMatchObject([
    { directoryScope: { displayName: "au" } },
  ]);
});

describe("what is assigned", () => {
  it("is seen from users and groups too, and given and taken there", async () => {
    const app = await makeApp(graph, {
      appRoles: [
        {
          id: "11111111-1111-4111-8111-111111111111",
          allowedMemberTypes: ["User"],
          displayName: "reader",
          description: "reader",
          isEnabled: true,
          value: "reader",
        },
      ],
    });
    const { id: group } = await newGroup("g", ada!);
    for (const [path, principalId] of [
      [`/users/${ada}`, ada],
      [`/groups/${group}`, group],
    ]) {
      const assigned = `${path}/appRoleAssignments`;
      const { id } = await graph.must("POST", assigned, {
        principalId,
        resourceId: app.servicePrincipalId,
        appRoleId: "11111111-1111-4111-8111-111111111111",
      });
      expect((await graph.must("GET", assigned)).value).toMatchObject([{ id, principalId }]);
      await graph.must("DELETE", `${assigned}/${id}`);
      expect((await graph.must("GET", assigned)).value).toEqual([]);
    }
  });

  it("is counted as an advanced query", async () => {
    const { servicePrincipalId } = await makeApp(graph);
    await consent(graph, servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
    const count = `/servicePrincipals/${servicePrincipalId}/appRoleAssignments/$count`;
    expect((await graph.call("GET", count, undefined, eventual)).text).toBe("1");
    expect((await graph.call("GET", count)).status).toBe(400);
  });

  it("for a user is among the user's grants, and expanded from the client", async () => {
    const { servicePrincipalId } = await makeApp(graph);
    const sent = {
      clientId: servicePrincipalId,
      consentType: "Principal",
      principalId: ada,
      resourceId: await resourceId(graph, microsoft.exchange),
      scope: "User.Read",
    };
    const { id } = await graph.must("POST", "/oauth2PermissionGrants", sent);
    const grants = (user: string) => graph.must("GET", `/users/${user}/oauth2PermissionGrants`);
    expect([(await grants(ada!)).value, (await grants(bob!)).value]).toEqual([
      [{ id, ...sent }],
      [],
    ]);
    const path = `/servicePrincipals/${servicePrincipalId}?$expand=oauth2PermissionGrants`;
    expect((await graph.must("GET", path)).oauth2PermissionGrants).toEqual([{ id, ...sent }]);
    const delta = await graph.must("GET", "/oauth2PermissionGrants/delta");
    expect(delta.value).toMatchObject([{ id }]);
  });
});

it("sets of what a tenant here has none of are empty, and filtered like others", async () => {
  expect(emptySets.length).toBeGreaterThan(8);
  for (const { paths, type } of emptySets) {
    const path = paths[0]!.replace(":id", ada!);
    const [name] = type.filterable.filter((one) => type.properties[one] === "text");
    const filter = name === undefined ? "" : `?$filter=${name} eq 'x'`;
    expect([path, (await graph.must("GET", path + filter)).value]).toEqual([path, []]);
    expect((await graph.call("GET", `${path}/${bob}`)).status).toBe(404);
  }
});

describe("$search", () => {
  it("finds words of names, and how other texts begin", async () => {
    const searchUsers = async (search: string) => {
      const query = new URLSearchParams({ $search: search });
      const { body } = await graph.call("GET", `/users?${query}`, undefined, eventual);
      return body.value.map(({ displayName }: { displayName: string }) => displayName);
    };
    expect(await searchUsers('"userPrincipalName:ADA@"')).toEqual(["ada"]);
    expect(await searchUsers('"userPrincipalName:contoso"')).toEqual([]);
    expect(await searchUsers('"displayName:bo" OR "userPrincipalName:cyd"')).toEqual([
      "bob",
      "cyd",
    ]);
  });
});
