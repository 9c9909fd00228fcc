/**
 * Query options, which every list and every object takes alike: by the types that the sets have,
 * not route by route.
 *
 * Does not prove that Graph lets each of these properties be filtered; docs and clients say so.
 */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { entitySets } from "../../simulator/graph/service";
import { graphAppRoles } from "../../simulator/seed/graphPermissions";
import { consent, Graph, giveRole, makeApp, microsoft, resourceId } from "./support/clients";
import { simulated } from "./support/simulated";

const users = ["ada", "bert"].map((name) => ({
  userPrincipalName: `${name}@contoso.onmicrosoft.com`,
  displayName: name,
}));
const needed = new Set(entitySets.flatMap(({ read, write = [] }) => [...read, ...write]));
const context = simulated({
  users,
  deployer: {
    permissions: graphAppRoles.map(({ value }) => value).filter((value) => needed.has(value)),
  },
});
const globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
let graph: Graph;
beforeEach(async () => {
  graph = await Graph.connect(context);
});

const eventual = { consistencylevel: "eventual" };
const query = (options: Record<string, string | undefined>) =>
  `?${Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `$${name}=${encodeURIComponent(value!)}`)
    .join("&")}`;
const namesOf = (body: { value: { displayName: string }[] }) =>
  body.value.map(({ displayName }) => displayName);
async function filtered(path: string, filter: string, headers = {}): Promise<string[]> {
  const count = "consistencylevel" in headers ? { count: "true" } : {};
  const answer = await graph.call("GET", path + query({ filter, ...count }), undefined, headers);
  expect([filter, answer.status, answer.text]).toEqual([filter, 200, expect.anything()]);
  return namesOf(answer.body);
}

describe("$filter", () => {
  beforeEach(async () => {
    await makeApp(graph, {
      displayName: "Alpha",
      tags: ["blue", "HideApp"],
      identifierUris: ["api://alpha"],
      description: "first",
      info: { termsOfServiceUrl: "https://alpha.example/terms" },
      web: { redirectUris: ["https://alpha.example", "http://localhost"] },
      spa: { redirectUris: ["https://spa.example"] },
      requiredResourceAccess: [
        {
          resourceAppId: microsoft.exchange,
          resourceAccess: [{ id: microsoft.manageAsApp, type: "Role" }],
        },
      ],
    });
    await makeApp(graph, { displayName: "alpine", tags: ["red"] });
    await makeApp(graph, { displayName: "Beta (old)", notes: "x" });
  });

  it.each([
    ["startswith(displayName,'ALP')", ["Alpha", "alpine"]],
    ["startsWith(displayName, 'alp') and tags/any(t:t eq 'red')", ["alpine"]],
    ["tags/any(tag: tag eq 'blue' or tag eq 'red')", ["Alpha", "alpine"]],
    ["(tags/any(t:t eq 'blue'))", ["Alpha"]],
    ["tags/any(t: startswith(t, 'Hide'))", ["Alpha"]],
    ["identifierUris/any(s:s eq 'api://alpha')", ["Alpha"]],
    ["displayName eq 'Alpha' or displayName eq 'Beta (old)'", ["Alpha", "Beta (old)"]],
    ["displayName in ('Alpha','Beta (old)')", ["Alpha", "Beta (old)"]],
    ["DisplayName eq 'alpha'", ["Alpha"]],
    [
      "displayName eq 'Alpha' and signInAudience eq 'AzureADMyOrg' or displayName eq 'alpine'",
      ["Alpha", "alpine"],
    ],
    ["displayName eq 'Alpha' and (displayName eq 'x' or displayName eq 'y')", []],
    ["displayName ge 'b' and displayName le 'c'", ["Beta (old)"]],
    ["createdDateTime gt 2020-01-01T00:00:00Z and displayName eq 'Alpha'", ["Alpha"]],
    ["uniqueName eq null and displayName eq 'Alpha'", ["Alpha"]],
  ])("reads %s", async (filter, names) => {
    expect(await filtered("/applications", filter)).toEqual(names);
  });

  it.each([
    ["displayName ne 'Alpha' and not startswith(displayName,'D')", ["alpine", "Beta (old)"]],
    ["not (displayName eq 'Alpha' or displayName eq 'Deployer')", ["alpine", "Beta (old)"]],
    ["endswith(displayName,'old)')", ["Beta (old)"]],
    ["web/redirectUris/any(u:u eq 'https://alpha.example')", ["Alpha"]],
    ["Web/RedirectUris/any(u:startswith(u,'http://'))", ["Alpha"]],
    ["spa/redirectUris/any(u:u eq 'https://spa.example') and signInAudience ne 'x'", ["Alpha"]],
    ["publicClient/redirectUris/any()", []],
    ["web/redirectUris/$count eq 2", ["Alpha"]],
    ["info/termsOfServiceUrl eq 'https://alpha.example/terms'", ["Alpha"]],
    ["description eq 'first'", ["Alpha"]],
    [
      `requiredResourceAccess/any(r:r/resourceAccess/any(a:a/id eq ${microsoft.manageAsApp})) and description ne null`,
      ["Alpha"],
    ],
  ])("reads %s as an advanced query only", async (filter, names) => {
    expect(await filtered("/applications", filter, eventual)).toEqual(names);
    for (const headers of [{}, eventual]) {
      const answer = await graph.call(
        "GET",
        `/applications${query({ filter })}`,
        undefined,
        headers,
      );
      expect([answer.status, answer.body.error.code]).toEqual([400, "Request_UnsupportedQuery"]);
    }
  });

  it.each([
    ["servicePrincipalNames/any(c:c eq 'api://alpha')", ["Alpha"]],
    ["servicePrincipalType eq 'Application' and startswith(displayName,'al')", ["Alpha", "alpine"]],
    ["accountEnabled eq false", []],
    [
      "appOwnerOrganizationId eq f8cdef31-a31e-4b4a-93e4-5f571e91255a",
      [
        "Microsoft Graph",
        "Office 365 Exchange Online",
        "Microsoft Exchange Online Protection",
        "Windows Azure Service Management API",
      ],
    ],
  ])("reads %s of service principals", async (filter, names) => {
    expect(await filtered("/servicePrincipals", filter)).toEqual(names);
  });

  it.each([
    ["displayName eq 'it's'", "Request_BadRequest"],
    ["displayName eq", "Request_BadRequest"],
    ["displayName eq 'a' or", "Request_BadRequest"],
    ["(displayName eq 'a'", "Request_BadRequest"],
    ["displayName", "Request_BadRequest"],
    ["displayName like 'a'", "Request_BadRequest"],
    ["colour eq 'red'", "Request_BadRequest"],
    ["displayName eq 1", "BadRequest"],
    ["notes eq 'a'", "Request_UnsupportedQuery"],
    ["contains(displayName,'a')", "Request_UnsupportedQuery"],
    ["displayName/any(d:d eq 'a')", "Request_UnsupportedQuery"],
    ["web/homePageUrl eq 'a'", "Request_UnsupportedQuery"],
    ["web/redirectUris/any(u:u eq 1)", "BadRequest"],
    ["passwordCredentials/any(p:p/displayName eq 'a')", "Request_UnsupportedQuery"],
    ["owners/any(o:o/id eq 'a')", "Request_UnsupportedQuery"],
    ["tags/all(t:t eq 'a')", "Request_UnsupportedQuery"],
  ])("refuses %s", async (filter, code) => {
    const answer = await graph.call("GET", `/applications${query({ filter })}`);
    expect([answer.status, answer.body.error.code]).toEqual([400, code]);
  });

  it("takes GUIDs of Edm.Guid without quotes and refuses them in quotes", async () => {
    const { servicePrincipalId } = await makeApp(graph, { displayName: "Granted" });
    const { resourceId: exchange } = await consent(
      graph,
      servicePrincipalId,
      microsoft.exchange,
      microsoft.manageAsApp,
    );
    const path = `/servicePrincipals/${exchange}/appRoleAssignedTo`;
    const ask = (filter: string) => graph.call("GET", path + query({ filter }));
    const found = await ask(`principalId eq ${servicePrincipalId}`);
    expect(found.body.value).toMatchObject([{ principalDisplayName: "Granted" }]);
    const quoted = await ask(`principalId eq '${servicePrincipalId}'`);
    expect([quoted.status, quoted.body.error.message]).toEqual([
      400,
      "A binary operator with incompatible types was detected. Found operand types 'Edm.Guid' and 'Edm.String' for operator kind 'Equal'.",
    ]);
    expect((await ask(`appRoleId eq ${microsoft.manageAsApp}`)).body.error.code).toBe(
      "Request_UnsupportedQuery",
    );
  });
});

describe("of objects of several types", () => {
  const members = (options: Record<string, string>) => query({ count: "true", ...options });
  let group: string;
  beforeEach(async () => {
    const { value } = await graph.must("GET", "/users");
    const bound = value.map(
      ({ id }: { id: string }) => `https://graph.microsoft.com/v1.0/users/${id}`,
    );
    const made = await graph.must("POST", "/groups", {
      displayName: "all",
      mailEnabled: false,
      mailNickname: "all",
      securityEnabled: true,
      "members@odata.bind": bound,
    });
    group = `/groups/${made.id}`;
    await graph.must("PATCH", `/users/${value[0].id}`, { userType: "Guest" });
  });

  it("a cast has the properties of its type, in filters, counts and answers", async () => {
    const path = `${group}/members/microsoft.graph.user`;
    const guests = members({ filter: "userType eq 'Guest'", select: "displayName,userType" });
    const { body } = await graph.call("GET", path + guests, undefined, eventual);
    expect([body["@odata.count"], body.value]).toEqual([
      1,
      [{ "@odata.type": "#microsoft.graph.user", displayName: "ada", userType: "Guest" }],
    ]);
    const count = (cast: string) =>
      graph.call("GET", `${group}/transitiveMembers/${cast}/$count`, undefined, eventual);
    expect([(await count("graph.user")).text, (await count("graph.device")).text]).toEqual([
      "2",
      "0",
    ]);
    expect(
      (await graph.call("GET", `${group}/members/microsoft.graph.group${guests}`)).status,
    ).toBe(400);
  });

  it("each leads to what its type does, also behind a cast", async () => {
    const [ada, bert] = (await graph.must("GET", "/users")).value;
    await graph.must("PUT", `/users/${ada.id}/manager/$ref`, {
      "@odata.id": `https://graph.microsoft.com/v1.0/users/${bert.id}`,
    });
    const expand = "$select=id&$expand=manager($select=displayName),manager($select=id)";
    for (const cast of ["", "/microsoft.graph.user"]) {
      const { value } = await graph.must("GET", `${group}/members${cast}?${expand}`);
      expect([cast, value[0].manager.displayName, value[1].manager]).toEqual([cast, "bert", null]);
    }
    const groups = await graph.must(
      "GET",
      `${group}/members?$expand=memberOf($select=displayName)`,
    );
    expect(groups.value[1].memberOf[0].displayName).toBe("all");
    for (const refused of ["microsoft.graph.group?$expand=manager", "?$expand=manager,memberOf"]) {
      expect((await graph.call("GET", `${group}/members/${refused}`)).status).toBe(400);
    }
  });

  it("each tells what its type tells, and more only where it is selected", async () => {
    const plain = (await graph.must("GET", `${group}/members`)).value[0];
    expect(plain).not.toHaveProperty("userType");
    const selected = await graph.must("GET", `${group}/members?$select=userType`);
    expect(selected.value.map(({ userType }: { userType: string }) => userType)).toEqual([
      "Guest",
      "Member",
    ]);
  });
});

it("$levels follows managers of one user, in advanced queries only", async () => {
  const [ada, bert] = (await graph.must("GET", "/users")).value;
  const reference = (id: string) => ({
    "@odata.id": `https://graph.microsoft.com/v1.0/users/${id}`,
  });
  // Each is the other's manager: what goes in a circle ends.
  await graph.must("PUT", `/users/${ada.id}/manager/$ref`, reference(bert.id));
  await graph.must("PUT", `/users/${bert.id}/manager/$ref`, reference(ada.id));
  const expand = (levels: string, count = "true") =>
    query({ expand: `manager($levels=${levels};$select=displayName)`, select: "id", count });
  const ask = (path: string, headers: Record<string, string> = eventual) =>
    graph.call("GET", path, undefined, headers);
  const path = `/users/${ada.id}`;
  expect((await ask(path + expand("max"))).body.manager).toMatchObject({
    displayName: "bert",
    manager: null,
  });
  expect((await ask(path + expand("1"))).body.manager).not.toHaveProperty("manager");
  for (const refused of [
    path + expand("max", "false"),
    path + expand("0"),
    path + expand("1001"),
    path + expand("many"),
    `/users${expand("max")}`,
    `/groups${query({ expand: "members($levels=max)", count: "true" })}`,
  ]) {
    expect([refused, (await ask(refused)).status]).toEqual([refused, 400]);
  }
  expect((await ask(path + expand("max"), {})).status).toBe(400);
});

it("what makes no difference to one object is taken, and an option without a value", async () => {
  const [{ id }] = (await graph.must("GET", "/users")).value;
  const asked = `/users/${id}?$top=999&$filter=&$count=true`;
  expect((await graph.must("GET", asked)).displayName).toBe("ada");
  expect((await graph.call("GET", `/users/${id}?$skip=`)).status).toBe(400);
});

describe("$select", () => {
  it("holds on objects and lists, in any spelling of the name", async () => {
    const [ada] = (await graph.must("GET", "/users?$select=ID,displayname")).value;
    expect(Object.keys(ada)).toEqual(["id", "displayName"]);
    expect(await graph.must("GET", `/users/${ada.id}?$select=displayName`)).toEqual({
      "@odata.context": expect.stringMatching(/#users\(displayName\)\/\$entity$/),
      displayName: "ada",
    });
    expect(
      await graph.must(
        "GET",
        `/roleManagement/directory/roleDefinitions/${globalReader}?select=displayName`,
      ),
    ).toEqual({ "@odata.context": expect.anything(), displayName: "Global Reader" });
  });

  it("gives key material of one application only", async () => {
    const list = await graph.must("GET", "/applications?$select=id,keyCredentials");
    expect(list.value[0].keyCredentials).toEqual([]);
  });
});

describe("$expand", () => {
  it("follows relations of objects and lists, with what is selected of them", async () => {
    const { id, servicePrincipalId } = await makeApp(graph, { displayName: "Owned" });
    const [ada] = (await graph.must("GET", "/users")).value;
    await graph.must("POST", `/applications/${id}/owners/$ref`, {
      "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${ada.id}`,
    });
    const app = await graph.must(
      "GET",
      `/applications/${id}?$select=id&$expand=owners($select=id)`,
    );
    expect(app).toMatchObject({
      id,
      owners: [{ "@odata.type": "#microsoft.graph.user", id: ada.id }],
    });
    expect(Object.keys(app.owners[0])).toEqual(["@odata.type", "id"]);

    await consent(graph, servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
    const list = await graph.must(
      "GET",
      `/servicePrincipals${query({ filter: "displayName eq 'Owned'", expand: "appRoleAssignments" })}`,
    );
    expect(list.value[0].appRoleAssignments).toMatchObject([{ appRoleId: microsoft.manageAsApp }]);

    await giveRole(graph, servicePrincipalId, globalReader);
    const path = "/roleManagement/directory/roleAssignments";
    const [assignment] = (await graph.must("GET", `${path}?$expand=principal,roleDefinition`))
      .value;
    expect(assignment).toMatchObject({
      principal: { "@odata.type": "#microsoft.graph.servicePrincipal", displayName: "Owned" },
      roleDefinition: { displayName: "Global Reader", isBuiltIn: true },
    });
    const roles = await graph.must("GET", "/directoryRoles?$expand=members");
    expect(roles.value[0].members).toMatchObject([{ id: servicePrincipalId }]);
  });

  it.each([
    "owners($top=1)",
    "owners($filter=displayName eq 'ada')",
    "owners($orderby=displayName)",
    "owners($count=true)",
    "owners($search=x)",
    "owners($skip=1)",
    "owners($expand=memberOf)",
    "owners($select=nope)",
    "owners($select=id;top=1)",
    "federatedIdentityCredentials($select=displayName)",
    "owners/federatedIdentityCredentials",
  ])("refuses %s, and ignores nothing within", async (expand) => {
    const { status } = await graph.call("GET", `/applications${query({ expand })}`);
    expect(status).toBe(400);
  });

  it("follows one relation of users, also where clients name it for each property", async () => {
    const [ada, bert] = (await graph.must("GET", "/users")).value;
    await graph.must("PUT", `/users/${ada.id}/manager/$ref`, {
      "@odata.id": `https://graph.microsoft.com/v1.0/users/${bert.id}`,
    });
    const path = `/users/${ada.id}?$select=id`;
    const twice = `${path}&$expand=manager($select=displayName),manager($select=mail,UserType)`;
    expect((await graph.must("GET", twice)).manager).toEqual({
      "@odata.type": "#microsoft.graph.user",
      displayName: "bert",
      mail: null,
      userType: "Member",
    });
    const two = await graph.call("GET", `${path}&$expand=manager,memberOf`);
    expect([two.status, two.body.error.message]).toEqual([
      400,
      "The result of parsing $expand contained at least 2 items, but the maximum allowed is 1.",
    ]);
  });

  it("makes pages of objects of the directory hold 100 at most", async () => {
    for (let made = 0; made < 101; made += 1) {
      await graph.must("POST", "/directory/administrativeUnits", { displayName: `u${made}` });
    }
    const units = (options: string) =>
      graph.must("GET", `/directory/administrativeUnits?$top=999${options}`);
    const first = await units("&$expand=members");
    expect([first.value.length, (await units("")).value.length]).toEqual([100, 101]);
    expect(first["@odata.nextLink"]).toContain("$skiptoken".replace("$", "%24"));
  });
});

describe("$search, $orderby and $count", () => {
  beforeEach(async () => {
    for (const displayName of ["Mail job", "Report of mail", "Another"]) {
      await graph.must("POST", "/applications", { displayName, description: "nightly" });
    }
  });

  it("find words, in the order that is asked, and say how many", async () => {
    const options = {
      search: '"displayName:mail" OR "displayName:another"',
      orderby: "displayName desc",
      count: "true",
      select: "displayName",
    };
    const answer = await graph.call("GET", `/applications${query(options)}`, undefined, eventual);
    expect([answer.body["@odata.count"], namesOf(answer.body)]).toEqual([
      3,
      ["Report of mail", "Mail job", "Another"],
    ]);
    const both = { search: '"displayName:mail" AND "description:night"' };
    const found = await graph.call("GET", `/applications${query(both)}`, undefined, eventual);
    expect(namesOf(found.body)).toEqual(["Mail job", "Report of mail"]);
  });

  it.each([
    [
      '"description:night" AND ("displayName:job" OR "displayName:another")',
      ["Mail job", "Another"],
    ],
    ['"displayName:job" OR "displayName:report" AND "description:day"', ["Mail job"]],
    ['(("displayName:another"))', ["Another"]],
    [String.raw`"displayName:m\"a"`, []],
  ])("search as %s says, AND before OR", async (search, names) => {
    const answer = await graph.call(
      "GET",
      `/applications${query({ search })}`,
      undefined,
      eventual,
    );
    expect(namesOf(answer.body)).toEqual(names);
  });

  it.each([
    '"displayName:a" "displayName:b"',
    '("displayName:a"',
    '"displayName:a")',
    '"displayName:a" AND',
    "()",
    '"displayName',
    "(".repeat(5_000),
  ])("refuse a search that is written as %.30s", async (search) => {
    const answer = await graph.call(
      "GET",
      `/applications${query({ search })}`,
      undefined,
      eventual,
    );
    expect(answer.status).toBe(400);
  });

  it("need the header, without which $count is ignored and the others are refused", async () => {
    const counted = await graph.must("GET", "/applications?$count=true");
    expect(counted).not.toHaveProperty("@odata.count");
    for (const options of [
      { search: '"displayName:mail"' },
      { filter: "displayName eq 'x'", orderby: "displayName" },
    ]) {
      const answer = await graph.call("GET", `/applications${query(options)}`);
      expect([answer.status, answer.body.error.code]).toEqual([400, "Request_UnsupportedQuery"]);
    }
  });

  it.each([
    ["applications", "displayName", 400],
    ["servicePrincipals", "createdDateTime desc", 400],
    ["groups", "displayName", 200],
    ["users", "userPrincipalName desc", 200],
    ["users", "createdDateTime", 400],
  ])("sort %s by %s without an advanced query: %i", async (set, orderby, status) => {
    const path = `/${set}${query({ orderby })}`;
    expect((await graph.call("GET", path)).status).toBe(status);
    const advanced = `/${set}${query({ orderby, count: "true" })}`;
    expect((await graph.call("GET", advanced, undefined, eventual)).status).toBe(200);
  });

  it("sort by nothing else, advanced or not", async () => {
    const path = `/applications${query({ orderby: "appId", count: "true" })}`;
    expect((await graph.call("GET", path, undefined, eventual)).status).toBe(400);
  });

  it("refuse a search that is not quoted", async () => {
    const path = `/applications${query({ search: "displayName:mail" })}`;
    expect((await graph.call("GET", path, undefined, eventual)).status).toBe(400);
  });

  it("count a list as plain text", async () => {
    const plain = await graph.call("GET", "/applications/$count", undefined, eventual);
    expect([plain.status, plain.text, plain.headers.get("content-type")]).toEqual([
      200,
      "4",
      expect.stringMatching(/^text\/plain/),
    ]);
    const filter = query({ filter: "startswith(displayName,'m')" });
    const some = await graph.call("GET", `/applications/$count${filter}`, undefined, eventual);
    expect(some.text).toBe("1");
    const without = await graph.call("GET", "/applications/$count");
    expect([without.status, without.body.error.message]).toEqual([
      400,
      "$count is not currently supported.",
    ]);
  });
});

describe("pages", () => {
  it("lose nothing when an object between two of them is deleted", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      ids.push((await makeApp(graph, { displayName: `Page ${index}` })).id);
    }
    const first = await graph.must("GET", "/applications?$top=3&$select=id,displayName");
    await graph.must("DELETE", `/applications/${ids[0]}`);
    const link = new URL(first["@odata.nextLink"]);
    const second = await graph.must("GET", link.pathname.replace("/v1.0", "") + link.search);
    expect(namesOf(second)).toEqual(["Page 2", "Page 3", "Page 4"]);
    // The same link again answers the same, as a client that lost an answer needs it.
    const again = await graph.must("GET", link.pathname.replace("/v1.0", "") + link.search);
    expect(namesOf(again)).toEqual(namesOf(second));
  });

  it.each(["abc", "-5", "0", "RFNwdAIAAQAAAx"])("refuse the token %s", async (token) => {
    const answer = await graph.call("GET", `/applications?$skiptoken=${token}`);
    expect(answer.status).toBe(400);
  });

  it.each(["0", "1000", "x", "1.5"])("refuse the size %s", async (size) => {
    expect((await graph.call("GET", `/applications?$top=${size}`)).status).toBe(400);
  });
});

/** Schedules of groups are listed only of a group or a principal, policies of roles only of a scope. */
const requiredFilter = (path: string) =>
  path.includes("/privilegedAccess/group/")
    ? query({ filter: `groupId eq 'x'` })
    : /roleManagementPolic(ies|yAssignments)$/.test(path)
      ? query({ filter: "scopeId eq '/' and scopeType eq 'DirectoryRole'" })
      : "";

/** Exchange's roles are only in beta. */
const versioned = (path: string) =>
  path.startsWith("/roleManagement/exchange/") ? `/beta${path}` : path;

const firstIdOf = async (path: string): Promise<string> =>
  (await graph.must("GET", path + requiredFilter(path))).value[0].id;

/** Every set, with ids of objects that exist where one is needed. */
describe("every list and every object", () => {
  it("refuses what it does not implement instead of ignoring it", async () => {
    const { id } = await makeApp(graph);
    const group = {
      displayName: "g",
      mailEnabled: false,
      mailNickname: "g",
      securityEnabled: true,
    };
    const parents: Readonly<Record<string, string>> = {
      servicePrincipals: await resourceId(graph, microsoft.exchange),
      groups: (await graph.must("POST", "/groups", group)).id,
      users: (await graph.must("GET", "/users")).value[0].id,
      directoryRoles: (
        await graph.must("POST", "/directoryRoles", { roleTemplateId: globalReader })
      ).id,
      "policies/roleManagementPolicies": await firstIdOf("/policies/roleManagementPolicies"),
      "policies/permissionGrantPolicies": "microsoft-application-admin",
      "roleManagement/directory/resourceNamespaces": "microsoft.directory",
    };
    for (const { paths } of entitySets) {
      for (const set of paths) {
        const key = Object.keys(parents).find((one) => set.startsWith(`/${one}/`));
        const path = versioned(set.replace(":id", parents[key ?? ""] ?? id));
        for (const options of [
          "$select=nope",
          "$filter=nope eq 'x'",
          "$expand=zzz",
          "$orderby=nope",
          "$skip=1",
          "$search=x",
        ]) {
          const answer = await graph.call("GET", `${path}?${options}`);
          expect([path, options, answer.status]).toEqual([path, options, 400]);
        }
        const [first] = (await graph.must("GET", path + requiredFilter(path))).value;
        for (const options of first === undefined
          ? []
          : ["$select=nope", "$filter=id eq 'x'", "$expand=zzz", "$orderby=id", "$search=x"]) {
          const answer = await graph.call("GET", `${path}/${first.id}?${options}`);
          expect([path, options, answer.status]).toEqual([path, options, 400]);
        }
      }
    }
  });

  it("knows every property that it answers, and no other", async () => {
    await makeApp(graph);
    for (const { paths, type } of entitySets) {
      const [path] = paths;
      const asked = versioned(path!) + requiredFilter(path!);
      const shown = path!.includes(":id") ? undefined : (await graph.must("GET", asked)).value[0];
      const names = Object.keys(shown ?? {}).filter((name) => !name.startsWith("@odata."));
      for (const name of names) {
        expect([type.name, Object.keys(type.properties)]).toEqual([
          type.name,
          expect.arrayContaining([name]),
        ]);
      }
      for (const name of [...type.filterable, ...(type.searchable ?? [])]) {
        const known = { ...type.properties, ...type.parts };
        expect([type.name, name, name in known]).toEqual([type.name, name, true]);
      }
    }
  });
});
