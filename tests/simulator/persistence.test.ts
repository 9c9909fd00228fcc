/** What a simulator with a state file keeps between starts, and what it never writes. */
import { createServer } from "node:net";
import { rmSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startSimulator, type Simulator } from "../../simulator/simulator";
import type { SimulatorOptions } from "../../simulator/options";
import { makeCertificate } from "../support/certificates";
import { rsaKey } from "../support/keys";
import { clientAssertion, jwtBearer, keyCredential } from "./support/assertions";
import { consent, Graph, giveRole, makeApp, microsoft, requestToken } from "./support/clients";

// Every start makes up to three RSA keys.
let directory: string;
let stateFile: string;
const running: Simulator[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "apponly-simulator-"));
  stateFile = join(directory, "nested", "tenant.json");
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
  await rm(directory, { recursive: true });
});

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator({ stateFile, makeKey: rsaKey, ...options });
  running.push(simulator);
  return simulator;
}

async function stop(simulator: Simulator): Promise<void> {
  running.splice(running.indexOf(simulator), 1);
  await simulator.close();
}

describe("a second start", () => {
  it("has the same addresses, authority, tenants and objects", async () => {
    const first = await start();
    const tenant = first.addTenant({
      initialDomain: "contoso.onmicrosoft.com",
      domains: ["contoso.org"],
      users: [{ userPrincipalName: "admin@contoso.org", displayName: "Admin" }],
    });
    const graph = await Graph.connect({ simulator: first, tenant });
    const app = await makeApp(graph);
    const certificate = makeCertificate({ commonName: "x" });
    await graph.must("PATCH", `/applications/${app.id}`, {
      keyCredentials: [keyCredential(certificate)],
    });
    const { secretText } = await graph.must("POST", `/applications/${app.id}/addPassword`);
    await consent(graph, app.servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
    await giveRole(graph, app.servicePrincipalId, "f2ef992c-3afb-46b9-b7cf-a126ee74c451");
    const gone = await makeApp(graph);
    await graph.must("DELETE", `/applications/${gone.id}`);
    const before = tenant.state();
    await stop(first);

    const second = await start();
    const again = second.tenant("contoso.org");

    expect(second.endpoints).toEqual(first.endpoints);
    expect(second.caCertificatePem).toBe(first.caCertificatePem);
    expect(again.tenantId).toBe(tenant.tenantId);
    expect(again.deployer.clientId).toBe(tenant.deployer.clientId);
    expect(again.state()).toEqual(before);
    const context = { simulator: second, tenant: again };
    const answers = [
      await requestToken(context, { client_id: app.appId, client_secret: secretText }),
      await requestToken(context, {
        client_id: app.appId,
        client_assertion_type: jwtBearer,
        client_assertion: await clientAssertion(certificate, {
          clientId: app.appId,
          audience: `${second.endpoints.login}/${again.tenantId}/v2.0`,
        }),
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  it("does not know the deployer's secrets of the first", async () => {
    const first = await start();
    const tenant = first.addTenant({ initialDomain: "contoso.onmicrosoft.com" });
    const client_secret = tenant.deployer.issueSecret();
    await stop(first);
    const second = await start();
    const answer = await requestToken(
      { simulator: second, tenant: second.tenant(tenant.tenantId) },
      { client_secret },
    );
    expect(answer.body.error_codes).toEqual([7000215]);
  });

  it("takes a free port where the old one is taken", async () => {
    const first = await start();
    const { login } = first.endpoints;
    await stop(first);
    const blocker = createServer();
    await new Promise<void>((resolve) =>
      blocker.listen(Number(new URL(login).port), "127.0.0.1", resolve),
    );
    const second = await start();
    expect(second.endpoints.login).not.toBe(login);
    expect(second.endpoints.loginTls).toBe(first.endpoints.loginTls);
    expect((await fetch(`${second.endpoints.login}/common/discovery/instance`)).status).toBe(200);
    await new Promise((resolve) => blocker.close(resolve));
  });

  it("does not make tenants twice that are given at start", async () => {
    const tenants = [{ initialDomain: "contoso.onmicrosoft.com" }];
    const first = await start({ tenants });
    const [tenant] = first.tenants();
    await stop(first);
    const second = await start({ tenants });
    expect(second.tenants().map(({ tenantId }) => tenantId)).toEqual([tenant!.tenantId]);
  });
});

describe("the files", () => {
  it("can be read only by their owner and hold no secret", async () => {
    const simulator = await start();
    const tenant = simulator.addTenant({ initialDomain: "contoso.onmicrosoft.com" });
    const context = { simulator, tenant };
    const deployerSecret = tenant.deployer.issueSecret();
    const graph = await Graph.connect(context);
    const app = await makeApp(graph);
    const { secretText } = await graph.must("POST", `/applications/${app.id}/addPassword`);
    const token = (await requestToken(context, { client_id: app.appId, client_secret: secretText }))
      .body.access_token;
    await stop(simulator);

    const names = await readdir(join(directory, "nested"));
    expect(names.sort()).toEqual(["tenant.json", "tenant.tls.json"]);
    for (const name of names) {
      const { mode } = await stat(join(directory, "nested", name));
      if (process.platform !== "win32") {
        expect([name, mode & 0o777]).toEqual([name, 0o600]);
      }
    }
    const content = await readFile(stateFile, "utf8");
    for (const hidden of [deployerSecret, secretText, token, "PRIVATE KEY"]) {
      expect(content).not.toContain(hidden);
    }
    expect(content).toContain(app.appId);
  });

  it("are written soon after a change, without closing", async () => {
    const simulator = await start();
    simulator.addTenant({ initialDomain: "contoso.onmicrosoft.com" });
    const deadline = Date.now() + 5000;
    let content = "";
    while (!content.includes("contoso.onmicrosoft.com") && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      content = await readFile(stateFile, "utf8").catch(() => "");
    }
    expect(JSON.parse(content)).toMatchObject({
      version: 1,
      tenants: [{ identity: { initialDomain: "contoso.onmicrosoft.com" } }],
    });
  });

  it("that are damaged or of another version are refused with the remedy", async () => {
    await stop(await start());
    await writeFile(stateFile, "{");
    await expect(start()).rejects.toThrow(
      `stateFile '${stateFile}' is not JSON; move it away to start afresh`,
    );
    await writeFile(stateFile, JSON.stringify({ version: 99 }));
    await expect(start()).rejects.toThrow(
      "has version '99', this simulator reads version 1; move it away",
    );
  });

  it("with an authority that is damaged or does not fit get a new one", async () => {
    const first = await start();
    await stop(first);
    const tlsFile = join(directory, "nested", "tenant.tls.json");
    const material = JSON.parse(await readFile(tlsFile, "utf8")) as Record<string, string>;
    const keyPem = rsaKey().export({ type: "pkcs1", format: "pem" });
    for (const damaged of [
      "{",
      JSON.stringify({ ...material, keyPem }),
      JSON.stringify({ ...material, certificatePem: "x" }),
    ]) {
      await writeFile(tlsFile, damaged);
      const next = await start();
      expect(next.caCertificatePem).not.toBe(first.caCertificatePem);
      await stop(next);
    }
  });

  it("that cannot be written fail the close instead of being lost in silence", async () => {
    const simulator = await start();
    simulator.addTenant({ initialDomain: "contoso.onmicrosoft.com" });
    // At once: the simulator may be about to save, and would make the folder again.
    rmSync(join(directory, "nested"), { recursive: true });
    writeFileSync(join(directory, "nested"), "in the way");
    await expect(stop(simulator)).rejects.toThrow(`stateFile '${stateFile}' could not be written`);
    await rm(join(directory, "nested"));
  });
});
