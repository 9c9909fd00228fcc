/** Paths as clients write them: casts, single properties, other spellings, operations. */
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
      `/APPLICATIONS/${id}`,
      `/myorganization/applications/${id}`,
      `/applications('${id}')`,
      `/applications(appid='${appId}')`,
      `/applications(uniqueName='unique')`,
    ]) {
      const answer = await graph.call("GET", path);
      expect([path, answer.status, answer.body.id]).toEqual([path, 200, id]);
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
    ["GET", "/applications/delta"],
    ["GET", "/servicePrincipals/delta"],
    ["GET", "/applications/microsoft.graph.agent"],
    ["POST", "/applications/validateProperties"],
    ["GET", "/applications/{id}/nonsense"],
    ["POST", "/applications/{id}/addKey"],
    ["GET", "/directory/deletedItems/graph.group"],
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
