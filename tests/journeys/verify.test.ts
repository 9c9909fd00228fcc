/**
 * `apponly verify` as a person and a pipeline run it, against stacks that the real engine made:
 * exit codes, formats, a supplied certificate, a federated credential, late grants.
 *
 * Does not prove anything about a real tenant, nor that PowerShell connects.
 */
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import { createPfx } from "../../components/pkcs12/createPfx";
import { PfxEncryption } from "../../components/pkcs12/options";
import { makeCertificate } from "../support/certificates";
import { type Ended, runApponly, type Variables } from "../support/command";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";
import { PipelineIdentity } from "../support/pipelineIdentity";

const root = join(__dirname, "../..");
const schema = JSON.parse(
  readFileSync(join(root, "access/verify/verify.schema.json"), "utf8"),
) as object;
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
const githubIssuer = "https://token.actions.githubusercontent.com";
const password = "a password only of this test";
const supplied = makeCertificate({
  commonName: "own.contoso.org",
  notBefore: new Date(Date.now() - 86_400_000),
});

let journey: Journey;
let stack: JourneyStack;
let pipeline: PipelineIdentity;

beforeAll(async () => {
  journey = await startJourney();
  pipeline = await PipelineIdentity.start(githubIssuer, "repo:contoso/mail:environment:production");
  journey.simulator.issuers.trust(githubIssuer, pipeline.keys);
  stack = await journey.stack("dev", {
    ...exampleConfiguration,
    workloads: ["exchange", "compliance"],
    directoryRoles: ["Global Reader"],
    activeCertificate: "2026-11",
    certificates: [
      ...exampleConfiguration.certificates,
      { name: "own", source: supplied.certificatePem },
    ],
    federatedCredentials: [
      { name: "github", github: { repository: "contoso/mail", environment: "production" } },
    ],
  });
  await stack.up();
});

afterEach(() => {
  journey.tenant.faults.clear();
});

afterAll(async () => {
  expect(journey.simulator.journal.unknownRoutes()).toEqual([]);
  await pipeline.close();
  await journey.close();
});

/** Runs `apponly verify` in the stack's folder. */
const verify = (args: readonly string[] = [], environment: Variables = {}): Promise<Ended> =>
  journey.apponly(["verify", "--stack", "dev", ...args], stack.workDirectory, environment);

/** The same, as a process of its own. */
const verifyAlone = (environment: Variables): Promise<Ended> =>
  runApponly(["verify", "--stack", "dev"], stack.workDirectory, {
    ...journey.environment,
    ...journey.endpoints,
    ...environment,
  });

async function keyFiles(): Promise<{ key: string; pfx: string }> {
  const [key, pfx] = ["own.key", "own.pfx"].map((name) => join(stack.workDirectory, name));
  await writeFile(key!, supplied.privateKeyPem, { mode: 0o600 });
  await writeFile(pfx!, createPfx({ ...supplied, password, encryption: PfxEncryption.Modern }));
  return { key: key!, pfx: pfx! };
}

interface Document {
  ok: boolean;
  chains: { kind: string; name: string; workload: string; diagnosis?: { code: string } }[];
  notVerified: { name: string; reason: string }[];
  powershell?: { state: string; reason: string };
}

async function document(args: readonly string[], environment: Variables = {}) {
  const outcome = await verify([...args, "--format", "json"], environment);
  const read = JSON.parse(outcome.stdout) as Document;
  expect([validate(read), validate.errors]).toEqual([true, null]);
  return { ...outcome, document: read };
}

const chainsOf = ({ chains }: Document) =>
  chains.map(({ kind, name, workload, diagnosis }) => [kind, name, workload, diagnosis?.code]);

test("every live generation and workload is verified, the rest is named, nothing is coloured", async () => {
  // Colour belongs on a terminal, unless FORCE_COLOR asks for it.
  const { code, stdout, stderr } = await verifyAlone({ CI: "true" });
  expect([code, stderr.replace(/^✓ (Pulumi CLI|Verify) .*\n/gm, "")]).toEqual([0, ""]);
  expect(stdout).toContain("2026-11 → exchange\n    ✓ certificate  valid for 36");
  expect(stdout).toContain("2026-11 → compliance");
  expect(stdout.match(/^ {4}✓ /gm)).toHaveLength(12);
  expect(stdout).toContain("Not verified:\n    own (certificate): The stack has no key of it.");
  expect(stdout).toContain("github (federated credential): It needs a token of");
  expect(stdout).not.toContain("\u001b");
});

test("JSON is only the document, whatever happens, and holds no secret", async () => {
  const good = await document([]);
  expect(good).toMatchObject({ code: 0, document: { ok: true } });
  expect(chainsOf(good.document)).toEqual([
    ["certificate", "2026-11", "exchange", undefined],
    ["certificate", "2026-11", "compliance", undefined],
  ]);
  expect(good.document.notVerified.map(({ name }) => name)).toEqual(["own", "github"]);
  const off = journey.tenant.blockByConditionalAccess();
  const blocked = await document([]);
  off();
  expect(blocked).toMatchObject({ code: 4, document: { ok: false } });
  const { pfxPassword, pfx } = await stack.outputs();
  for (const { stdout, stderr } of [good, blocked]) {
    for (const secret of [String(pfxPassword), String(pfx).slice(100, 200), "eyJ"]) {
      expect(stdout + stderr).not.toContain(secret);
    }
  }
});

test("the job's own key and .pfx are verified, without the stack having them", async () => {
  const { key, pfx } = await keyFiles();
  const byKey = await document(["--key", key]);
  expect([byKey.code, chainsOf(byKey.document)]).toEqual([
    0,
    [
      ["certificate", "own", "exchange", undefined],
      ["certificate", "own", "compliance", undefined],
    ],
  ]);
  const environment = { APPONLY_PFX_PASSWORD: password };
  expect(await verify(["--pfx", pfx, "--generation", "own"], environment)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("own → compliance"),
  });
  expect(await verify(["--pfx", pfx], { APPONLY_PFX_PASSWORD: "wrong" })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("does not open with the password in APPONLY_PFX_PASSWORD"),
  });
});

test("a generation without a key here is no success: exit code 2, and what to do", async () => {
  const { code, document: read } = await document(["--generation", "own"]);
  expect([code, read.ok, read.chains]).toEqual([2, false, []]);
  expect(read.notVerified).toEqual([
    expect.objectContaining({ name: "own", reason: expect.stringContaining("--pfx FILE") }),
  ]);
});

test("a federated credential connects in its job, and with its token in a file", async () => {
  const inJob = await document(["--generation", "github"], pipeline.github);
  expect([inJob.code, chainsOf(inJob.document)]).toEqual([
    0,
    [
      ["federated", "github", "exchange", undefined],
      ["federated", "github", "compliance", undefined],
    ],
  ]);
  const file = join(stack.workDirectory, "token");
  await writeFile(file, await pipeline.token());
  expect(await verify(["--assertion-file", file])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("✓ assertion"),
  });
});

test("the page about it can be followed word for word", async () => {
  await keyFiles();
  const page = readFileSync(join(root, "docs/how-to/verify.md"), "utf8");
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
  expect(blocks).toHaveLength(4);
  for (const block of blocks) {
    const { code, stderr } = await journey.script(block, stack.workDirectory, {
      PFX_PASSWORD: password,
    });
    expect([block, code, stderr]).toEqual([block, 0, expect.any(String)]);
  }
  const written = await readFile(join(stack.workDirectory, "verify.json"), "utf8");
  expect(validate(JSON.parse(written))).toBe(true);
});

test("what is late is waited for: exit code 0 when it arrives, 6 when it does not", async () => {
  const late = { method: "POST", path: /\/exchange\/.*InvokeCommand/ };
  journey.tenant.faults.add({ kind: "permissionDenied", match: late, times: 2 });
  const arrived = await verify(["--wait", "1m"]);
  expect(arrived.code).toBe(0);
  expect(arrived.stdout).toMatch(/✓ workload {5}Exchange Online .* \(arrived after \d/);
  journey.tenant.faults.add({ kind: "permissionDenied", match: late });
  const missing = await document([]);
  expect(missing.code).toBe(6);
  expect(chainsOf(missing.document)).toEqual([
    ["certificate", "2026-11", "exchange", "workload-late"],
    ["certificate", "2026-11", "compliance", undefined],
  ]);
  expect(missing.stderr).toContain("has not arrived everywhere yet");
});

test("what was taken away is told by the deployer's look-up, and not waited for: exit code 4", async () => {
  const { appRoleAssignments, servicePrincipals } = journey.tenant.state();
  const principal = servicePrincipals.find((one) => one.displayName === "ExO PowerShell CBA");
  const token = await deployerToken();
  const own = appRoleAssignments.filter(({ principalId }) => principalId === principal?.id);
  for (const { resourceId, id } of own as { resourceId: string; id: string }[]) {
    const url = `${journey.simulator.endpoints.graph}/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo/${id}`;
    expect((await fetch(url, { method: "DELETE", headers: { authorization: token } })).status).toBe(
      204,
    );
  }
  const begun = Date.now();
  const { code, document: read } = await document(["--wait", "30m"]);
  expect(code).toBe(4);
  expect(Date.now() - begun).toBeLessThan(120_000);
  expect(new Set(read.chains.map(({ diagnosis }) => diagnosis?.code))).toEqual(
    new Set(["manifest-without-consent"]),
  );
  // Without the deployer's credentials both possibilities are said, and it may heal.
  const withoutDeployer = await document([], { ARM_CLIENT_SECRET: "" });
  expect([withoutDeployer.code, withoutDeployer.document.chains[0]?.diagnosis?.code]).toEqual([
    6,
    "consent-missing",
  ]);
  await (await stack.opened()).refresh({ color: "never" });
  await stack.up();
  expect(await verify()).toMatchObject({ code: 0 });
});

test("--powershell says that the module cannot reach a simulated tenant", async () => {
  const { code, document: read } = await document(["--powershell"]);
  expect([code, read.powershell]).toEqual([
    0,
    {
      state: "skipped",
      reason: "The tenant is simulated, and the module connects only to Microsoft.",
    },
  ]);
});

test.each([
  [["--wait", "soon"], "argument 'soon' is invalid. It is not a length of time"],
  [["--format", "xml"], "argument 'xml' is invalid. Allowed choices are terminal, json."],
  [["--generation", "2031-01"], "Use one of: 2026-11, own, github."],
])("a wrong command line is exit code 2: %s", async (args, message) => {
  expect(await verify(args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});

async function deployerToken(): Promise<string> {
  const { ARM_TENANT_ID, ARM_CLIENT_ID = "", ARM_CLIENT_SECRET = "" } = journey.environment;
  const { login, graph } = journey.simulator.endpoints;
  const answer = await fetch(`${login}/${ARM_TENANT_ID}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: ARM_CLIENT_ID,
      client_secret: ARM_CLIENT_SECRET,
      scope: `${graph}/.default`,
    }),
  });
  return `Bearer ${((await answer.json()) as { access_token: string }).access_token}`;
}
