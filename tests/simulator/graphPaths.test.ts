/** Paths as clients write them: casts, single properties, other spellings, operations. */
import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { Graph, makeApp, microsoft } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({
  users: [{ userPrincipalName: "ada@contoso.onmicrosoft.com", displayName: "ada" }],
  deployer: { permissions: ["Application.ReadWrite.All", "Directory.ReadWrite.All"] },
});
let graph: Graph;
let id: string;
let appId: string;
beforeEach(async () => {
  graph = await Graph.connect(context);
  ({ id, appId } = await makeApp(graph, { displayName: "App", uniqueName: "unique" }));
});

describe("a path", () => {
  it("is taken in any case, with a slash at its end, and with the caller's organization in it", async () => {
    for (const path of [
      `/applications/${id}/`,
      `//applications//${id}`,
      `/APPLICATIONS/${id}`,
      `/myorganization/applications/${id}`,
      `/${context.tenant.tenantId}/applications/${id}`,
      `/contoso.onmicrosoft.com/applications/${id}`,
      `/applications('${id}')`,
      `/applications(appid='${appId}')`,
      `/applications(uniqueName='unique')`,
    ]) {
      const answer = await graph.call("GET", path);
      expect([path, answer.status, answer.body.id]).toEqual([path, 200, id]);
    }
  });

  it("names no other organization, whether it is there or not", async () => {
    const other = context.simulator.addTenant({ initialDomain: "fabrikam.onmicrosoft.com" });
    for (const name of [other.tenantId, other.initialDomain, "nowhere.example"]) {
      const answer = await graph.call("GET", `/${name}/applications`);
      expect([answer.status, answer.body.error.code]).toEqual([
        401,
        "Authorization_IdentityNotFound",
      ]);
    }
  });

  it("makes what an alternate key names and is not there, where that is preferred", async () => {
    const prefer = { prefer: "create-if-missing" };
    const path = "/applications(uniqueName='new')";
    expect((await graph.call("PATCH", path, { displayName: "New" })).status).toBe(404);
    const made = await graph.call("PATCH", path, { displayName: "New" }, prefer);
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({ displayName: "New", uniqueName: "new" }),
    ]);
    expect((await graph.call("PATCH", path, { displayName: "Newer" }, prefer)).status).toBe(204);
    expect(await graph.must("GET", path)).toMatchObject({ displayName: "Newer", id: made.body.id });
    const credential = `${path}/federatedIdentityCredentials(name='job')`;
    const body = { issuer: "https://issuer.example", subject: "s", audiences: ["a"] };
    expect((await graph.call("PATCH", credential, body, prefer)).body).toMatchObject({
      name: "job",
    });
    const principal = `/servicePrincipals(appId='${made.body.appId}')`;
    expect((await graph.call("PATCH", principal, {}, prefer)).status).toBe(201);
    // Sets with an alternate key, and sets without one.
    for (const set of ["/applications", "/groups", "/directory/administrativeUnits"]) {
      const missing = `${set}/${randomUUID()}`;
      expect([set, (await graph.call("PATCH", missing, {}, prefer)).status]).toEqual([set, 404]);
    }
  });

  it("names an application by its appId only with a GUID", async () => {
    const answer = await graph.call("GET", "/applications(appId='x')");
    expect([answer.status, answer.body.error.message]).toEqual([
      400,
      "Invalid value specified for object reference property 'appId'. Please ensure that this value has an appropriate syntax and length.",
    ]);
  });

  it("leads to a single property", async () => {
    const name = await graph.must("GET", `/applications/${id}/displayName`);
    expect(name).toEqual({
      "@odata.context": expect.stringMatching(/#applications\('.*'\)\/displayName$/),
      value: "App",
    });
    const roles = await graph.must(
      "GET",
      `/servicePrincipals(appId='${microsoft.exchange}')/appRoles`,
    );
    expect(roles.value.map(({ value }: { value: string }) => value)).toContain(
      "Exchange.ManageAsApp",
    );
    expect((await graph.call("GET", `/applications/${id}/notes`)).status).toBe(204);
  });

  it("narrows owners to a type, with and without Microsoft's prefix", async () => {
    const [ada] = (await graph.must("GET", "/users")).value;
    const { servicePrincipalObjectId } = context.tenant.deployer;
    for (const owner of [ada.id, servicePrincipalObjectId]) {
      await graph.must("POST", `/applications/${id}/owners/$ref`, {
        "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${owner}`,
      });
    }
    const ids = async (path: string) =>
      (await graph.must("GET", path)).value.map((one: { id: string }) => one.id);
    expect(await ids(`/applications/${id}/owners`)).toEqual([ada.id, servicePrincipalObjectId]);
    expect(await ids(`/applications/${id}/owners/microsoft.graph.user`)).toEqual([ada.id]);
    expect(await ids(`/applications/${id}/owners/graph.servicePrincipal`)).toEqual([
      servicePrincipalObjectId,
    ]);
    expect(await ids(`/applications/${id}/owners/$ref`)).toEqual([
      ada.id,
      servicePrincipalObjectId,
    ]);
  });

  it("leads to deleted applications by a cast without the prefix", async () => {
    await graph.must("DELETE", `/applications/${id}`);
    const deleted = await graph.must("GET", "/directory/deletedItems/graph.application");
    expect(deleted.value).toMatchObject([{ id, displayName: "App" }]);
  });
});

describe("what is not simulated", () => {
  it.each([
    ["GET", "/domains/delta"],
    ["GET", "/applications/microsoft.graph.agent"],
    ["POST", "/applications/validateProperties"],
    ["GET", "/applications/{id}/nonsense"],
    ["POST", "/applications/{id}/setVerifiedPublisher"],
    ["GET", "/directory/deletedItems/graph.device"],
    ["PUT", "/applications/{id}"],
  ])("is 501 and recorded, also where an id could stand: %s %s", async (method, template) => {
    const path = template.replace("{id}", id);
    const answer = await graph.call(method, path, method === "GET" ? undefined : {});
    expect([answer.status, answer.body.error.code]).toEqual([501, "NotImplemented"]);
    expect(context.simulator.journal.unknownRoutes()).toMatchObject([{ method, status: 501 }]);
    context.simulator.journal.clear();
  });

  it("is not what merely does not exist", async () => {
    expect((await graph.call("GET", "/applications/nothing")).status).toBe(404);
  });
});
