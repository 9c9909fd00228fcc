/**
 * One stack on the real engine, exported by the real command in every format, and each export read
 * back by something that did not write it. What GitHub, Azure Key Vault and the agents of pipelines
 * do is played by stand-ins; Windows, PowerShell and Docker are not proven.
 */
import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import tls from "node:tls";
import { parseEnv } from "node:util";
import { SecretClient } from "@azure/keyvault-secrets";
import { ConfidentialClientApplication } from "@azure/msal-node";
import Ajv2020 from "ajv/dist/2020";
import { readPfx } from "../../components/pkcs12/readPfx";
import { parseAgentCommand } from "../support/azureDevOps/agentCommand";
import { makeCertificate } from "../support/certificates";
import { type Commands, type Ended, startCommands, type Variables } from "../support/command";
import { readDockerEnvFile } from "../support/dockerEnvFile";
import { describeWithTool, findOpenssl } from "../support/externalTools";
import { failure as gitHubFailure } from "../support/github/answers";
import {
  type EnvironmentState,
  type GitHubEnvironments,
  startGitHubEnvironments,
} from "../support/github/environments";
import { type Journey, type JourneyStack, startJourney } from "../support/journey";
import { startKeyVault } from "../support/keyVault";
import type { KeyVault } from "../support/keyVaultState";
import { failure as vaultFailure } from "../support/keyVaultFailure";
import { callsOf, plainValue, powershellParser, syntaxErrors, treeOf } from "../support/powershell";
import { secretsIn, secretsOfGeneration } from "../support/secretForms";

const root = join(__dirname, "../..");
const trustedBefore = tls.getCACertificates("default");
let journey: Journey;
let stack: JourneyStack;
let github: GitHubEnvironments;
let production: EnvironmentState;
let vault: KeyVault;
let commands: Commands;
/** What must be in no log. */
let secrets: Record<string, Buffer>;
let outputs: {
  tenantId: string;
  applicationId: string;
  pfx: string;
  pfxPassword: string;
  certificates: { thumbprint: string; notAfter: string }[];
};

/** A recorder of every process that a command starts, in each process that runs commands. */
const recorder = `--require ${join(root, "tests/support/recordSpawns.js")}`;
const spawns = () => join(journey.directory, "spawns.ndjson");

/** Standard error without how far the command is. */
const withoutProgress = (stderr: string) => stderr.replace(/^✓ Pulumi CLI .*\n/gm, "");

/** What no machine that runs a test takes part in. */
const variables = (environment: Variables): Variables => ({
  ...journey.environment,
  HTTPS_PROXY: "",
  NODE_OPTIONS: recorder,
  APPONLY_TEST_SPAWNS: spawns(),
  ...environment,
});

/** Runs the command; the arguments of what it starts and its log are searched. */
async function apponly(args: string, environment: Variables = {}): Promise<Ended> {
  writeFileSync(spawns(), "");
  const ran = await commands.run(args.split(" "), stack.workDirectory, variables(environment));
  const started = readFileSync(spawns(), "utf8");
  // The recorder works: the engine was started, or the command line was at fault before that.
  expect(started.includes("pulumi") || ran.code !== 0).toBe(true);
  expect(secretsIn(started, secrets)).toEqual([]);
  expect(secretsIn(ran.stderr, secrets)).toEqual([]);
  return ran;
}

const vaultCa = () => join(journey.directory, "vault.pem");
const pathInFolder = (name: string) => join(stack.workDirectory, name);
const publicValues = () => ({
  APPONLY_TENANT_ID: outputs.tenantId,
  APPONLY_ORGANIZATION: "contoso.onmicrosoft.com",
  APPONLY_CLOUD: "global",
  APPONLY_APPLICATION_ID: outputs.applicationId,
  APPONLY_CERTIFICATE_THUMBPRINT: outputs.certificates[0]?.thumbprint,
  APPONLY_CERTIFICATE_NOT_AFTER: outputs.certificates[0]?.notAfter,
});
const secretValues = () => ({
  APPONLY_PFX: outputs.pfx,
  APPONLY_PFX_PASSWORD: outputs.pfxPassword,
});
const vaultEnvironment = () => ({
  NODE_EXTRA_CA_CERTS: vaultCa(),
  HTTPS_PROXY: vault.proxyUrl,
  NO_PROXY: "127.0.0.1",
  IDENTITY_ENDPOINT: vault.identityEndpoint,
  IDENTITY_HEADER: vault.identityHeader,
});
const gitHubEnvironment = () => ({ GITHUB_API_URL: github.url, GH_TOKEN: github.token });
const toGitHub =
  "export --stack dev --format github --repository contoso/access --environment production";
const toVault =
  "export --stack dev --format key-vault --vault https://contoso.vault.azure.net --certificate-name apponly";

beforeAll(async () => {
  journey = await startJourney();
  github = await startGitHubEnvironments();
  production = github.addEnvironment("production", "required_reviewers");
  vault = await startKeyVault();
  writeFileSync(vaultCa(), vault.caCertificatePem);
  // Node reads these when it starts.
  commands = startCommands({
    NODE_EXTRA_CA_CERTS: vaultCa(),
    NODE_OPTIONS: recorder,
    APPONLY_TEST_SPAWNS: spawns(),
  });
  stack = await journey.stack("dev", {
    displayName: "ExO PowerShell CBA",
    workloads: ["exchange", "compliance"],
    directoryRoles: ["Global Reader"],
    certificates: [{ name: "2026-11", subject: "contoso.org" }],
    federatedCredentials: [
      { name: "main", github: { repository: "contoso/access", branch: "main" } },
    ],
  });
  await stack.up();
  outputs = (await stack.outputs()) as unknown as typeof outputs;
  const { privateKeyPem } = readPfx(outputs.pfx, outputs.pfxPassword);
  secrets = secretsOfGeneration(privateKeyPem, outputs.pfx, outputs.pfxPassword);
});

afterAll(async () => {
  tls.setDefaultCACertificates(trustedBefore);
  delete process.env.HTTPS_PROXY;
  await commands.close();
  await Promise.all([journey.close(), github.close(), vault.close()]);
});

afterEach(() => {
  // Whatever a test did, the stand-ins were asked nothing they do not know.
  expect([...github.unknown, ...vault.unknown]).toEqual([]);
});

test("json: fits its schema, is stable, and has the key only where it is asked for", async () => {
  const schema = JSON.parse(
    readFileSync(join(root, "access/export/export.schema.json"), "utf8"),
  ) as object;
  const validate = new Ajv2020().compile(schema);
  const open = await apponly("export --stack dev --format json");
  expect(open.code).toBe(0);
  expect(secretsIn(open.stdout, secrets)).toEqual([]);
  const document = JSON.parse(open.stdout) as Record<string, unknown>;
  validate(document);
  expect(validate.errors).toBeNull();
  expect(document).toMatchObject({
    version: 1,
    stack: "dev",
    applicationId: outputs.applicationId,
    generation: "2026-11",
    workloads: ["exchange", "compliance"],
    connect: { exchange: { "access-token": expect.stringContaining("Connect-ExchangeOnline") } },
  });
  expect((await apponly("export --stack dev --format json")).stdout).toBe(open.stdout);

  const secret = await apponly("export --stack dev --format json --include-secrets --out dev.json");
  expect(secret).toMatchObject({ code: 0 });
  expect(secretsIn(secret.stdout, secrets)).toEqual([]);
  const written = JSON.parse(readFileSync(pathInFolder("dev.json"), "utf8")) as unknown;
  validate(written);
  expect(validate.errors).toBeNull();
  expect(written).toEqual({
    ...document,
    secrets: { pfx: outputs.pfx, pfxPassword: outputs.pfxPassword },
  });
});

test("env: a shell, a dotenv reader and Docker's rules give the same values", async () => {
  const { code, stdout } = await apponly(
    "export --stack dev --format env --include-secrets --out dev.env",
  );
  expect(code).toBe(0);
  expect(secretsIn(stdout, secrets)).toEqual([]);
  expect(statSync(pathInFolder("dev.env")).mode & 0o777).toBe(0o600);
  const expected = { ...publicValues(), ...secretValues() };
  const text = readFileSync(pathInFolder("dev.env"), "utf8");
  expect(parseEnv(text)).toEqual(expected);
  expect(readDockerEnvFile(text)).toEqual(expected);
  const shell = execFileSync(
    "bash",
    ["--norc", "-c", 'set -a; . "$1"; env', "bash", pathInFolder("dev.env")],
    {
      env: { PATH: process.env.PATH ?? "" },
      stdio: ["ignore", "pipe", "inherit"],
    },
  ).toString();
  expect(
    shell
      .split("\n")
      .filter((line) => line.startsWith("APPONLY_"))
      .sort(),
  ).toEqual(
    Object.entries(expected)
      .map(([name, value]) => `${name}=${value}`)
      .sort(),
  );
  const open = await apponly("export --stack dev --format env");
  expect(parseEnv(open.stdout)).toEqual(publicValues());
});

describeWithTool("pfx, cer and key-vault", findOpenssl(), ({ command: openssl }) => {
  test("pfx: OpenSSL opens it, and its key signs in", async () => {
    const { code } = await apponly(
      "export --stack dev --format pfx --out dev.pfx --password-out dev.password",
    );
    expect(code).toBe(0);
    for (const file of ["dev.pfx", "dev.password"]) {
      expect(statSync(pathInFolder(file)).mode & 0o777).toBe(0o600);
    }
    const read = (...what: string[]) =>
      execFileSync(
        openssl,
        [
          ...["pkcs12", "-in", pathInFolder("dev.pfx")],
          ...["-passin", `file:${pathInFolder("dev.password")}`, ...what],
        ],
        { stdio: ["ignore", "pipe", "ignore"] },
      ).toString();
    const certificate = new X509Certificate(read("-nokeys"));
    const { loginTls } = journey.simulator.endpoints;
    tls.setDefaultCACertificates([...trustedBefore, journey.simulator.caCertificatePem]);
    const client = new ConfidentialClientApplication({
      auth: {
        clientId: outputs.applicationId,
        authority: `${loginTls}/${outputs.tenantId}`,
        knownAuthorities: [new URL(loginTls).host],
        clientCertificate: {
          thumbprintSha256: createHash("sha256").update(certificate.raw).digest("hex"),
          privateKey: read("-nocerts", "-nodes"),
        },
      },
    });
    const token = await client.acquireTokenByClientCredential({
      scopes: ["https://outlook.office365.com/.default"],
    });
    const claims = JSON.parse(
      Buffer.from(token?.accessToken.split(".")[1] ?? "", "base64url").toString(),
    ) as unknown;
    expect(claims).toMatchObject({
      appid: outputs.applicationId,
      roles: ["Exchange.ManageAsApp"],
    });
  });

  test("cer: OpenSSL reads either encoding; it is the certificate in the tenant", async () => {
    await apponly("export --stack dev --format cer --out dev.cer");
    const pem = await apponly("export --stack dev --format cer --encoding pem");
    writeFileSync(pathInFolder("dev.pem"), pem.stdout);
    for (const [file, form] of [
      ["dev.cer", "der"],
      ["dev.pem", "pem"],
    ] as const) {
      const fingerprint = execFileSync(openssl, [
        ...["x509", "-in", pathInFolder(file), "-inform", form, "-noout", "-fingerprint", "-sha1"],
      ]).toString();
      expect(fingerprint.replace(/^.*=|:|\s/g, "")).toBe(outputs.certificates[0]?.thumbprint);
    }
    const own = journey.tenant
      .state()
      .applications.find(({ appId }) => appId === outputs.applicationId);
    const [credential] = own?.keyCredentials as { customKeyIdentifier: string }[];
    expect(credential?.customKeyIdentifier.toUpperCase()).toContain(
      outputs.certificates[0]?.thumbprint,
    );
  });

  test("key-vault: the SDK fetches the certificate with its key, and it is imported once", async () => {
    const first = await apponly(toVault, vaultEnvironment());
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /Imported https:\/\/contoso\.vault\.azure\.net\/certificates\/apponly\//,
      ),
    });
    expect(secretsIn(first.stdout, secrets)).toEqual([]);
    tls.setDefaultCACertificates([...trustedBefore, vault.caCertificatePem]);
    process.env.HTTPS_PROXY = vault.proxyUrl;
    const credential = {
      getToken: () => Promise.resolve({ token: vault.token, expiresOnTimestamp: Date.now() + 3e6 }),
    };
    const secret = await new SecretClient(vault.vaultUrl, credential).getSecret("apponly");
    const pem = execFileSync(openssl, ["pkcs12", "-nokeys", "-passin", "pass:"], {
      input: Buffer.from(secret.value ?? "", "base64"),
      stdio: ["pipe", "pipe", "ignore"],
    });
    expect(new X509Certificate(pem).fingerprint.replaceAll(":", "")).toBe(
      outputs.certificates[0]?.thumbprint,
    );
    const again = await apponly(toVault, vaultEnvironment());
    expect(again.stdout).toContain("is this certificate already; nothing was changed");
    expect(vault.imports).toHaveLength(1);
  });
});

test("powershell: the grammar reads it, with the values and a connection per workload", async () => {
  const parser = await powershellParser();
  const open = await apponly("export --stack dev --format powershell");
  expect(secretsIn(open.stdout, secrets)).toEqual([]);
  await apponly("export --stack dev --format powershell --include-secrets --out dev.ps1");
  const secret = readFileSync(pathInFolder("dev.ps1"), "utf8");
  for (const text of [open.stdout, secret]) {
    expect(syntaxErrors(parser, text)).toEqual([]);
    for (const name of ["Connect-ExchangeOnline", "Connect-IPPSSession"]) {
      const [call] = callsOf(treeOf(parser, text), name);
      expect(plainValue(call?.parameters.get("appid"))).toBe(outputs.applicationId);
      expect(plainValue(call?.parameters.get("organization"))).toBe("contoso.onmicrosoft.com");
    }
  }
  expect(secret).toContain(`$env:APPONLY_PFX_PASSWORD = "${outputs.pfxPassword}"`);
  const method = await apponly("export --stack dev --format powershell --method thumbprint");
  expect(method.stdout).toContain(
    `-CertificateThumbPrint "${outputs.certificates[0]?.thumbprint}"`,
  );
});

test("github: sealed boxes and variables arrive; in a job the secrets are masked first", async () => {
  const first = await apponly(toGitHub, { ...gitHubEnvironment(), GITHUB_ACTIONS: "true" });
  expect([first.code, withoutProgress(first.stderr)]).toEqual([
    0,
    expect.stringMatching(
      /^Noted in \S+ under apponly:exports, for `apponly retire --stack dev`: commit it\.\n$/,
    ),
  ]);
  expect(Object.fromEntries(production.secrets)).toEqual(secretValues());
  expect(Object.fromEntries(production.variables)).toEqual(publicValues());
  const lines = first.stdout.split("\n");
  const masks = lines.filter((line) => line.startsWith("::add-mask::"));
  expect(masks).toEqual([`::add-mask::${outputs.pfx}`, `::add-mask::${outputs.pfxPassword}`]);
  // The runner takes these lines out of the log; nothing else gives anything away.
  expect(secretsIn(lines.filter((line) => !masks.includes(line)).join("\n"), secrets)).toEqual([]);
  expect(first.stdout).toMatch(/created\s+secret\s+APPONLY_PFX\n/);

  const again = await apponly(toGitHub, gitHubEnvironment());
  expect(secretsIn(again.stdout, secrets)).toEqual([]);
  expect(again.stdout).toMatch(/updated\s+secret\s+APPONLY_PFX\n/);
  expect(again.stdout).toMatch(/unchanged\s+variable\s+APPONLY_TENANT_ID\n/);
});

test("azure-devops: the agent reads every variable, and takes the secrets for secrets", async () => {
  const { code, stdout } = await apponly("export --stack dev --format azure-devops", {
    TF_BUILD: "True",
  });
  expect(code).toBe(0);
  const lines = stdout.split("\n").filter((line) => line !== "");
  const commands = lines.map((line) => parseAgentCommand(line));
  // The agent keeps command lines out of the log, so every line has to be one.
  expect(commands).not.toContain(undefined);
  const valuesOf = (secret: boolean) =>
    Object.fromEntries(
      commands
        .filter((one) => (one?.properties.issecret === "true") === secret)
        .map((one) => [one?.properties.variable, one?.data]),
    );
  expect(valuesOf(true)).toEqual(secretValues());
  expect(valuesOf(false)).toEqual(publicValues());
});

test("nothing is written and nothing given away when something is wrong", async () => {
  const before = (await readdir(stack.workDirectory)).sort();
  production.secrets.clear();
  const echo = `sent: ${outputs.pfx} ${outputs.pfxPassword} ${encodeURIComponent(outputs.pfx)} ${Buffer.from(outputs.pfxPassword).toString("base64")}`;
  github.faults.add({
    method: "PUT",
    path: /APPONLY_PFX$/,
    answer: () => gitHubFailure(422, echo),
  });
  vault.certificates.clear();
  vault.faults.add({
    method: "POST",
    path: /import$/,
    answer: () => vaultFailure(400, "BadParameter", echo),
  });
  const attempts: [string, Record<string, string>, number][] = [
    ["export --stack dev --format pfx", {}, 2],
    ["export --stack dev --format env --include-secrets", { GITHUB_ACTIONS: "true" }, 2],
    ["export --stack dev --format azure-devops", {}, 2],
    ["export --stack dev --format json --include-secrets --out missing/dev.json", {}, 2],
    ["export --stack dev --format json --include-secrets --out new.json --generation 2020", {}, 2],
    ["export --stack dev --format powershell --include-secrets --out new.ps1 --method x", {}, 2],
    ["export --stack dev --format pfx --out dev.pfx", {}, 2],
    ["export --stack dev --format pfx --out new.pfx --password-out new.pfx", {}, 2],
    ["export --stack dev --format pfx --out new.pfx --password-out dev.pfx", {}, 2],
    [toGitHub, gitHubEnvironment(), 1],
    [toGitHub.replace("production", "staging"), gitHubEnvironment(), 1],
    [toVault, vaultEnvironment(), 1],
    [toVault.replace("azure.net", "azure.cn"), vaultEnvironment(), 2],
  ];
  writeFileSync(pathInFolder("dev.pfx"), "somebody else's");
  for (const [args, environment, code] of attempts) {
    const ran = await apponly(args, environment);
    expect([args, ran.code, ran.stderr]).toEqual([args, code, expect.stringMatching(/\S/)]);
    expect(secretsIn(ran.stdout, secrets)).toEqual([]);
    expect(ran.stderr).not.toContain(github.token);
  }
  expect(readFileSync(pathInFolder("dev.pfx"), "utf8")).toBe("somebody else's");
  expect((await readdir(stack.workDirectory)).sort()).toEqual(
    [...new Set([...before, "dev.pfx"])].sort(),
  );
  expect(production.secrets.size).toBe(0);
  expect(vault.certificates.size).toBe(0);
});

test("a file that git would take along is warned of, and written", async () => {
  execFileSync("git", ["init", "--quiet", stack.workDirectory]);
  writeFileSync(pathInFolder(".gitignore"), "*.pfx\n");
  const open = await apponly("export --stack dev --format env --include-secrets --out git.env");
  expect(open).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/Warning: git does not ignore .*git\.env.*It holds a secret/),
  });
  const ignored = await apponly("export --stack dev --format pfx --out git.pfx");
  expect([ignored.code, withoutProgress(ignored.stderr)]).toEqual([0, ""]);
  expect(existsSync(pathInFolder("git.env")) && existsSync(pathInFolder("git.pfx"))).toBe(true);
});

test("the page about exports, followed word for word", async () => {
  const page = readFileSync(join(root, "docs/how-to/export.md"), "utf8");
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
  expect(blocks).toHaveLength(6);
  github.addEnvironment("apponly", "required_reviewers");
  for (const block of blocks) {
    const ran = await commands.script(
      block,
      stack.workDirectory,
      variables({ ...vaultEnvironment(), ...gitHubEnvironment() }),
    );
    expect([block, ran.code, ran.stderr]).toEqual([block, 0, expect.any(String)]);
    expect(secretsIn(ran.stdout + ran.stderr, secrets)).toEqual([]);
  }
  const written = await readdir(stack.workDirectory);
  expect(written).toEqual(
    expect.arrayContaining([
      ...["access.json", "access.env", "access.pfx", "access.password"],
      ...["access.cer", "connect.ps1"],
    ]),
  );
});

test("of a supplied certificate what is public is exported, the key is said not to be here", async () => {
  const dev = stack;
  stack = await journey.stack("own", {
    displayName: "Supplied",
    workloads: ["exchange"],
    directoryRoles: ["Exchange Administrator"],
    certificates: [
      { name: "own", source: makeCertificate({ commonName: "contoso.org" }).certificatePem },
    ],
  });
  try {
    await stack.up();
    const refused = await apponly("export --stack own --format pfx --out own.pfx");
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('"own" was supplied'),
    });
    expect(existsSync(pathInFolder("own.pfx"))).toBe(false);
    const open = await apponly("export --stack own --format env");
    expect(parseEnv(open.stdout)).toHaveProperty("APPONLY_CERTIFICATE_THUMBPRINT");
    expect((await apponly("export --stack own --format cer --out own.cer")).code).toBe(0);
  } finally {
    stack = dev;
  }
});
