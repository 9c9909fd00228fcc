/**
 * A certificate is rotated without an outage: at every request of every rotation the tenant holds
 * the certificate that the pipeline has. Also when a run is interrupted in each phase. Not proven here: how long a real tenant needs to know a new key.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { proveSignIn } from "../../access/verify";
import { verifyInputOf } from "../../cli/verification";
import { readCertificate } from "../../components/certificateFacts";
import { rotate } from "../../operations/rotate";
import type { Phase } from "../../operations/rotation";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

jest.setTimeout(300_000);

let journey: Journey;
let stack: JourneyStack;

beforeEach(async () => {
  journey = await startJourney();
  stack = await journey.stack("dev", exampleConfiguration);
  await stack.up();
  journey.simulator.journal.clear();
});

afterEach(async () => {
  await journey.close();
});

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
  stopAt?: Phase["kind"];
}

async function run(changes: RotateChanges = {}): Promise<string[]> {
  const phases = await rotate({
    stack: stack.stack,
    stackName: "dev",
    workDirectory: stack.workDirectory,
    overlapDays: 14,
    immediately: changes.immediately ?? false,
    planOnly: changes.planOnly ?? false,
    ...(changes.now === undefined ? {} : { now: () => changes.now ?? new Date() }),
    prove: async (generation) =>
      proveSignIn(verifyInputOf(await stack.stack.outputs(), endpoints(), generation), 10_000),
    onPhase: ({ kind }) => {
      if (kind === changes.stopAt) {
        throw new Error("interrupted");
      }
    },
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

const inThreeWeeks = () => new Date(Date.now() + 21 * 86_400_000);

test("a whole rotation adds, activates, waits and removes, and never leaves the pipeline out", async () => {
  const before = await pipelineThumbprint();
  expect(await run()).toEqual(["add", "activate", "wait"]);
  const after = await pipelineThumbprint();
  expect(after).not.toBe(before);
  expect(registered().sort()).toEqual([before, after].sort());
  await stack.expectNoChanges();
  expect(await run()).toEqual(["wait"]);
  expect(await run({ now: inThreeWeeks() })).toEqual(["remove"]);
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

test.each(["activate", "remove"] as const)(
  "interrupted before it comes to %s, it goes on when run again",
  async (stopAt) => {
    const before = await pipelineThumbprint();
    await expect(run({ stopAt, immediately: true })).rejects.toThrow("interrupted");
    expect(registered()).toContain(await pipelineThumbprint());
    const phases = await run({ immediately: true });
    expect(phases.at(-1)).toBe("remove");
    const after = await pipelineThumbprint();
    expect(after).not.toBe(before);
    expect(registered()).toEqual([after]);
    expect(keyWrites().at(-1)).toEqual([after]);
    expect(
      keyWrites().every((keys) => keys.includes(before ?? "") || keys.includes(after ?? "")),
    ).toBe(true);
  },
);
