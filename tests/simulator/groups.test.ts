/**
 * Groups: members and owners, nested ones, and those that hand directory roles on.
 *
 * Does not prove how long a real tenant takes until a member's token has the roles of its group.
 */
import { beforeEach, describe, expect, it } from "@jest/globals";
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

const permissions = [
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "Group.ReadWrite.All",
  "RoleManagement.ReadWrite.Directory",
  "User.Read.All",
  "AdministrativeUnit.ReadWrite.All",
];
const context = simulated({
  users: [{ userPrincipalName: "ada@contoso.onmicrosoft.com", displayName: "Ada" }],
  groups: [{ mailNickname: "sales", displayName: "Sales" }],
  deployer: { permissions },
});
const globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
let graph: Graph;
let ada: string;
beforeEach(async () => {
  graph = await Graph.connect(context);
  ada = (await graph.must("GET", "/users?$select=id")).value[0].id;
});

const bind = (id: string) => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`;
const wish = (displayName: string, rest: object = {}) => ({
  displayName,
  mailEnabled: false,
  mailNickname: displayName.replace(/\W/g, ""),
  securityEnabled: true,
  ...rest,
});
const make = async (displayName: string, rest: object = {}) =>
  (await graph.must("POST", "/groups", wish(displayName, rest))).id as string;
const add = (group: string, member: string, to = "members") =>
  graph.call("POST", `/groups/${group}/${to}/$ref`, { "@odata.id": bind(member) });
const namesAt = async (path: string) =>
  (await graph.must("GET", path)).value.map((one: { displayName: string }) => one.displayName);

describe("a group", () => {
  it("is made, found, changed and deleted", async () => {
    const id = await make("Readers", { "members@odata.bind": [bind(ada)] });
    expect(
      await namesAt("/groups?$filter=isAssignableToRole eq false and mailNickname eq 'readers'"),
    ).toEqual(["Readers"]);
    await graph.must("PATCH", `/groups/${id}`, { description: "who reads" });
    expect(await graph.must("GET", `/groups/${id}?$expand=members`)).toMatchObject({
      description: "who reads",
      members: [{ displayName: "Ada" }],
    });
    await graph.must("DELETE", `/groups/${id}`);
    expect((await graph.call("GET", `/groups/${id}`)).status).toBe(404);
  });

  it.each([
    ["without a nickname", { mailNickname: undefined }, 400],
    ["without saying whether it has mail", { mailEnabled: undefined }, 400],
    ["with an unknown member", { "members@odata.bind": [bind(microsoft.manageAsApp)] }, 404],
  ])("is refused %s", async (_, rest, status) => {
    expect((await graph.call("POST", "/groups", wish("X", rest))).status).toBe(status);
  });

  it("has members and owners, each once", async () => {
    const { servicePrincipalId } = await makeApp(graph, { displayName: "Job" });
    const id = await make("Jobs");
    for (const set of ["members", "owners"]) {
      expect((await add(id, servicePrincipalId, set)).status).toBe(204);
      expect((await add(id, servicePrincipalId, set)).status).toBe(400);
      expect(await namesAt(`/groups/${id}/${set}`)).toEqual(["Job"]);
      expect(await namesAt(`/groups/${id}/${set}/microsoft.graph.user`)).toEqual([]);
      await graph.must("DELETE", `/groups/${id}/${set}/${servicePrincipalId}/$ref`);
      expect(await namesAt(`/groups/${id}/${set}`)).toEqual([]);
    }
  });

  it("loses a member that is deleted", async () => {
    const app = await makeApp(graph);
    const id = await make("Jobs", { "members@odata.bind": [bind(app.servicePrincipalId)] });
    await graph.must("DELETE", `/applications/${app.id}`);
    expect(await namesAt(`/groups/${id}/members`)).toEqual([]);
  });

  it("reaches through others, and round in a circle", async () => {
    const { servicePrincipalId } = await makeApp(graph, { displayName: "Job" });
    const [outer, inner] = [await make("Outer"), await make("Inner")];
    await add(outer, inner);
    await add(inner, outer);
    await add(inner, servicePrincipalId);
    expect(await namesAt(`/groups/${outer}/members`)).toEqual(["Inner"]);
    expect(await namesAt(`/groups/${outer}/transitiveMembers`)).toEqual(["Inner", "Outer", "Job"]);
    expect(
      await namesAt(`/groups/${outer}/transitiveMembers/microsoft.graph.servicePrincipal`),
    ).toEqual(["Job"]);
    const path = `/servicePrincipals/${servicePrincipalId}`;
    expect(await namesAt(`${path}/memberOf`)).toEqual(["Inner"]);
    expect(await namesAt(`${path}/transitiveMemberOf`)).toEqual(["Inner", "Outer"]);
  });

  it("can be in an administrative unit and be granted an app role", async () => {
    const id = await make("Units");
    const unit = await graph.must("POST", "/directory/administrativeUnits", { displayName: "U" });
    await graph.must("POST", `/directory/administrativeUnits/${unit.id}/members/$ref`, {
      "@odata.id": bind(id),
    });
    expect(await namesAt(`/directory/administrativeUnits/${unit.id}/members`)).toEqual(["Units"]);
    expect(await consent(graph, id, microsoft.exchange, microsoft.manageAsApp)).toMatchObject({
      principalType: "Group",
      principalDisplayName: "Units",
    });
  });
});

describe("a group that is assignable to roles", () => {
  it("hands its directory role on to the tokens of its members, until it is deleted", async () => {
    const app = await makeApp(graph, { displayName: "Job" });
    const { secretText } = await graph.must("POST", `/applications/${app.id}/addPassword`);
    const wids = async () => {
      const { body } = await requestToken(context, {
        client_id: app.appId,
        client_secret: secretText,
      });
      return claimsOf(body.access_token)["wids"];
    };
    const id = await make("Role holders", { isAssignableToRole: true });
    await giveRole(graph, id, globalReader);
    expect(await wids()).not.toContain(globalReader);
    await add(id, app.servicePrincipalId);
    expect(await wids()).toContain(globalReader);
    expect(
      await namesAt(`/servicePrincipals/${app.servicePrincipalId}/transitiveMemberOf`),
    ).toEqual(["Role holders", "Global Reader"]);
    const filter = `roleDefinitionId eq '${globalReader}'`;
    const [assignment] = (
      await graph.must(
        "GET",
        `/roleManagement/directory/roleAssignments?$filter=${filter}&$expand=principal`,
      )
    ).value;
    expect(assignment.principal["@odata.type"]).toBe("#microsoft.graph.group");
    await graph.must("DELETE", `/groups/${id}`);
    expect(await wids()).not.toContain(globalReader);
  });

  it("is the only kind that can hold a role, says so once and for all, and holds no groups", async () => {
    const [plain, special] = [
      await make("Plain"),
      await make("Special", { isAssignableToRole: true }),
    ];
    const assign = {
      principalId: plain,
      roleDefinitionId: globalReader,
      directoryScopeId: "/",
    };
    const path = "/roleManagement/directory/roleAssignments";
    expect((await graph.call("POST", path, assign)).status).toBe(400);
    const change = await graph.call("PATCH", `/groups/${plain}`, { isAssignableToRole: true });
    expect(change.status).toBe(400);
    expect((await add(special, plain)).status).toBe(400);
  });

  it("is changed only by who may give roles", async () => {
    const id = await make("Special", { isAssignableToRole: true });
    context.tenant.deployer.revoke("RoleManagement.ReadWrite.Directory");
    graph = await Graph.connect(context);
    const other = await graph.call("POST", "/groups", wish("Other", { isAssignableToRole: true }));
    expect([
      other.status,
      (await add(id, ada)).status,
      (await graph.call("DELETE", `/groups/${id}`)).status,
      (await add(await make("Plain"), ada)).status,
    ]).toEqual([403, 403, 403, 204]);
  });
});

describe("a group of Microsoft 365", () => {
  const unified = { groupTypes: ["Unified"], mailEnabled: true, securityEnabled: false };

  it("has an address, and users as members", async () => {
    const made = await graph.must("POST", "/groups", wish("Team", unified));
    const mail = "Team@contoso.onmicrosoft.com";
    expect(made).toMatchObject({
      mail,
      proxyAddresses: [`SMTP:${mail}`],
      renewedDateTime: made.createdDateTime,
      visibility: "Public",
      description: null,
    });
    expect((await graph.must("GET", `/groups/${made.id}`)).description).toBe("Team");
    await graph.must("PATCH", `/groups/${made.id}`, { description: null });
    expect((await graph.must("GET", `/groups/${made.id}`)).description).toBeNull();
    const { servicePrincipalId } = await makeApp(graph);
    expect([
      (await add(made.id, ada)).status,
      (await add(made.id, servicePrincipalId)).status,
      (await add(await make("Outer"), made.id)).status,
      (await graph.call("POST", `/groups/${made.id}/renew`)).status,
    ]).toEqual([204, 400, 400, 204]);
  });

  it("is private where it is assignable to roles", async () => {
    const roles = { ...unified, securityEnabled: true, isAssignableToRole: true };
    const made = await graph.must("POST", "/groups", wish("Special", roles));
    expect(made.visibility).toBe("Private");
  });

  it("is restored with its members, unless another has its nickname by then", async () => {
    const bound = { ...unified, "members@odata.bind": [bind(ada)] };
    const id = await make("Team", bound);
    const deleted = "/directory/deletedItems";
    await graph.must("DELETE", `/groups/${id}`);
    expect((await graph.call("GET", `/groups/${id}`)).status).toBe(404);
    expect(
      await namesAt(`${deleted}/microsoft.graph.group?$filter=mailNickname eq 'team'`),
    ).toEqual(["Team"]);
    const other = await make("Team", unified);
    expect((await graph.call("POST", `${deleted}/${id}/restore`)).status).toBe(400);
    await graph.must("DELETE", `/groups/${other}`);
    await graph.must("DELETE", `${deleted}/${other}`);
    expect(await graph.must("POST", `${deleted}/${id}/restore`)).toMatchObject({
      "@odata.type": "#microsoft.graph.group",
      id,
      mailNickname: "Team",
    });
    expect(await namesAt(`/groups/${id}/members`)).toEqual(["Ada"]);
    expect(await namesAt(`${deleted}/microsoft.graph.group`)).toEqual([]);
  });

  it("one of security is deleted for good", async () => {
    await graph.must("DELETE", `/groups/${await make("Gone")}`);
    expect(await namesAt("/directory/deletedItems/microsoft.graph.group")).toEqual([]);
  });

  it.each([
    ["mail without being one", { mailEnabled: true }, "does not currently support writes of mail"],
    ["neither mail nor security", { securityEnabled: false }, "does not currently support writes"],
    ["no mail", { ...unified, mailEnabled: false }, "does not currently support writes"],
    ["a nickname that is taken", { ...unified, mailNickname: "TAKEN" }, "property mailNickname"],
    ["an unknown type", { groupTypes: ["Other"] }, "groupTypes"],
    ["a rule that is missing", { groupTypes: ["DynamicMembership"] }, "membershipRule"],
    [
      "roles for members that a rule chooses",
      { groupTypes: ["DynamicMembership"], membershipRule: "x", isAssignableToRole: true },
      "groupTypes",
    ],
    ["roles and no security", { ...unified, isAssignableToRole: true }, "securityEnabled"],
  ])("is not made with %s", async (_, rest, message) => {
    await make("Taken", unified);
    const { status, body } = await graph.call("POST", "/groups", wish("X", rest));
    expect([status, body.error.message]).toEqual([400, expect.stringContaining(message)]);
  });

  it("stays one, and members that a rule chooses are not added", async () => {
    const id = await make("Team", unified);
    expect((await graph.call("PATCH", `/groups/${id}`, { groupTypes: [] })).status).toBe(400);
    const dynamic = {
      groupTypes: ["Unified", "DynamicMembership"],
      membershipRule: 'user.department -eq "Sales"',
      membershipRuleProcessingState: "On",
    };
    await graph.must("PATCH", `/groups/${id}`, dynamic);
    expect((await add(id, ada)).status).toBe(400);
  });
});

it("a security group with an address is Exchange's, so Graph does not change it", async () => {
  const [{ id }] = (await graph.must("GET", "/groups?$filter=mailNickname eq 'sales'")).value;
  for (const [method, path, body] of [
    ["PATCH", "", { description: "x" }],
    ["DELETE", "", undefined],
    ["POST", "/members/$ref", { "@odata.id": bind(ada) }],
  ] as const) {
    const answer = await graph.call(method, `/groups/${id}${path}`, body);
    expect([answer.status, answer.body.error.message]).toEqual([
      400,
      "Cannot Update a mail-enabled security groups and or distribution list.",
    ]);
  }
});

it("an administrative unit has groups that are made as its members, and is restored with them", async () => {
  const unit = await graph.must("POST", "/directory/administrativeUnits", { displayName: "AU" });
  const path = `/directory/administrativeUnits/${unit.id}`;
  const made = await graph.must("POST", `${path}/members`, {
    "@odata.type": "#microsoft.graph.group",
    ...wish("Inside"),
  });
  expect(made["@odata.type"]).toBe("#microsoft.graph.group");
  await graph.must("DELETE", path);
  expect(await namesAt("/directory/deletedItems/microsoft.graph.administrativeUnit")).toEqual([
    "AU",
  ]);
  const item = `/directory/deletedItems/${unit.id}`;
  expect((await graph.call("DELETE", item)).status).toBe(403);
  await graph.must("POST", `${item}/restore`);
  expect(await namesAt(`${path}/members`)).toEqual(["Inside"]);
});

it("a body names its properties in any case, as CLI for Microsoft 365 does", async () => {
  const { mailNickname, ...rest } = wish("Cased");
  const made = await graph.must("POST", "/groups", { ...rest, mailNickName: mailNickname });
  expect(made.mailNickname).toBe("Cased");
});

describe("asked for the ids of what an object is a member of", () => {
  it("groups and roles are told, also through other groups, and only those of interest", async () => {
    const inner = await make("Inner", { isAssignableToRole: true });
    const [outer, other] = [await make("Outer"), await make("Other")];
    await add(inner, ada);
    await add(outer, inner);
    await giveRole(graph, inner, globalReader);
    const [role] = (await graph.must("GET", "/directoryRoles?$select=id")).value;
    context.tenant.deployer.grant("Directory.Read.All");
    graph = await Graph.connect(context);
    for (const path of [`/users/${ada}`, `/directoryObjects/${ada}`]) {
      const ask = async (action: string, body: object) =>
        (await graph.must("POST", `${path}/${action}`, body)).value as string[];
      const all = { securityEnabledOnly: false };
      expect((await ask("getMemberGroups", all)).sort()).toEqual([inner, outer].sort());
      expect(await ask("microsoft.graph.getMemberObjects", all)).toEqual(
        expect.arrayContaining([inner, outer, role.id]),
      );
      expect(await ask("checkMemberGroups", { groupIds: [outer, other] })).toEqual([outer]);
      expect(await ask("checkMemberObjects", { ids: [role.id, other] })).toEqual([role.id]);
    }
  });

  it("it is told with the object too, where that is asked for", async () => {
    const group = await make("Outer");
    await add(group, ada);
    const user = await graph.must("GET", `/users/${ada}?$expand=memberOf($select=id,displayName)`);
    expect(user.memberOf).toMatchObject([{ id: group, displayName: "Outer" }]);
  });

  it("the question has to be one", async () => {
    for (const [action, body] of [
      ["getMemberGroups", {}],
      ["checkMemberGroups", { groupIds: [] }],
      ["checkMemberObjects", { ids: Array.from({ length: 21 }, () => ada) }],
    ] as const) {
      expect((await graph.call("POST", `/users/${ada}/${action}`, body)).status).toBe(400);
    }
  });
});

it("a group takes what the azuread provider writes", async () => {
  const sent = {
    ...wish("Provided", { isAssignableToRole: true }),
    resourceBehaviorOptions: [],
    resourceProvisioningOptions: [],
    theme: null,
    writebackConfiguration: { isEnabled: false },
    "owners@odata.bind": [bind(context.tenant.deployer.servicePrincipalObjectId)],
  };
  const answer = await graph.call("POST", "/beta/groups", sent);
  expect([answer.status, answer.body.resourceBehaviorOptions]).toEqual([201, []]);
  const path = `/groups/${answer.body.id}`;
  const { writebackConfiguration } = await graph.must("GET", `/beta${path}`);
  expect(writebackConfiguration).toEqual({ isEnabled: false, onPremisesGroupType: null });
  const plain = await graph.must("POST", "/groups", wish("Plain"));
  const inBeta = await graph.must("GET", `/beta/groups/${plain.id}`);
  expect(inBeta.writebackConfiguration).toEqual({ isEnabled: null, onPremisesGroupType: null });
  expect(plain).not.toHaveProperty("writebackConfiguration");
});
