/**
 * Every kind of request through a forward proxy that asks for a password, to hosts that only it can
 * resolve and whose authority only `SSL_CERT_FILE` names. Not proven here: a proxy that speaks TLS.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { Hono } from "hono";
import { exportToGitHub } from "../../../access/export/github/environment";
import { importIntoKeyVault } from "../../../access/export/keyVault/importCertificate";
import { readStackAccess } from "../../../access/export/stackAccess";
import { verify } from "../../../access/verify/verify";
import { clouds } from "../../../components/catalog/clouds";
import { openAzureDevOps } from "../../../forge/azureDevOps/openAzureDevOps";
import type { Forge } from "../../../forge/forge";
import { openGitHub } from "../../../forge/github/openGitHub";
import { graphClient } from "../../../microsoft/graph/client";
import { NoAnswer, send } from "../../../microsoft/http";
import { requestJobToken } from "../../../microsoft/jobToken";
import { acquireToken } from "../../../microsoft/tokens";
import { type AzureDevOpsApi, azureJob, startAzureDevOpsApi } from "../../support/azureDevOps/api";
import { makeGeneration, sampleOutputs } from "../../support/exportSample";
import { type ForwardProxy, startForwardProxy } from "../../support/forwardProxy";
import { type GitHubApi, startGitHubApi } from "../../support/github/api";
import {
  type GitHubEnvironments,
  startGitHubEnvironments,
} from "../../support/github/environments";
import { makeStep } from "../../support/github/step";
import { startKeyVault } from "../../support/keyVault";
import type { KeyVault } from "../../support/keyVaultState";
import { type LoopbackServer, serveOnLoopback } from "../../support/loopback";

const tenantId = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
const generation = makeGeneration("2026-11");
const trustedBefore = tls.getCACertificates("default");
const variables = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "SSL_CERT_FILE"];
const kept = variables
  .flatMap((name) => [name, name.toLowerCase()])
  .map((name) => [name, process.env[name]] as const);

let folder: string;
let microsoft: LoopbackServer;
let github: GitHubApi;
let environments: GitHubEnvironments;
let azure: AzureDevOpsApi;
let vault: KeyVault;
let proxy: ForwardProxy;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "apponly-proxy-"));
  [microsoft, github, environments, azure, vault] = await Promise.all([
    serveOnLoopback(microsoftApp()),
    startGitHubApi(),
    startGitHubEnvironments(),
    startAzureDevOpsApi(),
    startKeyVault(),
  ]);
  proxy = await startForwardProxy({
    "login.test": microsoft.url,
    "graph.test": microsoft.url,
    "outlook.test": microsoft.url,
    "compliance.test": microsoft.url,
    "jobs.test": microsoft.url,
    "api.github.test": github.url,
    "environments.github.test": environments.url,
    "dev.azure.test": azure.url,
    "contoso.vault.azure.net": vault.port,
  });
  const authorities = join(folder, "authorities.pem");
  await writeFile(authorities, `${proxy.caCertificatePem}\n${vault.caCertificatePem}`);
  kept.forEach(([name]) => delete process.env[name]);
  process.env.SSL_CERT_FILE = authorities;
});

beforeEach(() => {
  process.env.HTTPS_PROXY = proxy.url;
  process.env.HTTP_PROXY = proxy.url;
  // What is set otherwise has connections of its own, so that each test makes its tunnels anew.
  process.env.NO_PROXY = `${randomUUID()}.invalid`;
  proxy.asked.length = 0;
  proxy.refused.length = 0;
});

afterAll(async () => {
  for (const [name, value] of kept) {
    if (value === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = value;
    }
  }
  tls.setDefaultCACertificates(trustedBefore);
  await Promise.all(
    [proxy, microsoft, github, environments, azure, vault].map((one) => one.close()),
  );
  await rm(folder, { recursive: true, force: true });
});

/** Hosts that were reached by a tunnel, each once. */
const tunnels = () => {
  expect(proxy.refused).toEqual([]);
  return [...new Set(proxy.asked.map((one) => one.replace(/^CONNECT /, "")))].sort();
};

test("a token request goes through the proxy", async () => {
  await expect(token()).resolves.toContain(".");
  expect(tunnels()).toEqual(["login.test:443"]);
});

test("a request to Microsoft Graph goes through the proxy", async () => {
  const graph = graphClient({ login: "https://login.test", graph: "https://graph.test" }, "token");
  expect(await graph.api("/organization").get()).toEqual({ value: [{ id: tenantId }] });
  expect(tunnels()).toEqual(["graph.test:443"]);
});

test("a request for the token of a pipeline's job goes through the proxy", async () => {
  const answer = await requestJobToken({
    url: "https://jobs.test/job-token",
    bearer: "a secret of the job",
    audience: "api://AzureADTokenExchange",
    serviceConnectionId: "",
  });
  expect(answer).toMatchObject({ status: 200, token: "a token of the job" });
  expect(tunnels()).toEqual(["jobs.test:443"]);
});

test("both workloads of a verification are asked through the proxy", async () => {
  const { certificate, certificatePem, privateKeyPem } = generation;
  const report = await verify({
    endpoints: {
      authority: "https://login.test",
      workloads: { exchange: "https://outlook.test", compliance: "https://compliance.test" },
    },
    cloud: clouds.global,
    tenantId,
    applicationId: "36ee4c6c-0812-40a2-b820-b22ebd02bce3",
    organization: "contoso.onmicrosoft.com",
    workloads: ["exchange", "compliance"],
    generations: [
      {
        name: "2026-11",
        active: true,
        privateKeyPem,
        certificate: {
          notBefore: String(certificate.notBefore),
          notAfter: String(certificate.notAfter),
          certificatePem,
        },
      },
    ],
  });
  expect(report.chains.flatMap(({ diagnosis }) => diagnosis ?? [])).toEqual([]);
  expect(report.ok).toBe(true);
  expect(tunnels()).toEqual(["compliance.test:443", "login.test:443", "outlook.test:443"]);
});

test("an export to GitHub goes through the proxy", async () => {
  environments.addEnvironment("production", "required_reviewers");
  const { entries } = await exportToGitHub(
    {
      owner: "contoso",
      repository: "access",
      environment: "production",
      token: environments.token,
      apiUrl: "https://environments.github.test",
    },
    [{ name: "APPONLY_PFX", value: "secret" }],
    [],
    { spaced: false },
  );
  expect(entries).toHaveLength(1);
  expect(tunnels()).toEqual(["environments.github.test:443"]);
});

test("an import into Azure Key Vault goes through the proxy", async () => {
  const credential = {
    getToken: () =>
      Promise.resolve({ token: vault.token, expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  const { state } = await importIntoKeyVault(
    { vaultUrl: vault.vaultUrl, certificateName: "apponly" },
    readStackAccess("dev", sampleOutputs([generation])),
    credential,
  );
  expect(state).toBe("imported");
  expect(tunnels()).toEqual(["contoso.vault.azure.net:443"]);
});

test("a comment on a pull request of GitHub goes through the proxy", async () => {
  const { environment } = await makeStep({ apiUrl: "https://api.github.test" });
  const forge = await openGitHub(environment, { write: () => undefined, pace: { spaced: false } });
  await comment(forge);
  expect(github.comments).toHaveLength(1);
  expect(tunnels()).toEqual(["api.github.test:443"]);
});

describe("a comment on a pull request of Azure DevOps", () => {
  const openForge = (url = "https://dev.azure.test/contoso/") =>
    openAzureDevOps(azureJob({ url }), { write: () => undefined, pace: { second: 1 } });

  test("goes through the proxy", async () => {
    await comment(await openForge());
    expect(azure.threads).toHaveLength(1);
    expect(tunnels()).toEqual(["dev.azure.test:443"]);
  });

  test("does not where NO_PROXY names the host", async () => {
    process.env.NO_PROXY = "dev.azure.test";
    await expect(openForge()).rejects.toThrow(/could not be reached \((ENOTFOUND|EAI_AGAIN)\)/);
    expect(proxy.asked).toEqual([]);
  });

  test("does not where the host is this machine", async () => {
    await comment(await openForge(azure.url));
    expect(proxy.asked).toEqual([]);
  });
});

test("plain http, which everybody on the way could read, is refused before the proxy is asked", async () => {
  await expect(send("http://jobs.test/job-token?x=1", { method: "GET" })).rejects.toThrow(
    "http://jobs.test would get a credential without encryption.",
  );
  expect(proxy.asked).toEqual([]);
});

test.each(["login.test", ".test", "*.test, other.example", "login.test:443", "*"])(
  "NO_PROXY %j keeps the proxy out",
  async (value) => {
    process.env.NO_PROXY = value;
    await expect(token()).rejects.toMatchObject({
      name: "NoAnswer",
      code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
    });
    expect(proxy.asked).toEqual([]);
  },
);

test.each(["example.test", "login.test:8443", "ogin.test"])(
  "NO_PROXY %j says nothing about login.test",
  async (value) => {
    process.env.NO_PROXY = value;
    await token();
    expect(tunnels()).toEqual(["login.test:443"]);
  },
);

test("the variables count in lower case too", async () => {
  process.env.https_proxy = proxy.url;
  delete process.env.HTTPS_PROXY;
  try {
    await token();
  } finally {
    delete process.env.https_proxy;
  }
  expect(tunnels()).toEqual(["login.test:443"]);
});

test("a proxy never gets what is meant for this machine", async () => {
  expect((await send(`${microsoft.url}/job-token`, { method: "GET" })).status).toBe(200);
  expect(proxy.asked).toEqual([]);
});

test.each([
  ["no password", (url: string) => url.replace(/\/\/.*@/, "//"), /^ERR_PROXY_TUNNEL$/],
  ["a wrong password", (url: string) => url.replace(/:[^:@]*@/, ":hunter2@"), /^ERR_PROXY_TUNNEL$/],
])("a proxy that is asked with %s", async (_, change, code) => {
  process.env.HTTPS_PROXY = change(proxy.url);
  const failure = await send("https://login.test/", { method: "GET" }).catch(
    (error: unknown) => error as NoAnswer,
  );
  expect(failure).toMatchObject({ name: "NoAnswer", code: expect.stringMatching(code) });
  expect(JSON.stringify([failure, (failure as Error).message])).not.toMatch(/hunter2|p@ss/);
});

test("an authority that nobody has named is not trusted", async () => {
  const file = process.env.SSL_CERT_FILE;
  delete process.env.SSL_CERT_FILE;
  tls.setDefaultCACertificates(trustedBefore);
  try {
    await expect(send("https://login.test/", { method: "GET" })).rejects.toMatchObject({
      code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY/),
    });
    const extraCaPem = proxy.caCertificatePem;
    expect((await send("https://login.test/", { method: "GET", extraCaPem })).status).toBe(404);
  } finally {
    process.env.SSL_CERT_FILE = file;
  }
});

test("a variable that holds no address is named, and not its value", async () => {
  process.env.HTTPS_PROXY = "http://job:hunter2@proxy:port";
  await expect(token()).rejects.toThrow(/^(?!.*hunter2)HTTPS_PROXY is not the address of a proxy/);
});

const token = () =>
  acquireToken({
    endpoints: {
      authority: "https://login.test",
      workloads: { exchange: "https://outlook.test", compliance: "https://compliance.test" },
    },
    tenantId,
    clientId: "36ee4c6c-0812-40a2-b820-b22ebd02bce3",
    credential: {
      certificatePem: generation.certificatePem,
      privateKeyPem: generation.privateKeyPem,
    },
    resource: "https://outlook.office365.com",
  });

async function comment(forge: Forge): Promise<void> {
  const store = forge.comments(".");
  await store.list();
  await store.create("a report", true);
}

/** As much of Microsoft Entra ID, Microsoft Graph and the workloads as the tests above ask for. */
function microsoftApp(): Hono {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    aud: "https://outlook.office365.com",
    roles: ["Exchange.ManageAsApp"],
    wids: ["29232cdf-9323-42fd-ade2-1d097af3e4de", "17315797-102d-40b4-93e0-432062caca18"],
  };
  const app = new Hono();
  app.get("/:tenant/v2.0/.well-known/openid-configuration", (c) =>
    c.json({
      token_endpoint: `https://login.test/${tenantId}/oauth2/v2.0/token`,
      issuer: `https://login.test/${tenantId}/v2.0`,
      authorization_endpoint: `https://login.test/${tenantId}/oauth2/v2.0/authorize`,
      jwks_uri: `https://login.test/${tenantId}/keys`,
    }),
  );
  app.post("/:tenant/oauth2/v2.0/token", (c) =>
    c.json({
      token_type: "Bearer",
      expires_in: 3_600,
      access_token: `${encode({ alg: "none" })}.${encode(claims)}.signature`,
    }),
  );
  app.get("/v1.0/organization", (c) => c.json({ value: [{ id: tenantId }] }));
  app.get("/job-token", (c) => c.json({ value: "a token of the job" }));
  app.get("/adminapi/v1.0/:tenant/EXOModuleFile", (c) => c.json({ value: [] }));
  app.post("/adminapi/beta/:tenant/InvokeCommand", (c) => c.json({ value: [] }));
  return app;
}
