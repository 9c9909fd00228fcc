/**
 * `apponly rotate` as a person runs it, with a fault at each write of the certificates in turn:
 * whatever becomes of the run, the pipeline's certificate stays registered, and the same command
 * run again finishes the rotation.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import type { Fault } from "../../simulator";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

jest.setTimeout(300_000);

const root = join(__dirname, "../..");
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

function apponly(...args: string[]): Promise<Outcome> {
  const { loginTls, exchange, compliance } = journey.simulator.endpoints;
  const env = {
    ...process.env,
    ...journey.environment,
    APPONLY_AUTHORITY: loginTls,
    APPONLY_EXCHANGE: exchange,
    APPONLY_COMPLIANCE: compliance,
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, "bin/apponly.js"), ...args],
      { env, cwd: stack.workDirectory },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
      },
    );
  });
}

async function activeThumbprint(): Promise<string | undefined> {
  const { certificates } = await stack.outputs();
  return (certificates as { active: boolean; thumbprint: string }[]).find(({ active }) => active)
    ?.thumbprint;
}

function registered(): string[] {
  const { applications } = journey.tenant.state();
  const own = applications.find((one) => one.displayName === "ExO PowerShell CBA");
  return (own?.keyCredentials as { customKeyIdentifier: string }[]).map(
    ({ customKeyIdentifier }) => customKeyIdentifier,
  );
}

const write = { method: "PATCH", path: /\/applications\// };

const faults: [string, Fault][] = [
  [
    "the connection is dropped before the first write",
    { kind: "dropConnection", phase: "before", nth: 1, match: write },
  ],
  [
    "the second write is a concurrency conflict",
    { kind: "concurrencyConflict", nth: 2, match: write },
  ],
  [
    "the second write takes effect and is answered with 503",
    { kind: "serverError", status: 503, phase: "after", nth: 2, match: write },
  ],
  // Last, because it leaves a second entry of the new certificate on the application: the plugin
  // does not learn that its write took effect, and adds the certificate again.
  [
    "the connection is dropped after the first write",
    { kind: "dropConnection", phase: "after", nth: 1, match: write },
  ],
];

test.each(faults)("%s", async (_title, fault) => {
  const before = await activeThumbprint();
  const switchOff = journey.tenant.faults.add(fault);
  await apponly("rotate", "--stack", "dev", "--now");
  switchOff();
  // Whatever became of it: what the pipeline has now is registered.
  expect(registered()).toContain(await activeThumbprint());
  if ((await activeThumbprint()) === before || new Set(registered()).size > 1) {
    expect(await apponly("rotate", "--stack", "dev", "--now")).toMatchObject({ code: 0 });
  }
  const after = await activeThumbprint();
  expect(after).not.toBe(before);
  expect(new Set(registered())).toEqual(new Set([after]));
});

test("the generations are listed, and one that expires soon is exit code 5", async () => {
  const listed = await apponly("certificates", "--stack", "dev");
  expect(listed).toMatchObject({ code: 0 });
  expect(listed.output).toContain(await activeThumbprint());
  expect(await apponly("certificates", "--stack", "dev", "--fail-within", "400d")).toMatchObject({
    code: 5,
    output: expect.stringContaining("Rotate: apponly rotate --stack dev"),
  });
});

test("verify shows the chain, and says which link is broken", async () => {
  const good = await apponly("verify", "--stack", "dev");
  expect(good).toMatchObject({ code: 0, output: expect.stringContaining("✓ workload") });
  journey.tenant.blockByConditionalAccess();
  const blocked = await apponly("verify", "--stack", "dev", "--format", "json");
  expect(blocked.code).toBe(4);
  expect(blocked.output).toContain('"code": "conditional-access"');
});

test.each([
  [["rotate", "--stack", "fabrikam"], "has no Pulumi.fabrikam.yaml"],
  [["rotate", "--stack", "dev", "--overlap", "soon"], '--overlap "soon" is not a length of time'],
  [["certificates", "--stack", "dev", "--fail-within", "x"], '--fail-within "x" is not a length'],
])("a wrong command line is exit code 2: %s", async (args, message) => {
  expect(await apponly(...args)).toMatchObject({
    code: 2,
    output: expect.stringContaining(message),
  });
});
