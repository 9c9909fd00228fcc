/**
 * What Graph clients send beside plain requests: Kiota's references by query, encoded signs, levels of
 * metadata, preflights of browsers, counts in filters, values of properties.
 *
 * Does not prove that Graph sends the headers of a preflight as they are here.
 */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { deployerToken, Graph, send } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({
  users: ["ada", "bob"].map((name) => ({
    userPrincipalName: `${name}@contoso.onmicrosoft.com`,
    displayName: name,
  })),
  deployer: {
    permissions: [
      "Application.ReadWrite.All",
      "Directory.ReadWrite.All",
      "Group.ReadWrite.All",
      "Organization.Read.All",
      "Policy.Read.All",
      "RoleManagement.ReadWrite.Directory",
      "User.Read.All",
    ],
  },
});
const eventual = { ConsistencyLevel: "eventual" };
let graph: Graph;
let token: string;
let application: string;
let users: { id: string }[];
beforeEach(async () => {
  token = await deployerToken(context);
  graph = Graph.with(context, token);
  users = (await graph.must("GET", "/users")).value;
});
const ask = (path: string, init: RequestInit = {}) =>
  send(context.simulator.endpoints.graph + path, {
    ...init,
    headers: { authorization: `Bearer ${token}`, ...init.headers },
  });
const addressOf = (id: string) => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`;

beforeEach(async () => {
  const made = await graph.must("POST", "/applications", {
    displayName: "habits",
    tags: ["one", "two"],
    web: { redirectUris: ["https://contoso.example"] },
  });
  application = `/v1.0/applications/${made.id}`;
});

describe("references", () => {
  it("are taken away by the query too, as Kiota's clients do", async () => {
    for (const parameter of ["@id", "$id"]) {
      const added = await ask(`${application}/owners/$ref`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        // The canonical form of OData.
        body: JSON.stringify({
          "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects('${users[0]!.id}')`,
        }),
      });
      expect(added.status).toBe(204);
      const query = new URLSearchParams({ [parameter]: addressOf(users[0]!.id) });
      const removed = await ask(`${application}/owners/$ref?${query}`, { method: "DELETE" });
      expect([parameter, removed.status]).toEqual([parameter, 204]);
    }
    expect((await ask(`${application}/owners`)).body.value).toEqual([]);
    expect((await ask(`${application}/owners/$ref`, { method: "DELETE" })).status).toBe(400);
  });

  it("are added to a group by one PATCH, all or none, and are 501 where they are not simulated", async () => {
    const { id } = await graph.must("POST", "/groups", {
      displayName: "many",
      mailEnabled: false,
      mailNickname: "many",
      securityEnabled: true,
    });
    const add = (bound: string[]) =>
      graph.call("PATCH", `/groups/${id}`, { "members@odata.bind": bound.map(addressOf) });
    const ids = users.map((user) => user.id);
    expect((await add([ids[0]!, "00000000-0000-0000-0000-000000000000"])).status).toBe(404);
    expect((await add(ids)).status).toBe(204);
    expect((await add([ids[0]!])).status).toBe(400);
    expect((await graph.must("GET", `/groups/${id}/members`)).value).toHaveLength(2);
    expect((await add(Array.from({ length: 21 }, () => ids[0]!))).status).toBe(400);

    const path = application.replace("/v1.0", "");
    const { status } = await graph.call("PATCH", path, { "owners@odata.bind": [] });
    expect(status).toBe(501);
    context.simulator.journal.clear();
  });
});

describe("keys in paths", () => {
  it("are unique names of groups, which are made where they are missing, and principal names", async () => {
    const upsert = () =>
      ask("/v1.0/groups(uniqueName='habits')", {
        method: "PATCH",
        headers: { "content-type": "application/json", prefer: "create-if-missing" },
        body: JSON.stringify({
          displayName: "habits",
          mailEnabled: false,
          mailNickname: "habits",
          securityEnabled: true,
        }),
      });
    expect([(await upsert()).status, (await upsert()).status]).toEqual([201, 204]);
    const user = await ask("/v1.0/users(userPrincipalName='ada@contoso.onmicrosoft.com')");
    expect(user.body.displayName).toBe("ada");
  });

  it("and signs may be encoded without need", async () => {
    expect((await ask("/v1.0/applications/%24count", { headers: eventual })).text).toBe("2");
    expect((await ask("/v1.0/%6Frganization")).status).toBe(200);
    const batch = await ask("/v1.0/%24batch", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ requests: [{ id: "1", method: "GET", url: "/organization" }] }),
    });
    expect(batch.body.responses[0].status).toBe(200);
  });
});

describe("answers", () => {
  it("are called OData, with as much metadata as the client wants", async () => {
    const path = "/v1.0/applications?$top=1&$select=id&$expand=owners&$count=true";
    const minimal = await ask(path, { headers: eventual });
    expect(minimal.headers.get("content-type")).toMatch(
      /^application\/json;odata\.metadata=minimal;/,
    );
    expect(minimal.headers.get("odata-version")).toBe("4.0");
    const none = await ask(path, {
      headers: { ...eventual, accept: "application/json;odata.metadata=none" },
    });
    expect(Object.keys(none.body).sort()).toEqual(["@odata.count", "@odata.nextLink", "value"]);
    expect(none.headers.get("content-type")).toContain("odata.metadata=none");
  });

  it("say of every photo that there is none", async () => {
    for (const path of ["photo", "photo/$value", "photos/48x48", "photos/48x48/$value"]) {
      const answer = await ask(`/v1.0/users/ada@contoso.onmicrosoft.com/${path}`);
      expect([answer.status, answer.body.error.code]).toEqual([404, "ImageNotFound"]);
    }
    const list = await ask("/v1.0/users/ada@contoso.onmicrosoft.com/photos");
    expect([list.status, list.body.value]).toEqual([200, []]);
    const nobody = await ask("/v1.0/users/none@contoso.onmicrosoft.com/photo");
    expect(nobody.body.error.code).toBe("Request_ResourceNotFound");
  });

  it("may be read by browsers", async () => {
    const headers = { origin: "https://contoso.example" };
    const preflight = await ask("/v1.0/applications", { method: "OPTIONS", headers });
    expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([
      200,
      "*",
    ]);
    for (const path of ["/v1.0/organization", "/v1.0/applications/none"]) {
      expect((await ask(path, { headers })).headers.get("access-control-allow-origin")).toBe("*");
    }
  });

  it("name what was selected and nobody has set", async () => {
    const path = `/v1.0/users/${users[0]!.id}?$select=city,assignedLicenses,signInActivity`;
    expect((await ask(path)).body).toMatchObject({
      city: null,
      assignedLicenses: [],
      signInActivity: null,
    });
  });

  it("are one value, a part of one, or its bare text", async () => {
    const web = await ask(`${application}/web`);
    expect([web.body.redirectUris, "value" in web.body]).toEqual([
      ["https://contoso.example"],
      false,
    ]);
    expect((await ask(`${application}/web/RedirectUris`)).body.value).toEqual([
      "https://contoso.example",
    ]);
    expect((await ask(`${application}/displayName/$value`)).text).toBe("habits");
    expect((await ask(`${application}/web/logoutUrl`)).status).toBe(204);
    expect((await ask(`${application}/web/nope`)).status).toBe(501);
    context.simulator.journal.clear();
  });

  it("are of one type where it is asked for", async () => {
    const path = `/v1.0/directoryObjects/${users[0]!.id}`;
    expect((await ask(`${path}/graph.user`)).body.id).toBe(users[0]!.id);
    expect((await ask(`${path}/microsoft.graph.group`)).status).toBe(404);
  });

  it("to /me say that nobody is signed in", async () => {
    for (const path of ["/v1.0/me", "/beta/me/messages"]) {
      const { status, body } = await ask(path);
      expect([status, body.error.message]).toEqual([
        400,
        "/me request is only valid with delegated authentication flow.",
      ]);
    }
  });
});

it.each([
  ["tags/$count eq 2", ["habits"]],
  ["tags/$count eq 0", ["Deployer"]],
  ["owners/$count eq 0 and tags/$count ge 1", ["habits"]],
])("a filter counts: %s", async (filter, found) => {
  const query = new URLSearchParams({ $filter: filter, $count: "true" });
  const { body } = await ask(`/v1.0/applications?${query}`, { headers: eventual });
  expect(body.value.map(({ displayName }: { displayName: string }) => displayName)).toEqual(found);
  expect((await ask(`/v1.0/applications?${query}`)).body.error.code).toBe(
    "Request_UnsupportedQuery",
  );
});

it("a filter counts only lists", async () => {
  const query = new URLSearchParams({ $filter: "displayName/$count eq 2", $count: "true" });
  const { body } = await ask(`/v1.0/applications?${query}`, { headers: eventual });
  expect(body.error.code).toBe("Request_UnsupportedQuery");
});

describe("audits", () => {
  it("read the licence and the policies of the tenant", async () => {
    const { value } = await graph.must("GET", "/subscribedSkus?$select=skuPartNumber");
    expect(value).toEqual([{ skuPartNumber: "AAD_PREMIUM_P2" }]);
    expect(
      await graph.must("GET", "/policies/authorizationPolicy?$select=allowInvitesFrom"),
    ).toMatchObject({ allowInvitesFrom: "everyone" });
    expect((await graph.must("GET", "/policies/adminConsentRequestPolicy")).isEnabled).toBe(false);
  });

  it("read who holds a role through groups, in beta", async () => {
    const { id } = await graph.must("POST", "/groups", {
      displayName: "holders",
      mailEnabled: false,
      mailNickname: "holders",
      securityEnabled: true,
      isAssignableToRole: true,
      "members@odata.bind": [addressOf(users[1]!.id)],
    });
    await graph.must("POST", "/roleManagement/directory/roleAssignments", {
      principalId: id,
      roleDefinitionId: "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
      directoryScopeId: "/",
    });
    const query = new URLSearchParams({
      $filter: `principalId eq '${users[1]!.id}'`,
      $count: "true",
    });
    const path = `roleManagement/directory/transitiveRoleAssignments?${query}`;
    const { body } = await ask(`/beta/${path}`, { headers: eventual });
    expect(body.value).toMatchObject([{ principalId: id }]);
    expect((await ask(`/beta/${path}`)).status).toBe(400);
    expect((await ask(`/v1.0/${path}`, { headers: eventual })).status).toBe(400);
  });
});
