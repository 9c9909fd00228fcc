/** What whoever runs the simulator can watch and put back: entries as they come, a tenant's state. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import type { JournalEntry } from "../../simulator/journal/journal";
import { Graph, makeApp } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated();
let graph: Graph;

beforeEach(async () => {
  graph = await Graph.connect(context);
});

const names = () => context.tenant.state().applications.map(({ displayName }) => displayName);

describe("a listener of the journal", () => {
  it("is told of each request once it has taken effect, until it unsubscribes", async () => {
    const seen: [JournalEntry["method"], unknown[]][] = [];
    const unsubscribe = context.simulator.journal.subscribe(({ method }) => {
      seen.push([method, names()]);
    });
    await graph.call("POST", "/applications", { displayName: "First" });
    unsubscribe();
    await graph.call("POST", "/applications", { displayName: "Second" });
    expect(seen).toEqual([["POST", ["Deployer", "First"]]]);
  });

  it("is told of a request whose connection was cut after it took effect", async () => {
    context.tenant.faults.add({ kind: "dropConnection", phase: "after", times: 1 });
    const seen: [number, unknown[]][] = [];
    context.simulator.journal.subscribe(({ status }) => seen.push([status, names()]));
    await expect(graph.call("POST", "/applications", { displayName: "First" })).rejects.toThrow();
    expect(seen).toEqual([[0, ["Deployer", "First"]]]);
  });
});

describe("a checkpoint", () => {
  it("puts everything back as it was, as often as called", async () => {
    const app = await makeApp(graph);
    const before = context.tenant.state();
    const restore = context.tenant.checkpoint();
    for (const round of ["one", "two"]) {
      await graph.call("PATCH", `/applications/${app.id}`, { displayName: round });
      await graph.call("POST", "/applications", { displayName: "New" });
      expect(context.tenant.state()).not.toEqual(before);
      restore();
      expect(context.tenant.state()).toEqual(before);
    }
  });
});

describe("a fault of requests that concern no tenant", () => {
  const metadata = () =>
    `${context.simulator.endpoints.login}/metadata/endpoints?api-version=2022-09-01`;

  it("strikes the metadata, and no request of a tenant", async () => {
    const switchOff = context.simulator.faults.add({
      kind: "serverError",
      status: 503,
      phase: "before",
    });
    expect((await fetch(metadata())).status).toBe(503);
    expect((await graph.call("POST", "/applications", { displayName: "x" })).status).toBe(201);
    switchOff();
    expect((await fetch(metadata())).status).toBe(200);
  });
});
