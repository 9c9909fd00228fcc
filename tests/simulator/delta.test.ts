/** Delta queries: what changed since a token, over pages, with selected properties. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { AdjustableClock } from "../support/adjustableClock";
import { Graph, makeApp } from "./support/clients";
import { simulated } from "./support/simulated";

const clock = new AdjustableClock();
const context = simulated(
  {
    deployer: { permissions: ["Application.ReadWrite.All", "Directory.ReadWrite.All"] },
    users: ["ada", "bob"].map((displayName) => ({
      userPrincipalName: `${displayName}@contoso.onmicrosoft.com`,
      displayName,
    })),
  },
  { clock },
);
let graph: Graph;
beforeEach(async () => {
  graph = await Graph.connect(context);
});

/** A whole round: what it tells, and the path that the next one begins with. */
async function round(path: string) {
  const told: { id: string; displayName?: string; "@removed"?: { reason: string } }[] = [];
  for (let next = path, pages = 1; ; pages += 1) {
    const page = await graph.must("GET", next);
    told.push(...page.value);
    const relative = (link: string) => link.replace(/^.*?\/v1\.0/, "");
    if (page["@odata.deltaLink"] !== undefined) {
      return { told, pages, deltaPath: relative(page["@odata.deltaLink"] as string) };
    }
    next = relative(page["@odata.nextLink"] as string);
  }
}

describe("a delta query", () => {
  it("tells everything first, and then only what was made, changed or removed", async () => {
    const [kept, changed, removed] = [
      await makeApp(graph),
      await makeApp(graph),
      await makeApp(graph),
    ];
    const first = await round("/applications/delta?$top=2");
    expect(first.pages).toBe(2);
    expect(first.told.map(({ id }) => id)).toEqual(
      expect.arrayContaining([kept.id, changed.id, removed.id]),
    );
    expect((await round(first.deltaPath)).told).toEqual([]);

    await graph.must("PATCH", `/applications/${changed.id}`, { displayName: "Other" });
    await graph.must("DELETE", `/applications/${removed.id}`);
    const made = await makeApp(graph);
    const second = await round(first.deltaPath);
    expect(second.told).toEqual([
      expect.objectContaining({ id: changed.id, displayName: "Other" }),
      expect.objectContaining({ id: made.id }),
      { id: removed.id, "@removed": { reason: "changed" } },
    ]);
    expect((await round(second.deltaPath)).told).toEqual([]);
  });

  it("tells who came to a group and who left it, and of other relations where they are selected", async () => {
    const [ada, bob] = (await graph.must("GET", "/users")).value as { id: string }[];
    const bound = (id: string) => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`;
    const group = await graph.must("POST", "/groups", {
      displayName: "g",
      mailEnabled: false,
      mailNickname: "g",
      securityEnabled: true,
      "members@odata.bind": [bound(ada!.id)],
    });
    const user = (id: string) => ({ "@odata.type": "#microsoft.graph.user", id });
    const all = await round("/groups/delta");
    expect(all.told).toMatchObject([{ displayName: "g", "members@delta": [user(ada!.id)] }]);
    const own = await round("/groups/delta?$select=displayName,owners");
    expect(own.told).toEqual([{ id: group.id, displayName: "g" }]);

    const path = `/groups/${group.id}`;
    for (const relation of ["members", "owners"]) {
      await graph.must("POST", `${path}/${relation}/$ref`, { "@odata.id": bound(bob!.id) });
    }
    await graph.must("DELETE", `${path}/members/${ada!.id}/$ref`);
    expect((await round(all.deltaPath)).told).toMatchObject([
      {
        id: group.id,
        "members@delta": [user(bob!.id), { ...user(ada!.id), "@removed": { reason: "deleted" } }],
      },
    ]);
    expect((await round(own.deltaPath)).told).toEqual([
      { id: group.id, displayName: "g", "owners@delta": [user(bob!.id)] },
    ]);
  });

  it("says that what cannot be restored is deleted", async () => {
    const { id } = await makeApp(graph);
    const { deltaPath } = await round("/applications/delta");
    await graph.must("DELETE", `/applications/${id}`);
    await graph.must("DELETE", `/directory/deletedItems/${id}`);
    expect((await round(deltaPath)).told).toEqual([{ id, "@removed": { reason: "deleted" } }]);
  });

  it("concerns only the properties that were selected, in the rounds that follow too", async () => {
    const { id } = await makeApp(graph);
    const { told, deltaPath } = await round("/applications/delta?$select=displayName,id");
    expect(Object.keys(told[0]!).sort()).toEqual(["displayName", "id"]);
    await graph.must("PATCH", `/applications/${id}`, { notes: "not selected" });
    expect((await round(deltaPath)).told).toEqual([]);
    await graph.must("PATCH", `/applications/${id}`, { displayName: "selected" });
    expect((await round(deltaPath)).told).toEqual([{ id, displayName: "selected" }]);
  });

  it("starts from now with the token 'latest', and takes filters by id only", async () => {
    const latest = await round("/servicePrincipals/delta?$deltatoken=latest");
    expect(latest.told).toEqual([]);
    const { id } = await makeApp(graph);
    expect((await round(`/applications/delta?$filter=id eq '${id}'`)).told).toMatchObject([{ id }]);
    for (const options of [
      "$filter=displayName eq 'App'",
      "$expand=owners",
      '$search="displayName:a"',
    ]) {
      const answer = await graph.call("GET", `/applications/delta?${options}`);
      expect([options, answer.status]).toEqual([options, 400]);
    }
    expect((await graph.call("GET", "/applications/delta?$deltatoken=abc")).status).toBe(400);
  });

  it("has links that hold for seven days", async () => {
    const { deltaPath } = await round("/applications/delta");
    const day = 86_400_000;
    clock.advance(6 * day);
    graph = await Graph.connect(context);
    expect((await graph.call("GET", deltaPath)).status).toBe(200);
    clock.advance(2 * day);
    graph = await Graph.connect(context);
    expect((await graph.call("GET", deltaPath)).status).toBe(400);
    clock.advance(-8 * day);
  });

  it.each([
    "groups",
    "users",
    "directoryRoles",
    "directory/administrativeUnits",
    "administrativeUnits",
  ])("is there for %s, written as Microsoft's libraries write it", async (set) => {
    for (const name of ["delta", "delta()", "microsoft.graph.delta()"]) {
      expect((await round(`/${set}/${name}`)).told).toHaveLength(set === "users" ? 2 : 0);
    }
  });
});
