/** Tenants of one simulator: made, found, reset, told apart, and many of them at once. */
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { AdjustableClock } from "../support/adjustableClock";
import { startSimulator } from "../../simulator/simulator";
import { Collection } from "../../simulator/state/collection";
import { durationMilliseconds } from "../../simulator/graph/credentialPolicy";
import fc from "fast-check";
import { Graph, makeApp, requestToken } from "./support/clients";
import { throughCompiler } from "../support/compiler";
import { rsaKey } from "../support/keys";
import { simulated } from "./support/simulated";

// Every start makes three RSA keys.
const context = simulated();

describe("a tenant", () => {
  it("is found by id and domain, whatever the case", () => {
    const { simulator, tenant } = context;
    for (const name of [
      tenant.tenantId,
      tenant.tenantId.toUpperCase(),
      "Contoso.onmicrosoft.com",
    ]) {
      expect(simulator.tenant(name).tenantId).toBe(tenant.tenantId);
    }
    expect(() => simulator.tenant("fabrikam.com")).toThrow(
      "no tenant has the id or domain 'fabrikam.com'; there are: contoso.onmicrosoft.com",
    );
  });

  it("is known to others by id or domain, as Graph tells it", async () => {
    const { tenant } = context;
    tenant.deployer.grant("CrossTenantInformation.ReadBasic.All");
    const graph = await Graph.connect(context);
    const path = "/tenantRelationships/findTenantInformationBy";
    for (const key of [
      `TenantId(tenantId='${tenant.tenantId}')`,
      "DomainName(domainName='contoso.onmicrosoft.com')",
    ]) {
      expect(await graph.must("GET", path + key)).toMatchObject({
        tenantId: tenant.tenantId,
        displayName: "Contoso",
        defaultDomainName: "contoso.onmicrosoft.com",
      });
    }
    const statuses = ["DomainName(domainName='fabrikam.com')", "DomainName(tenantId='x')"].map(
      async (key) => (await graph.call("GET", path + key)).status,
    );
    expect(await Promise.all(statuses)).toEqual([404, 400]);
  });

  it("has an id and domains of its own", () => {
    const { simulator, tenant } = context;
    expect(() => simulator.addTenant({ initialDomain: "CONTOSO.onmicrosoft.com" })).toThrow(
      "'contoso.onmicrosoft.com' belongs to another tenant already",
    );
    expect(() =>
      simulator.addTenant({ initialDomain: "a.onmicrosoft.com", tenantId: tenant.tenantId }),
    ).toThrow(`tenantId '${tenant.tenantId}' belongs to another tenant already`);
    expect(() =>
      simulator.addTenant({ initialDomain: "b.onmicrosoft.com", cloud: "moon" as never }),
    ).toThrow(
      "cloud 'moon' of tenant 'b.onmicrosoft.com' is unknown; use one of global, usgovernment, dod, china",
    );
    expect(() =>
      simulator.addTenant({
        initialDomain: "c.onmicrosoft.com",
        deployer: { permissions: ["Everything"] },
      }),
    ).toThrow(
      "deployer permission 'Everything' is not one of those that the simulator's Microsoft Graph has",
    );
    expect(simulator.tenants().map(({ initialDomain }) => initialDomain)).toEqual([
      "contoso.onmicrosoft.com",
    ]);
  });

  it("is as it was made after a reset, and its deployer goes on", async () => {
    const before = context.tenant.state();
    const client_secret = context.tenant.deployer.issueSecret();
    const graph = await Graph.connect(context);
    await makeApp(graph);
    context.tenant.deployer.grant("Directory.ReadWrite.All");
    context.tenant.faults.add({ kind: "permissionDenied" });
    expect(context.tenant.state()).not.toEqual(before);

    context.tenant.reset();

    const after = context.tenant.state();
    const stable = ({ applications, servicePrincipals, domains }: typeof before) =>
      [applications, servicePrincipals, domains].map((list) => list.map(({ id }) => id));
    expect(stable(after)).toEqual(stable(before));
    expect(after.appRoleAssignments.map(({ appRoleId }) => appRoleId)).toEqual(
      before.appRoleAssignments.map(({ appRoleId }) => appRoleId),
    );
    expect((await requestToken(context, { client_secret })).status).toBe(200);
    expect((await graph.call("GET", "/applications")).status).toBe(200);
  });

  it("shows a state that nobody can change and that does not change", async () => {
    const state = context.tenant.state();
    expect(() => {
      (state.applications as unknown[]).push({});
    }).toThrow("not extensible");
    expect(() => {
      Object.assign(state.applications[0]!, { displayName: "x" });
    }).toThrow("read only");
    const copy = structuredClone(state);
    await makeApp(await Graph.connect(context));
    expect(state).toEqual(copy);
  });
});

describe("many tenants", () => {
  it("1,000 take less than 300 MB in one process", async () => {
    const root = join(__dirname, "..", "..");
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...throughCompiler, join(root, "simulator", "memory.ts"), "1000"],
      { cwd: root },
    );
    const report = JSON.parse(stdout) as { tenants: number; rssMiB: number };
    expect(report.tenants).toBe(1000);
    expect(report.rssMiB).toBeGreaterThan(20);
    expect(report.rssMiB).toBeLessThan(300);
  });
});

describe("starting", () => {
  it("takes wished ports, and free ones where they are taken", async () => {
    const first = await startSimulator({ makeKey: rsaKey });
    const port = Number(new URL(first.endpoints.login).port);
    await first.close();
    const second = await startSimulator({ ports: { http: port }, makeKey: rsaKey });
    const third = await startSimulator({ ports: { http: port }, makeKey: rsaKey });
    expect(second.endpoints.login).toBe(`http://127.0.0.1:${port}`);
    expect(third.endpoints.login).not.toBe(second.endpoints.login);
    await Promise.all([second.close(), third.close()]);
    await expect(fetch(second.endpoints.login)).rejects.toThrow("fetch failed");
  });

  it("makes an authority whose serial number needs no padding, which TLS would refuse", () => {
    const { serialNumber, ca } = new X509Certificate(context.simulator.caCertificatePem);
    expect([serialNumber, ca]).toEqual([expect.stringMatching(/^01[0-9A-F]{30}$/), true]);
  });

  it("answers the cloud's metadata as the azuread provider reads them", async () => {
    const { endpoints } = context.simulator;
    const response = await fetch(`${endpoints.login}/metadata/endpoints?api-version=2022-09-01`);
    expect(await response.json()).toEqual({
      name: "ApponlySimulator",
      resourceManager: endpoints.login,
      portal: endpoints.login,
      graphAudience: endpoints.graph,
      microsoftGraphResourceId: endpoints.graph,
      authentication: {
        loginEndpoint: endpoints.login,
        audiences: ["https://management.core.windows.net/", "https://management.azure.com/"],
        tenant: "common",
        identityProvider: "AAD",
      },
      suffixes: {},
    });
    expect(endpoints.metadataHost).toBe(new URL(endpoints.loginTls).host);
  });

  it("can give tokens a longer life", async () => {
    const simulator = await startSimulator({
      makeKey: rsaKey,
      tokenLifetimeSeconds: 7200,
      tenants: [{ initialDomain: "x.onmicrosoft.com" }],
    });
    const [tenant] = simulator.tenants();
    const answer = await requestToken(
      { simulator, tenant: tenant! },
      { client_secret: tenant!.deployer.issueSecret() },
    );
    expect(answer.body.expires_in).toBe(7200);
    await simulator.close();
  });
});

describe("the clock", () => {
  it("runs shifted, or stands still", async () => {
    const start = new Date("2030-01-01T00:00:00Z");
    const frozen = new AdjustableClock(start, { frozen: true });
    const moving = new AdjustableClock(start);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(frozen.now()).toEqual(start);
    expect(moving.now().getTime()).toBeGreaterThan(start.getTime());
    frozen.advance(1000);
    expect(frozen.now()).toEqual(new Date("2030-01-01T00:00:01Z"));
    moving.set(start);
    expect(moving.now().getTime() - start.getTime()).toBeLessThan(1000);
  });
});

describe("a collection", () => {
  it("finds by every index what a scan would find (property)", () => {
    type Item = { id: string; group: string };
    const step = fc.record({
      put: fc.boolean(),
      id: fc.constantFrom("a", "B", "c", "D"),
      group: fc.constantFrom("x", "Y", "z"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const collection = new Collection<Item>({ group: ({ group }) => group });
        const model = new Map<string, Item>();
        for (const { put, id, group } of steps) {
          if (put) {
            collection.put({ id, group });
            model.set(id, { id, group });
          } else {
            expect(collection.delete(id.toUpperCase())).toBe(model.delete(id));
          }
        }
        expect(collection.size).toBe(model.size);
        expect(collection.all()).toEqual([...model.values()]);
        for (const group of ["x", "Y", "z"]) {
          const sorted = (items: Item[]) => items.map(({ id }) => id).sort();
          expect(sorted(collection.findBy("group", group.toUpperCase()))).toEqual(
            sorted([...model.values()].filter((item) => item.group === group)),
          );
        }
      }),
    );
  });
});

describe("durations", () => {
  it.each([
    ["P90D", 90 * 86_400_000],
    ["P1Y", 365 * 86_400_000],
    ["P2W", 14 * 86_400_000],
    ["P4DT12H30M5S", ((4 * 24 + 12) * 60 + 30) * 60_000 + 5000],
  ])("%s is %d ms", (duration, expected) => {
    expect(durationMilliseconds(duration)).toBe(expected);
  });

  it.each(["", "P", "PT", "90D", "P1.5D", "P1DT"])("'%s' is not one", (duration) => {
    expect(() => durationMilliseconds(duration)).toThrow("is not an ISO 8601 duration");
  });
});
