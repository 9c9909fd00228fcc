/**
 * Faults that are switched on per tenant: which requests they strike, what is answered, and
 * whether the request took effect.
 */
import { beforeEach, describe, expect, it } from "@jest/globals";
import type { Fault } from "../../simulator/faults/faults";
import { Graph, makeApp, microsoft, requestToken, resourceId, send } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated();
let graph: Graph;

beforeEach(async () => {
  graph = await Graph.connect(context);
});

const applications = () =>
  context.tenant.state().applications.map(({ displayName }) => displayName);
const create = (displayName = "New") => graph.call("POST", "/applications", { displayName });

describe("throttling", () => {
  it("answers 429 with Retry-After as often as wished, and does nothing", async () => {
    context.tenant.faults.add({ kind: "throttle", retryAfterSeconds: 7, times: 2 });
    for (let count = 0; count < 2; count += 1) {
      const answer = await create();
      expect([answer.status, answer.headers.get("retry-after"), answer.body.error.code]).toEqual([
        429,
        "7",
        "TooManyRequests",
      ]);
    }
    expect(applications()).toEqual(["Deployer"]);
    expect((await create()).status).toBe(201);
  });

  it("tells to retry at once unless told otherwise", async () => {
    context.tenant.faults.add({ kind: "throttle", times: 1 });
    expect((await create()).headers.get("retry-after")).toBe("0");
  });

  it("speaks each service's language", async () => {
    context.tenant.faults.add({ kind: "throttle" });
    const token = await requestToken(context, { client_secret: "x" });
    expect([token.status, token.body.error_codes]).toEqual([429, [50196]]);
    const exchange = await send(
      `${context.simulator.endpoints.exchange}/adminapi/beta/${context.tenant.tenantId}/InvokeCommand`,
      { method: "POST", body: "{}" },
    );
    expect(exchange.status).toBe(429);
    expect(exchange.body.error.innererror.internalexception.message).toContain(
      "maximum number of concurrent requests per tenant",
    );
  });
});

describe("server errors", () => {
  it.each([500, 502, 503, 504] as const)("%d before the write do nothing", async (status) => {
    context.tenant.faults.add({ kind: "serverError", status, phase: "before", times: 1 });
    const answer = await create();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([status, "0"]);
    expect(applications()).toEqual(["Deployer"]);
  });

  it("after the write hide that it took effect", async () => {
    context.tenant.faults.add({
      kind: "serverError",
      status: 503,
      phase: "after",
      times: 1,
      retryAfterSeconds: 1,
    });
    const answer = await create("Hidden");
    expect([answer.status, answer.body.error.code]).toEqual([503, "Service_ServiceUnavailable"]);
    expect(applications()).toEqual(["Deployer", "Hidden"]);
    expect(context.simulator.journal.entries({ method: "POST", status: 503 })).toMatchObject([
      { fault: "serverError", responseErrorCode: "Service_ServiceUnavailable" },
    ]);
  });

  it("strike the token endpoint too", async () => {
    context.tenant.faults.add({
      kind: "serverError",
      status: 503,
      phase: "before",
      times: 1,
      match: { path: /oauth2/ },
    });
    const client_secret = context.tenant.deployer.issueSecret();
    expect((await requestToken(context, { client_secret })).status).toBe(503);
    expect((await requestToken(context, { client_secret })).status).toBe(200);
  });
});

describe("replication", () => {
  it("lets a new application be written only after a while", async () => {
    context.tenant.faults.add({ kind: "writeReplicaLag", times: 2 });
    const { body } = await create();
    const patch = () => graph.call("PATCH", `/applications/${body.id}`, { notes: "x" });
    expect([(await patch()).status, (await patch()).status, (await patch()).status]).toEqual([
      404, 404, 204,
    ]);
    expect((await graph.call("GET", `/applications/${body.id}`)).status).toBe(200);
  });

  it("lets a new object be read only after a while, each on its own", async () => {
    context.tenant.faults.add({ kind: "readLag" });
    const first = (await create("First")).body.id;
    const second = (await create("Second")).body.id;
    const get = async (id: string, rest = "") =>
      (await graph.call("GET", `/applications/${id}${rest}`)).status;
    expect([
      await get(first),
      await get(second),
      await get(first),
      await get(second, "/owners"),
    ]).toEqual([404, 404, 200, 200]);
  });

  it("spares what was there before", async () => {
    const { body } = await create();
    context.tenant.faults.add({ kind: "readLag", times: 5 });
    expect((await graph.call("GET", `/applications/${body.id}`)).status).toBe(200);
  });

  it.each([
    ["notFound", 404, "Request_ResourceNotFound"],
    ["invalid", 400, "Request_BadRequest"],
  ] as const)(
    "lets a new principal be referred to only after a while: %s",
    async (answer, status, code) => {
      const resource = await resourceId(graph, microsoft.exchange);
      const { body: application } = await create();
      context.tenant.faults.add({
        kind: "referenceLag",
        answer,
        match: { path: /appRoleAssignedTo/ },
      });
      const { id } = await graph.must("POST", "/servicePrincipals", { appId: application.appId });
      const assign = () =>
        graph.call("POST", `/servicePrincipals/${resource}/appRoleAssignedTo`, {
          principalId: id,
          resourceId: resource,
          appRoleId: microsoft.manageAsApp,
        });
      const early = await assign();
      expect([early.status, early.body.error.code]).toEqual([status, code]);
      expect((await assign()).status).toBe(201);
    },
  );

  it("lets a new application back a service principal only after a while", async () => {
    context.tenant.faults.add({ kind: "referenceLag", match: { path: /servicePrincipals$/ } });
    const { body } = await create();
    const back = () => graph.call("POST", "/servicePrincipals", { appId: body.appId });
    const early = await back();
    expect([early.status, early.body.error.message]).toEqual([
      403,
      "When using this permission, the backing application of the service principal being created must in the local tenant",
    ]);
    expect((await back()).status).toBe(201);

    context.tenant.deployer.grant("Application.ReadWrite.All");
    graph = await Graph.connect(context);
    const { body: second } = await create();
    const all = await graph.call("POST", "/servicePrincipals", { appId: second.appId });
    expect([all.status, all.body.error.details]).toMatchObject([
      400,
      [{ code: "NoBackingApplicationObject" }],
    ]);
  });
});

describe("refusals", () => {
  it("permissionDenied answers 403 for what it matches", async () => {
    context.tenant.faults.add({
      kind: "permissionDenied",
      match: { path: /roleAssignments$/, method: "POST" },
    });
    const answer = await graph.call("POST", "/roleManagement/directory/roleAssignments", {});
    expect([answer.status, answer.body.error.code]).toEqual([403, "Authorization_RequestDenied"]);
    expect((await create()).status).toBe(201);
  });

  it("of Graph's kind do not touch the token endpoint and are not used up there", async () => {
    context.tenant.faults.add({ kind: "concurrencyConflict", nth: 1 });
    context.tenant.faults.add({ kind: "permissionDenied", nth: 2 });
    const client_secret = context.tenant.deployer.issueSecret();
    expect((await requestToken(context, { client_secret })).status).toBe(200);
    expect((await create()).status).toBe(409);
    expect((await create()).status).toBe(403);
  });

  it("a write that another one overtakes answers 409", async () => {
    const { id } = await makeApp(graph);
    context.tenant.faults.add({
      kind: "concurrencyConflict",
      times: 1,
      match: { method: "patch" },
    });
    const answer = await graph.call("PATCH", `/applications/${id}`, { notes: "x" });
    expect([answer.status, answer.body.error.code]).toEqual([
      409,
      "Directory_ConcurrencyViolation",
    ]);
    expect((await graph.call("PATCH", `/applications/${id}`, { notes: "x" })).status).toBe(204);
  });
});

describe("the network", () => {
  it("answers after the time of the fault", async () => {
    context.tenant.faults.add({ kind: "slow", delayMs: 120, times: 1 });
    const started = performance.now();
    expect((await create()).status).toBe(201);
    expect(performance.now() - started).toBeGreaterThanOrEqual(115);
  });

  it.each([
    ["before", ["Deployer"]],
    ["after", ["Deployer", "New"]],
  ] as const)("drops the connection %s the write", async (phase, left) => {
    context.tenant.faults.add({
      kind: "dropConnection",
      phase,
      times: 1,
      match: { method: "POST" },
    });
    await expect(create()).rejects.toThrow("fetch failed");
    expect(applications()).toEqual(left);
    expect(
      context.simulator.journal.entries({ method: "POST", path: /applications/ }),
    ).toMatchObject([{ status: 0, fault: "dropConnection" }]);
    expect((await graph.call("GET", "/applications")).status).toBe(200);
  });
});

describe("a fault", () => {
  it("can strike exactly the nth matching request, one after the other", async () => {
    const sequence = async () => {
      const statuses: number[] = [];
      for (const name of ["a", "b", "c"]) {
        statuses.push(
          (await create(name)).status,
          (await graph.call("GET", "/applications")).status,
        );
      }
      return statuses;
    };
    for (let nth = 1; nth <= 6; nth += 1) {
      const off = context.tenant.faults.add({ kind: "throttle", nth });
      const expected = [201, 200, 201, 200, 201, 200];
      expected[nth - 1] = 429;
      expect(await sequence()).toEqual(expected);
      off();
    }
  });

  it("is over when it is switched off, or all are", async () => {
    const fault: Fault = { kind: "permissionDenied" };
    const off = context.tenant.faults.add(fault);
    expect((await create()).status).toBe(403);
    off();
    expect((await create()).status).toBe(201);
    context.tenant.faults.add(fault);
    context.tenant.faults.add({ kind: "readLag", times: 100 });
    const { body } = await create();
    expect(body.error.code).toBe("Authorization_RequestDenied");
    context.tenant.faults.clear();
    const { body: made } = await create();
    expect((await graph.call("GET", `/applications/${made.id}`)).status).toBe(200);
  });

  it("counts by its own expression, whatever flags that has", async () => {
    context.tenant.faults.add({ kind: "throttle", match: { path: /applications/g } });
    expect([(await create()).status, (await create()).status, (await create()).status]).toEqual([
      429, 429, 429,
    ]);
  });

  it("of one tenant does not touch others", async () => {
    const other = context.simulator.addTenant({ initialDomain: "fabrikam.onmicrosoft.com" });
    context.tenant.faults.add({ kind: "throttle" });
    const there = await Graph.connect({ simulator: context.simulator, tenant: other });
    expect((await there.call("GET", "/applications")).status).toBe(200);
  });
});
