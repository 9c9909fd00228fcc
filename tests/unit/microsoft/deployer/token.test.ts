/**
 * The deployer's token by every way to sign in, from a simulated tenant. Not proven here: the Azure
 * CLI and a managed identity themselves, for which stand-ins answer.
 */
import { createPublicKey } from "node:crypto";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { exportJWK, SignJWT } from "jose";
import forge from "node-forge";
import { chooseSignIn } from "../../../../microsoft/deployer/signIn";
import { deployerOf } from "../../../../microsoft/deployer/deployer";
import { findAuthority } from "../../../../microsoft/deployer/authority";
import { readProviderSettings } from "../../../../microsoft/deployer/settings";
import { requestDeployerToken } from "../../../../microsoft/deployer/token";
import { keyCredential } from "../../../simulator/support/assertions";
import { Graph } from "../../../simulator/support/clients";
import { simulated } from "../../../simulator/support/simulated";
import { makeCertificate, type MadeCertificate } from "../../../support/certificates";
import { rsaKey } from "../../../support/keys";

const context = simulated();
const subject = "repo:contoso/exchange:environment:production";
const issuerKey = rsaKey();
const kid = "issuer-key";

let directory: string;
let server: Server;
let origin: string;
/** Requests to the stand-ins for an issuer, GitHub, Azure DevOps and a managed identity. */
let asked: { method: string; url: string; headers: IncomingMessage["headers"] }[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "apponly-token-"));
  const jwk = { ...(await exportJWK(createPublicKey(issuerKey))), kid, use: "sig", alg: "RS256" };
  server = createServer((request, response) => {
    const url = request.url ?? "";
    asked.push({ method: request.method ?? "", url, headers: request.headers });
    void (async () => {
      const answers: Record<string, unknown> = {
        "/keys": { keys: [jwk] },
        "/.well-known/openid-configuration": { issuer: origin, jwks_uri: `${origin}/keys` },
        "/github": { value: await jobToken() },
        "/azure-devops": { oidcToken: await jobToken() },
        "/refused": {},
        "/msi": { access_token: managedIdentityToken, token_type: "Bearer", expires_in: "3599" },
      };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answers[url.split("?")[0] ?? ""] ?? null));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await rm(directory, { recursive: true, force: true });
});

const managedIdentityToken = `e30.${Buffer.from(JSON.stringify({ oid: "identity", roles: ["A"], idtyp: "app" })).toString("base64url")}.x`;

async function jobToken(): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: "RS256", kid })
    .setIssuer(origin)
    .setSubject(subject)
    .setAudience("api://AzureADTokenExchange")
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(issuerKey);
}

/** Signs in with settings of the stack, against the simulated tenant. */
async function signIn(
  configuration: Record<string, string>,
  environment: Record<string, string> = {},
) {
  const { simulator, tenant } = context;
  const settings = await readProviderSettings(
    {
      tenantId: tenant.tenantId,
      clientId: tenant.deployer.clientId,
      metadataHost: simulator.endpoints.metadataHost,
      ...configuration,
    },
    environment,
  );
  const authority = await findAuthority(settings, simulator.caCertificatePem);
  const way = chooseSignIn(settings);
  const token = await requestDeployerToken(way, settings, authority, environment);
  return { method: way.method, deployer: deployerOf(token), token };
}

/** The application of the deployer, with the right to change it. */
async function deployerApplication(): Promise<{ graph: Graph; path: string }> {
  const { deployer } = context.tenant;
  deployer.grant("Application.ReadWrite.All");
  const graph = await Graph.connect(context);
  deployer.revoke("Application.ReadWrite.All");
  return { graph, path: `/applications(appId='${deployer.clientId}')` };
}

async function trustJobs(): Promise<void> {
  const { graph, path } = await deployerApplication();
  await graph.must("POST", `${path}/federatedIdentityCredentials`, {
    name: "pipeline",
    issuer: origin,
    subject,
    audiences: ["api://AzureADTokenExchange"],
  });
}

function expectDeployer({ deployer }: Awaited<ReturnType<typeof signIn>>): void {
  const { tenantId, deployer: own } = context.tenant;
  expect(deployer).toMatchObject({
    kind: "application",
    tenantId,
    applicationId: own.clientId,
    objectId: own.servicePrincipalObjectId,
    permissions: [
      "AppRoleAssignment.ReadWrite.All",
      "Application.Read.All",
      "Application.ReadWrite.OwnedBy",
      "Domain.Read.All",
      "RoleManagement.ReadWrite.Directory",
    ],
  });
}

it("a client secret signs in", async () => {
  const result = await signIn({ clientSecret: context.tenant.deployer.issueSecret() });
  expect(result.method).toBe("client secret");
  expectDeployer(result);
});

it("a wrong client secret is refused with what Entra says, and without the secret", async () => {
  const refused = signIn({ clientSecret: "a wrong secret of this test" });
  await expect(refused).rejects.toMatchObject({ name: "TokenRefused", code: 7000215, status: 401 });
  await expect(refused).rejects.not.toThrow(/a wrong secret/);
});

describe("a client certificate", () => {
  const password = "the password of this test";
  let certificate: MadeCertificate;
  let pfx: string;

  beforeAll(() => {
    certificate = makeCertificate({ commonName: "deployer.contoso.org" });
    const container = forge.pkcs12.toPkcs12Asn1(
      forge.pki.privateKeyFromPem(certificate.privateKeyPem),
      [forge.pki.certificateFromPem(certificate.certificatePem)],
      password,
      { algorithm: "3des" },
    );
    pfx = forge.util.encode64(forge.asn1.toDer(container).getBytes());
  });

  it("in a file, or as base64", async () => {
    const { graph, path } = await deployerApplication();
    await graph.must("PATCH", path, { keyCredentials: [keyCredential(certificate)] });
    const file = join(directory, "deployer.pfx");
    await writeFile(file, pfx, "base64");
    const sources: Record<string, string>[] = [
      { clientCertificatePath: file },
      { clientCertificate: pfx },
    ];
    for (const source of sources) {
      const result = await signIn({ ...source, clientCertificatePassword: password });
      expect(result.method).toBe("client certificate");
      expectDeployer(result);
    }
  });

  it("that cannot be opened is an error that names the setting and no secret", async () => {
    const refused = signIn({ clientCertificate: pfx, clientCertificatePassword: "wrong one" });
    await expect(refused).rejects.toThrow(/azuread:clientCertificate .* cannot be opened/);
    await expect(refused).rejects.not.toThrow(/wrong one/);
    const missing = join(directory, "none.pfx");
    await expect(signIn({ clientCertificatePath: missing })).rejects.toThrow(/cannot be read/);
  });
});

it("an OIDC token, given or in a file", async () => {
  await trustJobs();
  const file = join(directory, "token");
  await writeFile(file, await jobToken());
  const sources: Record<string, string>[] = [
    { oidcToken: await jobToken() },
    { oidcTokenFilePath: file },
  ];
  for (const source of sources) {
    const result = await signIn({ ...source, useOidc: "true" });
    expect(result.method).toBe("OIDC token");
    expectDeployer(result);
  }
});

it("the token of a job of GitHub Actions", async () => {
  await trustJobs();
  const result = await signIn(
    { useOidc: "true" },
    {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/github?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "bearer of the job",
    },
  );
  expect(result.method).toBe("OIDC of GitHub Actions");
  expectDeployer(result);
  expect(asked[0]).toMatchObject({
    method: "GET",
    url: `/github?api-version=2.0&audience=${encodeURIComponent("api://AzureADTokenExchange")}`,
    headers: { authorization: "Bearer bearer of the job" },
  });
});

it("the token of a job of Azure DevOps", async () => {
  await trustJobs();
  const result = await signIn(
    { useOidc: "true", adoPipelineServiceConnectionId: "connection" },
    { SYSTEM_OIDCREQUESTURI: `${origin}/azure-devops`, SYSTEM_ACCESSTOKEN: "bearer of the job" },
  );
  expect(result.method).toBe("OIDC of Azure DevOps");
  expectDeployer(result);
  expect(asked[0]).toMatchObject({
    method: "POST",
    headers: { authorization: "Bearer bearer of the job", "content-type": "application/json" },
  });
  expect(asked[0]?.url).toContain("serviceConnectionId=connection");
});

it("a job that may not ask for a token is told which permission it needs", async () => {
  const refused = signIn({
    useOidc: "true",
    oidcRequestUrl: `${origin}/refused`,
    oidcRequestToken: "bearer",
  });
  await expect(refused).rejects.toThrow(/id-token: write/);
  await expect(refused).rejects.not.toThrow(/bearer/i);
});

it("a managed identity signs in", async () => {
  const { deployer, method } = await signIn({ useMsi: "true", msiEndpoint: `${origin}/msi` });
  expect({ method, objectId: deployer.objectId }).toEqual({
    method: "managed identity",
    objectId: "identity",
  });
  const { graphTls: graph } = context.simulator.endpoints;
  expect(asked[0]).toMatchObject({ method: "GET", headers: { metadata: "true" } });
  expect(asked[0]?.url).toContain(`resource=${encodeURIComponent(graph)}`);
});

describe("the Azure CLI", () => {
  const token = `e30.${Buffer.from(JSON.stringify({ oid: "person", scp: "Directory.AccessAsUser.All", wids: ["e8611ab8-c189-46e8-94e1-60213ab1f814"] })).toString("base64url")}.x`;

  /** Puts an `az` on a PATH of its own, which writes down its arguments. */
  async function azureCli(account: object, exit = 0): Promise<Record<string, string>> {
    const folder = await mkdtemp(join(directory, "az-"));
    const script = join(folder, "az");
    const answers = { "account show": account, "account get-access-token": { accessToken: token } };
    await writeFile(
      script,
      `#!${process.execPath}
const args = process.argv.slice(2);
require("node:fs").appendFileSync(${JSON.stringify(join(folder, "asked"))}, args.join(" ") + "\\n");
console.log(JSON.stringify(${JSON.stringify(answers)}[args.slice(0, 2).join(" ")]));
process.exit(${exit});
`,
    );
    await chmod(script, 0o755);
    return { PATH: [folder, process.env.PATH].join(delimiter), ASKED: join(folder, "asked") };
  }

  const askedOf = async (environment: Record<string, string>) =>
    (await import("node:fs/promises"))
      .readFile(environment.ASKED ?? "", "utf8")
      .then((text) => text.trim().split("\n"));

  it("gives the token of the user who is signed in, for the tenant of the stack", async () => {
    const environment = await azureCli({ tenantId: "other", user: { type: "user", name: "a" } });
    const { method, deployer } = await signIn({}, environment);
    expect({ method, deployer }).toMatchObject({
      method: "Azure CLI",
      deployer: {
        kind: "user",
        objectId: "person",
        directoryRoles: ["e8611ab8-c189-46e8-94e1-60213ab1f814"],
      },
    });
    expect(await askedOf(environment)).toEqual([
      "account show -o=json",
      `account get-access-token --scope ${context.simulator.endpoints.graphTls}/.default --tenant ${context.tenant.tenantId} -o=json`,
    ]);
  });

  it("that is signed in as a managed identity is asked without a tenant", async () => {
    const user = { type: "servicePrincipal", name: "systemAssignedIdentity" };
    const environment = await azureCli({ tenantId: "other", user });
    await signIn({}, environment);
    expect((await askedOf(environment))[1]).not.toContain("--tenant");
  });

  it("that nobody is signed in to is an error that says how to", async () => {
    const environment = await azureCli({}, 1);
    await expect(signIn({}, environment)).rejects.toThrow(
      `az login --allow-no-subscriptions --tenant ${context.tenant.tenantId}`,
    );
    await expect(signIn({}, { PATH: directory })).rejects.toThrow(
      /`az account show` does not work/,
    );
  });

  it("is not given what is not a tenant", async () => {
    await expect(signIn({ tenantId: "x; rm -rf /", clientId: "" }, {})).rejects.toThrow(
      /is neither a tenant id nor a domain/,
    );
  });
});

it("a metadata host that answers otherwise is an error that names it", async () => {
  const { loginTls } = context.simulator.endpoints;
  const host = `${new URL(loginTls).host}/elsewhere`;
  await expect(signIn({ metadataHost: host, clientSecret: "x" })).rejects.toThrow(
    /without the endpoints of a cloud/,
  );
  context.simulator.journal.clear();
});
