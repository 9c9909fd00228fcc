/**
 * No key or password leaves a rotation in plain: not in what the commands print, also of runs that
 * fail, not in events, state, history or settings, and not in the tenant's journal.
 *
 * Not proven here: what a real tenant logs.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { readPfx } from "../../components/pkcs12/readPfx";
import { updateStack } from "../../operations/stack";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";
import { secretsIn, secretsOfGeneration } from "../support/secretForms";

let journey: Journey;
let stack: JourneyStack;
const secrets: Record<string, Buffer> = {};
const places: Record<string, string> = {};

beforeAll(async () => {
  journey = await startJourney();
  stack = await journey.stack("dev", exampleConfiguration);
  await stack.up();
});

afterAll(() => journey.close());

/** Runs a command and keeps what it prints, whatever becomes of it. */
async function apponly(...args: string[]): Promise<void> {
  const run = `${Object.keys(places).length} apponly ${args.join(" ")}`;
  const ended = await journey.apponly([...args, "--stack", "dev"], stack.workDirectory);
  places[run] = ended.stdout + ended.stderr;
}

/** Adds what must not be found: the keys and passwords of every generation there is now. */
async function noteSecrets(): Promise<void> {
  const { pfxGenerations } = await stack.outputs();
  const files = pfxGenerations as Record<string, { pfx: string; password: string }>;
  for (const [name, { pfx, password }] of Object.entries(files)) {
    const { privateKeyPem } = readPfx(pfx, password);
    for (const [part, secret] of Object.entries(
      secretsOfGeneration(privateKeyPem, pfx, password),
    )) {
      secrets[`${part} of ${name}`] = secret;
    }
  }
}

async function readFiles(): Promise<void> {
  const entries = await readdir(journey.directory, { recursive: true, withFileTypes: true });
  for (const one of entries.filter((entry) => entry.isFile())) {
    const file = join(one.parentPath, one.name);
    places[file] = (await readFile(file)).toString("latin1");
  }
}

test("a rotation that fails halfway, goes on and ends leaves no secret anywhere", async () => {
  await noteSecrets();
  const patches = { method: "PATCH", path: /\/applications\// };
  const switchOff = journey.tenant.faults.add({ kind: "concurrencyConflict", match: patches });
  await apponly("rotate", "--now");
  expect(Object.values(places).join()).toContain("Directory_ConcurrencyViolation");
  switchOff();
  await apponly("rotate");
  await noteSecrets();
  const unblock = journey.tenant.blockByConditionalAccess();
  await apponly("verify", "--format", "json");
  unblock();
  await readFiles();
  await apponly("rotate", "--now");
  await apponly("certificates", "--fail-within", "400d");
  await noteSecrets();
  const events: EngineEvent[] = [];
  const onEvent = (event: EngineEvent) => events.push(event);
  await updateStack(await stack.opened(), { onEvent });
  await readFiles();
  Object.assign(places, {
    events: JSON.stringify(events),
    journal: JSON.stringify(journey.simulator.journal.entries()),
    tenant: JSON.stringify(journey.tenant.state()),
  });
  expect(Object.keys(secrets).filter((name) => name.startsWith("password"))).toHaveLength(2);
  const found = Object.entries(places).flatMap(([place, text]) =>
    secretsIn(text, secrets).map((name) => `${name} in ${place}`),
  );
  expect(found).toEqual([]);
});

test("a key in the configuration by mistake is not in what fails", async () => {
  const [name = ""] = Object.keys(secrets).filter((one) => one.startsWith("exponent"));
  const generation = name.replace("exponent of ", "");
  const { pfxGenerations } = await stack.outputs();
  const files = pfxGenerations as Record<string, { pfx: string; password: string }>;
  const { pfx = "", password = "" } = files[generation] ?? Object.values(files)[0] ?? {};
  const { privateKeyPem } = readPfx(pfx, password);
  const own = secretsOfGeneration(privateKeyPem, pfx, password);
  for (const source of [privateKeyPem, pfx]) {
    await stack.configure({ ...exampleConfiguration, certificates: [{ name: "own", source }] });
    const printed = await stack.previewFailure();
    expect(printed).toContain("must never come near the stack");
    expect(secretsIn(printed, own)).toEqual([]);
  }
});
