/**
 * A certificate is rotated without an outage, phase by phase, and what would be one is refused.
 * Interruptions are in rotationInterrupted and rotationEveryRequest.
 *
 * Not proven here: how long a real tenant needs to know a new key.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { proveSignIn } from "../../access/verify/verify";
import { readOutputs } from "../../components/outputs";
import { verifyInputOf } from "../../cli/verification";
import { readCertificate } from "../../components/certificateFacts";
import { rotate } from "../../operations/rotate";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

let journey: Journey;
let stack: JourneyStack;

let startAnew: () => void;

beforeAll(async () => {
  journey = await startJourney();
  stack = await journey.stack("dev", exampleConfiguration);
  await stack.up();
  startAnew = journey.checkpoint();
});

beforeEach(() => startAnew());

afterAll(() => journey.close());

const endpoints = () => ({
  authority: journey.simulator.endpoints.loginTls,
  workloads: {
    exchange: journey.simulator.endpoints.exchange,
    compliance: journey.simulator.endpoints.compliance,
  },
  extraCaPem: journey.simulator.caCertificatePem,
});

interface RotateChanges {
  immediately?: boolean;
  planOnly?: boolean;
  now?: Date;
}

async function run(changes: RotateChanges = {}): Promise<string[]> {
  const phases = await rotate({
    stack: await stack.opened(),
    settingsFile: join(stack.workDirectory, "Pulumi.dev.yaml"),
    overlapDays: 14,
    immediately: changes.immediately ?? false,
    planOnly: changes.planOnly ?? false,
    ...(changes.now === undefined ? {} : { now: () => changes.now ?? new Date() }),
    prove: async (generation) =>
      proveSignIn(
        verifyInputOf(readOutputs(await stack.outputs(), "dev"), endpoints(), generation),
        10_000,
      ),
  });
  return phases.map(({ kind }) => kind);
}

interface PipelineCertificate {
  name: string;
  active: boolean;
  thumbprint: string;
}

/** Thumbprint of the certificate that a pipeline has now. */
async function pipelineThumbprint(): Promise<string | undefined> {
  const { certificates } = await stack.outputs();
  return (certificates as PipelineCertificate[]).find(({ active }) => active)?.thumbprint;
}

/** Thumbprints of the certificates that the tenant accepts. */
function registered(): string[] {
  const { applications } = journey.tenant.state();
  const own = applications.find((one) => one.displayName === "ExO PowerShell CBA");
  return (own?.keyCredentials as { customKeyIdentifier: string }[]).map(
    ({ customKeyIdentifier }) => customKeyIdentifier,
  );
}

/** Thumbprints that each write left on the application, in order. */
function keyWrites(): string[][] {
  return journey.simulator.journal
    .entries()
    .filter(({ method, status }) => method === "PATCH" && status < 300)
    .map(({ requestBody }) => (requestBody as { keyCredentials?: unknown[] }).keyCredentials)
    .filter((keys) => keys !== undefined)
    .map((keys) => (keys as WrittenKey[]).map(thumbprintOf).sort());
}

interface WrittenKey {
  customKeyIdentifier?: string;
  key?: string | null;
}

/** A key that stays is named by its thumbprint, a new one comes as the base64 of its PEM. */
function thumbprintOf({ customKeyIdentifier, key }: WrittenKey): string {
  return (
    customKeyIdentifier ??
    readCertificate(Buffer.from(key ?? "", "base64").toString("utf8")).thumbprint
  );
}

const configured = async () => {
  const text = await readFile(join(stack.workDirectory, "Pulumi.dev.yaml"), "utf8");
  return [...text.matchAll(/- name: "?([\w.-]+)"?/g)].map((match) => match[1]);
};

const dateInThreeWeeks = () => new Date(Date.now() + 21 * 86_400_000);

test("a whole rotation adds, activates, waits and removes, and never leaves the pipeline out", async () => {
  const before = await pipelineThumbprint();
  expect(await run()).toEqual(["add", "activate", "wait"]);
  const after = await pipelineThumbprint();
  expect(after).not.toBe(before);
  expect(registered().sort()).toEqual([before, after].sort());
  await stack.expectNoChanges();
  expect(await run()).toEqual(["wait"]);
  expect(await run({ now: dateInThreeWeeks() })).toEqual(["remove"]);
  expect(registered()).toEqual([after]);
  expect(await pipelineThumbprint()).toBe(after);
  expect(keyWrites()).toEqual([[before, after], [after]].map((keys) => keys.sort()));
  await stack.expectNoChanges();
});

test("--plan writes one change and updates nothing", async () => {
  expect(await run({ planOnly: true })).toEqual(["add"]);
  expect(await configured()).toHaveLength(2);
  expect(registered()).toHaveLength(1);
  expect(keyWrites()).toEqual([]);
});

test("a certificate that cannot be registered is not handed to pipelines", async () => {
  const before = await pipelineThumbprint();
  const next = { name: "2027-05", subject: "contoso.org" };
  // Added and activated at once, by hand.
  await stack.configure({
    ...exampleConfiguration,
    certificates: [...exampleConfiguration.certificates, next],
    activeCertificate: next.name,
  });
  const switchOff = journey.tenant.faults.add({
    kind: "concurrencyConflict",
    match: { method: "PATCH", path: /\/applications\// },
  });
  expect(await stack.upFailure()).toContain("Directory_ConcurrencyViolation");
  switchOff();
  expect(await pipelineThumbprint()).toBe(before);
  expect(registered()).toEqual([before]);
  await stack.up();
  expect(await pipelineThumbprint()).not.toBe(before);
  expect(registered().sort()).toEqual([before, await pipelineThumbprint()].sort());
});

test.each([
  ["active", { activeCertificate: "2026-11" }, "2026-11", /activeCertificate "2026-11" is not/],
  ["last", {}, "2026-11", /certificates is empty, and so is federatedCredentials/],
])(
  "the %s generation that somebody removes from the settings by hand is refused by a plain update",
  async (what, more, removed, message) => {
    const certificates = [
      ...exampleConfiguration.certificates,
      ...(what === "last" ? [] : [{ name: "2027-05", subject: "contoso.org" }]),
    ].filter(({ name }) => name !== removed);
    await stack.configure({ ...exampleConfiguration, ...more, certificates });
    expect(await stack.upFailure()).toMatch(message);
    expect(registered()).toHaveLength(1);
    expect(keyWrites()).toEqual([]);
  },
);
