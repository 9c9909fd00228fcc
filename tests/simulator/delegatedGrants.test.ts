/** Consents to delegated permissions, objects by their ids, and relations to partners. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { Graph, makeApp, microsoft, resourceId } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({
  users: [{ userPrincipalName: "ada@contoso.onmicrosoft.com", displayName: "Ada" }],
  deployer: {
    permissions: [
      "Application.ReadWrite.All",
      "DelegatedPermissionGrant.ReadWrite.All",
      "DelegatedAdminRelationship.Read.All",
      "Directory.Read.All",
    ],
  },
});
const set = "/oauth2PermissionGrants";
let graph: Graph;
let clientId: string;
let graphId: string;
let ada: string;
beforeEach(async () => {
  graph = await Graph.connect(context);
  clientId = (await makeApp(graph, { displayName: "Client" })).servicePrincipalId;
  graphId = await resourceId(graph, microsoft.graph);
  ada = (await graph.must("GET", "/users?$select=id")).value[0].id;
});
const grant = (rest: object = {}) => ({
  clientId,
  consentType: "AllPrincipals",
  resourceId: graphId,
  scope: "User.Read",
  ...rest,
});

describe("a delegated grant", () => {
  it("is made, found from the client, changed and taken back", async () => {
    const made = await graph.must("POST", set, grant());
    expect(made).toMatchObject({ ...grant(), principalId: null });
    const ofUser = await graph.must(
      "POST",
      set,
      grant({ consentType: "Principal", principalId: ada, scope: "openid profile" }),
    );
    const filter = encodeURIComponent(`clientId eq '${clientId}' and consentType eq 'Principal'`);
    expect((await graph.must("GET", `${set}?$filter=${filter}`)).value).toMatchObject([
      { id: ofUser.id, principalId: ada },
    ]);
    expect(
      (await graph.must("GET", `/servicePrincipals/${clientId}/oauth2PermissionGrants`)).value,
    ).toHaveLength(2);

    await graph.must("PATCH", `${set}/${made.id}`, { scope: "User.Read email" });
    expect((await graph.must("GET", `${set}/${made.id}`)).scope).toBe("User.Read email");
    await graph.must("DELETE", `${set}/${made.id}`);
    expect((await graph.call("GET", `${set}/${made.id}`)).status).toBe(404);
  });

  it("goes with its client, and survives a restart in the state", async () => {
    await graph.must("POST", set, grant());
    const putBack = context.tenant.checkpoint();
    await graph.must("DELETE", `/servicePrincipals/${clientId}`);
    expect((await graph.must("GET", set)).value).toEqual([]);
    putBack();
    expect((await graph.must("GET", set)).value).toHaveLength(1);
  });

  it.each([
    ["twice for the same client and resource", {}, 409],
    ["for everyone and someone", { consentType: "Everyone" }, 400],
    ["for one user who is not named", { consentType: "Principal" }, 400],
    ["without a scope", { scope: "" }, 400],
    ["to a client that does not exist", { clientId: microsoft.manageAsApp }, 404],
    [
      "for a user who does not exist",
      { consentType: "Principal", principalId: microsoft.manageAsApp },
      404,
    ],
  ])("is refused %s", async (_, rest, status) => {
    await graph.must("POST", set, grant());
    expect((await graph.call("POST", set, grant(rest))).status).toBe(status);
  });

  it("cannot move to another client", async () => {
    const { id } = await graph.must("POST", set, grant());
    expect((await graph.call("PATCH", `${set}/${id}`, { clientId: graphId })).status).toBe(400);
  });

  it("needs a permission of its own to be made", async () => {
    context.tenant.deployer.revoke("DelegatedPermissionGrant.ReadWrite.All");
    const reader = await Graph.connect(context);
    expect((await reader.call("POST", set, grant())).status).toBe(403);
    expect((await reader.call("GET", set)).status).toBe(200);
  });
});

it("Microsoft Graph offers the permission that the portal gives to every application", async () => {
  const { value } = await graph.must("GET", `/servicePrincipals/${graphId}/oauth2PermissionScopes`);
  expect(value).toContainEqual(
    expect.objectContaining({
      id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
      value: "User.Read",
      isEnabled: true,
    }),
  );
});

describe("directory objects", () => {
  it("are found by id, whatever they are", async () => {
    expect(await graph.must("GET", `/directoryObjects/${ada}?$select=displayName`)).toMatchObject({
      "@odata.type": "#microsoft.graph.user",
      displayName: "Ada",
    });
    expect((await graph.call("GET", "/directoryObjects/nothing")).status).toBe(404);
  });

  it("are found many at once, narrowed to types", async () => {
    const ids = [ada, clientId, "88888888-8888-4888-8888-888888888888"];
    const objectsOfTypes = async (types?: string[]) =>
      (
        await graph.must("POST", "/directoryObjects/getByIds", {
          ids,
          ...(types === undefined ? {} : { types }),
        })
      ).value.map((one: { displayName: string }) => one.displayName);
    expect(await objectsOfTypes()).toEqual(["Ada", "Client"]);
    expect(await objectsOfTypes(["servicePrincipal"])).toEqual(["Client"]);
    expect((await graph.call("POST", "/directoryObjects/getByIds", {})).status).toBe(400);
  });
});

it("there are no partners", async () => {
  for (const path of ["/tenantRelationships/delegatedAdminRelationships", "/contracts"]) {
    expect((await graph.must("GET", path)).value).toEqual([]);
  }
});
