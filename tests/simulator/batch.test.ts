/** Several requests in one: `POST /$batch`. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import type { JsonObject } from "../../simulator/json";
import { Graph, makeApp, send } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({
  deployer: { permissions: ["Application.ReadWrite.All", "Application.Read.All"] },
});
let graph: Graph;
beforeEach(async () => {
  graph = await Graph.connect(context);
});

const json = { "Content-Type": "application/json" };
const batch = (requests: JsonObject[]) => graph.call("POST", "/$batch", { requests });

it("answers each request under its id, with the status and body it would have by itself", async () => {
  const { id } = await makeApp(graph, { displayName: "Batched" });
  const { status, body } = await batch([
    { id: "1", method: "GET", url: `/applications/${id}?$select=displayName` },
    { id: "2", method: "GET", url: "applications/11111111-1111-4111-8111-111111111111" },
    { id: "3", method: "PATCH", url: `/applications/${id}`, headers: json, body: { notes: "n" } },
    { id: "4", method: "GET", url: "/users" },
  ]);
  expect(status).toBe(200);
  expect(body.responses).toMatchObject([
    { id: "1", status: 200, body: { displayName: "Batched" } },
    { id: "2", status: 404, body: { error: { code: "Request_ResourceNotFound" } } },
    { id: "3", status: 204 },
    { id: "4", status: 403, body: { error: { code: "Authorization_RequestDenied" } } },
  ]);
  expect(body.responses[2]).not.toHaveProperty("body");
  expect(context.tenant.state().applications.find((one) => one["id"] === id)).toMatchObject({
    notes: "n",
  });
});

it("runs what depends on others after them, and not at all when one of them failed", async () => {
  const create = { method: "POST", url: "/applications", headers: json };
  const { body } = await batch([
    { id: "a", ...create, body: { displayName: "First" } },
    { id: "b", ...create, body: { displayName: "" }, dependsOn: ["a"] },
    { id: "c", ...create, body: { displayName: "Never" }, dependsOn: ["b"] },
    { id: "d", ...create, body: { displayName: "Never" }, dependsOn: ["c"] },
  ]);
  expect(body.responses.map(({ status }: { status: number }) => status)).toEqual([
    201, 400, 424, 424,
  ]);
  expect(context.tenant.state().applications.map((one) => one["displayName"])).toEqual([
    "Deployer",
    "First",
  ]);
});

it("throttles single requests and not the batch", async () => {
  context.tenant.faults.add({ kind: "throttle", times: 1, retryAfterSeconds: 7 });
  const { status, body } = await batch([
    { id: "1", method: "GET", url: "/applications" },
    { id: "2", method: "GET", url: "/applications" },
  ]);
  expect(status).toBe(200);
  expect(body.responses).toMatchObject([
    { status: 429, headers: { "retry-after": "7" }, body: { error: { code: "TooManyRequests" } } },
    { status: 200 },
  ]);
});

it("journals every request in it, also one that has no route", async () => {
  await batch([
    { id: "1", method: "GET", url: "/applications?$top=1" },
    { id: "2", method: "GET", url: "/nonsense" },
  ]);
  expect(context.simulator.journal.entries({ path: /\/v1\.0\// }).slice(-3)).toMatchObject([
    { method: "GET", path: "/v1.0/applications", query: { $top: "1" }, status: 200 },
    { method: "GET", path: "/v1.0/nonsense", status: 501 },
    { method: "POST", path: "/v1.0/$batch", status: 200 },
  ]);
  expect(context.simulator.journal.unknownRoutes()).toHaveLength(1);
  context.simulator.journal.clear();
});

it("uses the version of its own path", async () => {
  const answer = await graph.call("POST", "/beta/$batch", {
    requests: [{ id: "1", method: "GET", url: "/applications" }],
  });
  expect(answer.body.responses[0].body["@odata.context"]).toContain("/beta/$metadata");
});

describe("a batch is refused as a whole", () => {
  const one = { method: "GET", url: "/applications" };
  const notHttp: readonly JsonObject[] = [
    { method: "https://example.org", url: "/applications" },
    { method: "TRACE", url: "/applications" },
    { method: "GET", url: "http://" },
    { ...one, headers: { accept: "\u{1f600}" } },
    { ...one, headers: { "a b": "x" } },
    { ...one, headers: { ...json, accept: "x" }, body: {} },
  ];

  it.each<[string, JsonObject[]]>([
    ["without requests", []],
    ["with more than 20", Array.from({ length: 21 }, (_, id) => ({ id: String(id), ...one }))],
    [
      "with an id twice",
      [
        { id: "1", ...one },
        { id: "1", ...one },
      ],
    ],
    ["without an id", [one]],
    ["with a body that has no type", [{ id: "1", method: "POST", url: "/applications", body: {} }]],
    ["that waits for what is not before it", [{ id: "1", ...one, dependsOn: ["2"] }]],
    ...notHttp.map((request): [string, JsonObject[]] => [
      `that HTTP does not allow: ${JSON.stringify(request)}`,
      [{ id: "1", ...request }],
    ]),
    ["in a batch", [{ id: "1", method: "POST", url: "/$batch", headers: json, body: {} }]],
  ])("%s", async (_, requests) => {
    const answer = await batch(requests);
    expect([answer.status, answer.body.error.code]).toEqual([400, "BadRequest"]);
  });

  it("before any of it is run", async () => {
    const make = { method: "POST", url: "/applications", headers: json };
    const answer = await batch([
      { id: "1", ...make, body: { displayName: "Never made" } },
      { id: "2", method: "POST", url: "/$batch", headers: json, body: {} },
    ]);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(context.tenant.state())).not.toContain("Never made");
  });

  it("without a token the whole batch is refused", async () => {
    const answer = await send(`${context.simulator.endpoints.graph}/v1.0/$batch`, {
      method: "POST",
      headers: json,
      body: JSON.stringify({ requests: [{ id: "1", ...one }] }),
    });
    expect(answer.status).toBe(401);
  });
});
