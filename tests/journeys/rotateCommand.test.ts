/**
 * `apponly rotate` and `apponly certificates` as a person runs them: cut off, killed, refused, and
 * with certificates on the application that the stack has not made.
 *
 * What a fault does at every other request is in rotationEveryRequest.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readCertificate } from "../../components/certificateFacts";
import { makeCertificate } from "../support/certificates";
import { cleanEnvironment, command, type Ended } from "../support/command";
import { descendantsOf, isRunning } from "../support/processTree";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

let journey: Journey;
let stack: JourneyStack;

beforeAll(async () => {
  journey = await startJourney();
  stack = await journey.stack("dev", exampleConfiguration);
  await stack.up();
});

afterAll(() => journey.close());

interface Outcome {
  code: number;
  output: string;
}

/** What a person sees, in whichever stream. */
const together = ({ code, stdout, stderr }: Ended): Outcome => ({ code, output: stdout + stderr });

const apponly = async (...args: string[]) =>
  together(await journey.apponly(args, stack.workDirectory));

async function activeThumbprint(): Promise<string | undefined> {
  const { certificates } = await stack.outputs();
  return (certificates as { active: boolean; thumbprint: string }[]).find(({ active }) => active)
    ?.thumbprint;
}

function application() {
  const { applications } = journey.tenant.state();
  const own = applications.find((one) => one.displayName === "ExO PowerShell CBA");
  return own as unknown as { id: string; keyCredentials: KeyCredential[] };
}

interface KeyCredential {
  keyId: string;
  customKeyIdentifier: string;
}

const registered = () =>
  application().keyCredentials.map(({ customKeyIdentifier }) => customKeyIdentifier);

const settingsFile = () => join(stack.workDirectory, "Pulumi.dev.yaml");

const write = { method: "PATCH", path: /\/applications\// };

test("a write whose answer is lost is looked up, and the rotation ends well with nothing left behind", async () => {
  const before = await activeThumbprint();
  const switchOff = journey.tenant.faults.add({
    kind: "dropConnection",
    phase: "after",
    nth: 1,
    match: write,
  });
  const ended = await apponly("rotate", "--stack", "dev", "--now");
  switchOff();
  expect(ended).toMatchObject({
    code: 0,
    output: expect.stringMatching(/Adopted \S+-credential into the stack's state/),
  });
  expect(await activeThumbprint()).not.toBe(before);
  expect(registered()).toEqual([await activeThumbprint()]);
});

/** Runs `apponly rotate` and kills it with all it has started once a write has taken effect. */
async function rotateAndKill(): Promise<void> {
  const child: ChildProcess = spawn(
    process.execPath,
    [command, "rotate", "--stack", "dev", "--now"],
    {
      env: cleanEnvironment({ ...journey.environment, ...journey.endpoints }),
      cwd: stack.workDirectory,
      stdio: "ignore",
    },
  );
  const unsubscribe = journey.simulator.journal.subscribe(({ method, status }) => {
    if (method === "PATCH" && status < 300) {
      // The engine is in a group of its own, and would come to its end.
      const { pid = 0 } = child;
      const family = [pid, ...descendantsOf(pid)];
      family.filter(isRunning).forEach((one) => process.kill(one, "SIGKILL"));
    }
  });
  await new Promise((resolve) => child.once("exit", resolve));
  unsubscribe();
}

test("killed outright it goes on when run again: the lock of a process that is gone is taken over", async () => {
  const before = await activeThumbprint();
  await rotateAndKill();
  expect(registered()).toContain(before);
  expect(await apponly("rotate", "--stack", "dev", "--now")).toMatchObject({
    code: 0,
    output: expect.stringMatching(/Unlock dev .*process \d+ on \S+ had it and is gone/) as unknown,
  });
  expect(await activeThumbprint()).not.toBe(before);
  expect(registered()).toEqual([await activeThumbprint()]);
});

test("a certificate that somebody has added by hand is shown, kept, and removed on request", async () => {
  const { certificatePem } = makeCertificate({ commonName: "by-hand" });
  const { thumbprint } = readCertificate(certificatePem);
  const keyId = await addByHand(certificatePem);
  const listed = await apponly("certificates", "--stack", "dev");
  expect(listed.output).toContain(await activeThumbprint());
  expect(listed.output).toMatch(new RegExp(`${thumbprint}.*${keyId}.*of no generation`));
  const [own = ""] = application()
    .keyCredentials.filter((one) => one.keyId !== keyId)
    .map((one) => one.keyId);
  expect(await apponly("certificates", "--stack", "dev", "--remove", own)).toMatchObject({
    code: 2,
    output: expect.stringContaining("is the entry of a generation of this stack"),
  });
  expect(registered()).toContain(thumbprint);
  expect(await apponly("certificates", "--stack", "dev", "--remove", keyId, "--yes")).toMatchObject(
    {
      code: 0,
      output: expect.stringContaining(`Removed: ${thumbprint}`),
    },
  );
  expect(registered()).toEqual([await activeThumbprint()]);
});

async function addByHand(certificatePem: string): Promise<string> {
  const { graph, login } = journey.simulator.endpoints;
  const { ARM_CLIENT_ID = "", ARM_CLIENT_SECRET = "", ARM_TENANT_ID = "" } = journey.environment;
  const answer = await fetch(`${login}/${ARM_TENANT_ID}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: ARM_CLIENT_ID,
      client_secret: ARM_CLIENT_SECRET,
      scope: `${graph}/.default`,
    }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  const keyId = "5f0f2f3a-6a52-4a6c-9a57-0f6d2a1c7e11";
  const { id, keyCredentials } = application();
  const kept = keyCredentials.map((key) => ({ ...key, key: null }));
  const added = {
    keyId,
    type: "AsymmetricX509Cert",
    usage: "Verify",
    key: Buffer.from(certificatePem).toString("base64"),
  };
  const { status } = await fetch(`${graph}/v1.0/applications/${id}`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
    body: JSON.stringify({ keyCredentials: [...kept, added] }),
  });
  expect(status).toBe(204);
  return keyId;
}

test("one that expires soon is exit code 5", async () => {
  expect(await apponly("certificates", "--stack", "dev", "--fail-within", "400d")).toMatchObject({
    code: 5,
    output: expect.stringContaining("Rotate: apponly rotate --stack dev"),
  });
  expect(await apponly("certificates", "--stack", "dev", "--fail-within", "30d")).toMatchObject({
    code: 0,
  });
});

test("a certificate that the tenant's policy would refuse is not even written down", async () => {
  journey.tenant.deployer.grant("Policy.Read.All");
  const keyCredentials = [
    { restrictionType: "asymmetricKeyLifetime", maxLifetime: "P180D", state: "enabled" as const },
  ];
  journey.tenant.setAppManagementPolicy({
    isEnabled: true,
    applicationRestrictions: { passwordCredentials: [], keyCredentials },
  });
  const before = await readFile(settingsFile(), "utf8");
  const from = journey.simulator.journal.position;
  expect(await apponly("rotate", "--stack", "dev", "--now")).toMatchObject({
    code: 1,
    output: expect.stringContaining(
      'apponly:certificates[0].validityDays "365" is longer than the tenant\'s app management policy lets a certificate live: 180 days (asymmetricKeyLifetime P180D). Set it to 180 or fewer.',
    ),
  });
  expect(await readFile(settingsFile(), "utf8")).toBe(before);
  expect(journey.simulator.journal.entries({ after: from, method: "PATCH" })).toEqual([]);
  journey.tenant.setAppManagementPolicy({
    isEnabled: false,
    applicationRestrictions: { passwordCredentials: [], keyCredentials: [] },
  });
});

test("a name is not used twice, also one that the settings have forgotten", async () => {
  expect(await apponly("rotate", "--stack", "dev", "--plan", "--name", "2026-11")).toMatchObject({
    code: 1,
    output: expect.stringContaining('The name "2026-11" was used before. Choose another one.'),
  });
});

test("verify shows the chain, and says which link is broken", async () => {
  const good = await apponly("verify", "--stack", "dev");
  expect(good).toMatchObject({ code: 0, output: expect.stringContaining("✓ workload") });
  const unblock = journey.tenant.blockByConditionalAccess();
  const blocked = await apponly("verify", "--stack", "dev", "--format", "json");
  unblock();
  expect(blocked.code).toBe(4);
  expect(blocked.output).toContain('"code": "conditional-access"');
});

test("settings that are not valid YAML are named, and nothing is requested", async () => {
  const before = await readFile(settingsFile(), "utf8");
  await writeFile(settingsFile(), `${before}\n  broken: [`);
  const from = journey.simulator.journal.position;
  const { code, output } = await apponly("rotate", "--stack", "dev");
  await writeFile(settingsFile(), before);
  expect({ code, output }).toMatchObject({
    code: 2,
    output: expect.stringMatching(/Pulumi\.dev\.yaml is not valid YAML: /),
  });
  expect(journey.simulator.journal.entries({ after: from })).toEqual([]);
});

test.each([
  [["rotate", "--stack", "fabrikam"], "has no Pulumi.fabrikam.yaml"],
  [
    ["rotate", "--stack", "dev", "--overlap", "soon"],
    "argument 'soon' is invalid. It is not a length of time",
  ],
  [
    ["certificates", "--stack", "dev", "--fail-within", "x"],
    "argument 'x' is invalid. It is not a length of time",
  ],
  [["certificates", "--stack", "dev", "--remove", "x"], '--remove "x" is not a key id'],
])("a wrong command line is exit code 2: %s", async (args, message) => {
  expect(await apponly(...args)).toMatchObject({
    code: 2,
    output: expect.stringContaining(message),
  });
});
