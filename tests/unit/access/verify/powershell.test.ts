/**
 * `--powershell`, with a program named `pwsh` that records what it is given and answers as told.
 *
 * Does not prove that the module ExchangeOnlineManagement connects: PowerShell is not run here.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { readPfx } from "../../../../components/pkcs12/readPfx";
import { runModule } from "../../../../access/verify/powershell/runModule";
import { verify } from "../../../../access/verify/verify";
import { type VerifyInput, targetOf } from "../../../../access/verify/target";
import { verificationScript } from "../../../../access/verify/powershell/script";

import { showVerification } from "../../../../cli/commands/verify/verify";
import { clouds } from "../../../../components/catalog/clouds";
import { workloads } from "../../../../components/catalog/workloads";
import { createPfx } from "../../../../components/pkcs12/createPfx";
import { PfxEncryption } from "../../../../components/pkcs12/options";
import { PipelineIdentity } from "../../../support/pipelineIdentity";
import { recordingIo } from "../../../support/recordingIo";
import { simulated } from "../../../simulator/support/simulated";
import { throughCompiler } from "../../../support/compiler";
import { powershellParser, syntaxErrors } from "../../../support/powershell";
import { makeAccess, validCertificate } from "./tenantWithAccess";

const context = simulated();
const deployerSecret = "the deployer's own secret";
let folder: string;

/** What one start of the program was given. */
interface Recorded {
  args: string[];
  env: Record<string, string>;
  script: string;
  /** Modes of the script, of the `.pfx` and of their folder. */
  modes: number[];
  pfx?: string;
}

const recorder = `#!${process.execPath}
const { readFileSync, statSync, appendFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const args = process.argv.slice(2);
const file = args[args.length - 1];
const pfx = process.env.APPONLY_PFX_PATH;
const mode = (path) => statSync(path).mode & 0o777;
appendFileSync(join(__dirname, "record.ndjson"), JSON.stringify({
  args,
  env: process.env,
  script: readFileSync(file, "utf8"),
  modes: [file, ...(pfx ? [pfx] : []), dirname(file)].map(mode),
  ...(pfx ? { pfx: readFileSync(pfx, "base64") } : {}),
}) + "\\n");
const answer = JSON.parse(readFileSync(join(__dirname, "answer.json"), "utf8"));
const secrets = { password: "APPONLY_PFX_PASSWORD", token: "APPONLY_ACCESS_TOKEN" };
process.stdout.write(answer.stdout.replace(/\\{(\\w+)\\}/g, (_, name) => process.env[secrets[name]] ?? ""));
process.stderr.write(answer.stderr ?? "");
setTimeout(() => process.exit(answer.code ?? 0), answer.delayMs ?? 0);
`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "apponly-pwsh-"));
  await writeFile(join(folder, "pwsh"), recorder);
  await chmod(join(folder, "pwsh"), 0o755);
  await connected();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const answers = (answer: { stdout: string; stderr?: string; code?: number; delayMs?: number }) =>
  writeFile(join(folder, "answer.json"), JSON.stringify(answer));
const outcome = (fields: object) => ({
  stdout: `Some banner\napponly-outcome:${JSON.stringify({ powershell: "7.6.1", module: "3.10.1", ...fields })}\n`,
});
const connected = () => answers(outcome({ state: "connected" }));

async function recorded(): Promise<Recorded[]> {
  const text = await readFile(join(folder, "record.ndjson"), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Recorded);
}

const environment = () => ({
  PATH: [folder, dirname(process.execPath)].join(delimiter),
  HOME: folder,
  HTTPS_PROXY: "http://proxy.contoso.org:3128",
  ARM_CLIENT_SECRET: deployerSecret,
  PULUMI_CONFIG_PASSPHRASE: deployerSecret,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: deployerSecret,
});

async function run(input: VerifyInput, env: Record<string, string> = environment()) {
  // Elsewhere Security & Compliance is not offered.
  return runModule(input, await verify(input), env, { platform: "win32" });
}

/** The folders for keys that are there now. */
const keyFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith("apponly-verify-"));

test("connects with the file pipelines receive: secrets in the environment, none in arguments", async () => {
  const { input } = await makeAccess(context, { workloads: ["exchange", "compliance"] });
  const password = "a password only of this test";
  const { certificatePem, privateKeyPem } = validCertificate();
  const encryption = PfxEncryption.Modern;
  const content = createPfx({ certificatePem, privateKeyPem, password, encryption });
  const pfx = { content: content.toString("base64"), password };
  const generations = [{ ...input.generations[0]!, pfx }];
  const before = keyFolders();
  expect(await run({ ...input, generations })).toEqual({
    state: "ran",
    ok: true,
    powershellVersion: "7.6.1",
    runs: (["exchange", "compliance"] as const).map((workload) => ({
      kind: "certificate",
      name: "2026-11",
      active: true,
      workload,
      state: "connected",
      detail: workload === "exchange" ? "Get-OrganizationConfig" : "Get-DlpCompliancePolicy",
      moduleVersion: "3.10.1",
    })),
  });
  const starts = await recorded();
  expect(starts).toHaveLength(2);
  for (const start of starts) {
    const script = start.args.at(-1)!;
    expect(start.args).toEqual(["-NoLogo", "-NoProfile", "-NonInteractive", "-File", script]);
    expect([start.args.join(" "), start.script].join().includes(password)).toBe(false);
    expect(start.env.APPONLY_PFX_PASSWORD).toBe(password);
    expect(start.pfx).toBe(pfx.content);
    expect(start.modes).toEqual([0o600, 0o600, 0o700]);
    expect(existsSync(script)).toBe(false);
    expect(existsSync(start.env.APPONLY_PFX_PATH!)).toBe(false);
    // The module gets what it needs, and not the deployer's secrets.
    expect(start.env).toMatchObject({ HOME: folder, HTTPS_PROXY: "http://proxy.contoso.org:3128" });
    expect(JSON.stringify(start)).not.toContain(deployerSecret);
  }
  expect(keyFolders()).toEqual(before);
  const application = `-AppID "${input.applicationId}" -Organization "contoso.onmicrosoft.com" -ShowBanner:$false`;
  const file =
    "-CertificateFilePath $env:APPONLY_PFX_PATH -CertificatePassword (ConvertTo-SecureString -String $env:APPONLY_PFX_PASSWORD -AsPlainText -Force)";
  expect(starts[0]!.script).toContain(`Connect-ExchangeOnline ${file} ${application}\n`);
  expect(starts[1]!.script).toContain(`Connect-IPPSSession ${file} ${application}\n`);
});

test("a key without a file is put into one with a password of its own", async () => {
  const { input } = await makeAccess(context);
  expect(await run(input)).toMatchObject({ state: "ran", ok: true });
  const [{ pfx, env } = { pfx: "", env: {} as Record<string, string> }] = await recorded();
  expect(env.APPONLY_PFX_PASSWORD?.length).toBeGreaterThan(20);
  expect(readPfx(pfx!, env.APPONLY_PFX_PASSWORD!).certificatePem.replace(/\s/g, "")).toBe(
    validCertificate().certificatePem.replace(/\s/g, ""),
  );
});

test("a message of the module is diagnosed, and what is secret in it hidden", async () => {
  const { input } = await makeAccess(context);
  await answers(
    outcome({
      state: "failed",
      error: "AADSTS700016: Application with identifier 'x' was not found ({password})\nTrace",
    }),
  );
  const result = await run(input);
  expect(result).toMatchObject({
    ok: false,
    runs: [
      {
        state: "failed",
        detail: "AADSTS700016: Application with identifier 'x' was not found (***)",
        diagnosis: { code: "application-not-found" },
      },
    ],
  });
});

test.each([
  [
    "The role assigned to application 1 isn't supported in this scenario. Please check",
    "role-unsupported",
  ],
  ["UnAuthorized", "workload-late"],
  ["User is not allowed to call Get-Mailbox", "cmdlet-not-allowed"],
  ["AADSTS53003: Access has been blocked by Conditional Access policies.", "conditional-access"],
  ["You have reached the maximum number of concurrent requests per tenant.", "throttled"],
  ["Something nobody has seen", undefined],
])("%s", async (error, code) => {
  const { input } = await makeAccess(context);
  await answers(outcome({ state: "failed", error }));
  const result = await run(input);
  expect(result.state === "ran" && result.runs[0]?.diagnosis?.code).toBe(code);
});

test("a script that breaks off is a failure with what PowerShell said", async () => {
  const { input } = await makeAccess(context);
  await answers({ stdout: "no outcome", stderr: "ParserError: unexpected token\n", code: 1 });
  expect(await run(input)).toMatchObject({
    ok: false,
    runs: [{ state: "failed", detail: "ParserError: unexpected token" }],
  });
});

test("without the module nothing is claimed, and how to install it is said", async () => {
  const { input } = await makeAccess(context);
  await answers(outcome({ state: "no-module", module: null }));
  expect(await run(input)).toEqual({
    state: "skipped",
    reason:
      "Not run: PowerShell has no module ExchangeOnlineManagement 3.0.0 or newer. Install it: Install-Module ExchangeOnlineManagement",
  });
});

test("where Microsoft does not offer a workload it is not run, and that is said", async () => {
  const { input } = await makeAccess(context, { workloads: ["exchange", "compliance"] });
  const report = await verify(input);
  expect(await runModule(input, report, environment(), { platform: "linux" })).toMatchObject({
    state: "ran",
    ok: true,
    runs: [
      { workload: "exchange", state: "connected" },
      {
        workload: "compliance",
        state: "skipped",
        detail: "not run: Microsoft offers Security & Compliance PowerShell only on windows",
      },
    ],
  });
});

test("without pwsh it says so", async () => {
  const { input } = await makeAccess(context);
  expect(await run(input, { PATH: tmpdir() })).toEqual({
    state: "skipped",
    reason: "There is no `pwsh` on PATH. Install PowerShell 7 to run the module itself.",
  });
});

test("a chain that is broken is not run", async () => {
  const { input } = await makeAccess(context, { consented: false });
  expect(await run(input)).toEqual({
    state: "skipped",
    reason: "Not run: the chain is broken before",
  });
  expect(existsSync(join(folder, "record.ndjson"))).toBe(false);
});

test.each([
  [true, undefined, "answered, module 3.10.1"],
  [false, 4, "UnAuthorized"],
])("the command shows what the module said: %s", async (good, exitCode, text) => {
  const { input } = await makeAccess(context);
  await answers(
    outcome(good ? { state: "connected" } : { state: "failed", error: "UnAuthorized" }),
  );
  const io = recordingIo();
  const failure = await showVerification(input, io, {
    notVerified: [],
    waitMs: 0,
    json: false,
    powershell: environment(),
  }).catch((error: unknown) => error as { exitCode: number });
  expect(failure?.exitCode).toBe(exitCode);
  expect(io.written()).toContain("ExchangeOnlineManagement in PowerShell 7.6.1");
  expect(io.written()).toContain(text);
});

test("the command says when PowerShell was not run, and still succeeds", async () => {
  const { input } = await makeAccess(context);
  const io = recordingIo();
  await showVerification(input, io, {
    notVerified: [],
    waitMs: 0,
    json: false,
    powershell: { PATH: tmpdir() },
  });
  expect(io.written()).toContain("PowerShell was not run: There is no `pwsh` on PATH.");
});

test("a federated credential goes in as a token, through the environment", async () => {
  const { input } = await makeAccess(context);
  const script = (workload: "exchange" | "compliance") =>
    verificationScript(targetOf(input, input.generations[0]!), workload, "access-token");
  expect(script("exchange")).toContain(
    `Connect-ExchangeOnline -AccessToken $env:APPONLY_ACCESS_TOKEN -AppID "${input.applicationId}" -Organization "contoso.onmicrosoft.com" -ShowBanner:$false\n`,
  );
  expect(script("compliance")).toContain(
    `Connect-IPPSSession -AccessToken $env:APPONLY_ACCESS_TOKEN -Organization "contoso.onmicrosoft.com" -ShowBanner:$false\n`,
  );
});

test("a federated credential is connected with a fresh token, which is shown nowhere", async () => {
  const issuer = "https://oidc.contoso.org";
  const pipeline = await PipelineIdentity.start(issuer, "system:job");
  context.simulator.issuers.trust(issuer, pipeline.keys);
  const { input, graph, app } = await makeAccess(context);
  await graph.must("POST", `/applications/${app.id}/federatedIdentityCredentials`, {
    name: "job",
    issuer,
    subject: "system:job",
    audiences: ["api://AzureADTokenExchange"],
  });
  const federated = [{ name: "job", clientAssertion: () => pipeline.token() }];
  await answers(outcome({ state: "failed", error: "refused: {token}" }));
  const result = await run({ ...input, generations: [], federated });
  await pipeline.close();
  const [{ env } = { env: {} as Record<string, string> }] = await recorded();
  expect(env.APPONLY_ACCESS_TOKEN).toMatch(/^eyJ/);
  expect(env.APPONLY_PFX_PATH).toBeUndefined();
  expect(result).toMatchObject({ runs: [{ kind: "federated", name: "job", state: "failed" }] });
  expect(JSON.stringify(result)).toContain("refused: ***");
  expect(JSON.stringify(result)).not.toContain("eyJ");
});

test("every script is PowerShell, in every cloud", async () => {
  const { input } = await makeAccess(context);
  const parser = await powershellParser();
  for (const cloud of Object.values(clouds)) {
    for (const workload of workloads) {
      for (const method of ["pfx-file", "access-token"] as const) {
        const target = { ...targetOf(input, input.generations[0]!), cloud };
        const script = verificationScript(target, workload, method);
        expect([workload, method, syntaxErrors(parser, script)]).toEqual([workload, method, []]);
      }
    }
  }
});

test("the script has the switches of the stack's cloud", async () => {
  const { input } = await makeAccess(context);
  const target = { ...targetOf(input, input.generations[0]!), cloud: clouds.usgovernment };
  expect(verificationScript(target, "exchange", "pfx-file")).toContain(
    "-ExchangeEnvironmentName O365USGovGCCHigh -ShowBanner:$false\n",
  );
});

test("a key file does not outlive an interruption", async () => {
  const child = spawn(
    process.execPath,
    [
      ...throughCompiler,
      "--eval",
      `const { withTemporaryFolder } = require(${JSON.stringify(join(__dirname, "../../../../access/verify/powershell/temporaryFolder.ts"))});
       withTemporaryFolder(async (folder) => { console.log(folder); await new Promise((resolve) => setTimeout(resolve, 60000)); });`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const made = line.toString().trim();
  expect(existsSync(made)).toBe(true);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([null, "SIGTERM"]);
  expect(existsSync(made)).toBe(false);
});
