/**
 * No key, password or secret leaves the stack in plain: state, events, outputs as printed, the
 * engine's logs and the tenant's journal are searched for the bytes in every usual encoding.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { previewStack, updateStack } from "../../operations/stack";
import { readPfx } from "../../components/pkcs12/readPfx";
import { exampleConfiguration, type Journey, startJourney } from "../support/journey";
import { encodings, secretsIn, secretsOfGeneration } from "../support/secretForms";

let journey: Journey;

afterAll(() => journey.close());

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
}

test("no key, password or deployer secret is anywhere in plain", async () => {
  journey = await startJourney(undefined, {
    startPlugins: true,
    passphrase: true,
    engineLogs: true,
  });
  const stack = await journey.stack("dev", exampleConfiguration);
  const events: EngineEvent[] = [];
  const onEvent = (event: EngineEvent) => events.push(event);
  await previewStack(await stack.opened(), { onEvent });
  const updated = await updateStack(await stack.opened(), { onEvent });
  await previewStack(await stack.opened(), { onEvent });
  let printed = "";
  await (await stack.opened()).preview({ color: "never", onOutput: (text) => (printed += text) });
  printed += (await (await stack.opened()).history(1))
    .map((entry) => JSON.stringify(entry))
    .join("");
  const outputs = await (await stack.opened()).workspace.stackOutputs("dev");
  expect(outputs).toMatchObject({
    pfx: { secret: true },
    pfxPassword: { secret: true },
    pfxGenerations: { secret: true },
    certificates: { secret: false },
    connect: { secret: false },
  });
  const pfx = outputs.pfx?.value as string;
  const password = outputs.pfxPassword?.value as string;
  const secrets = secretsOfGeneration(readPfx(pfx, password).privateKeyPem, pfx, password);
  const places: Record<string, string> = {
    events: JSON.stringify([events, updated]),
    printed,
    journal: JSON.stringify(journey.simulator.journal.entries()),
    tenant: JSON.stringify(journey.tenant.state()),
  };
  for (const file of await filesBelow(journey.directory)) {
    places[file] = plainText(await readFile(file)).toString("latin1");
  }
  for (const place of [/dev\.json$/, /logs[\\/]pulumi-.*\.log$/]) {
    expect(Object.keys(places)).toContainEqual(expect.stringMatching(place));
  }
  const found = Object.entries(places).flatMap(([place, text]) =>
    secretsIn(text, secrets).map((name) => `${name} in ${place}`),
  );
  expect(found).toEqual([]);
});

const gzipMagic = Buffer.from([0x1f, 0x8b]);

/** The content of a file; the engine packs its logs. */
function plainText(content: Buffer): Buffer {
  return content.subarray(0, 2).equals(gzipMagic)
    ? gunzipSync(content, { finishFlush: constants.Z_SYNC_FLUSH })
    : content;
}

test("the search finds what it is to find", () => {
  const secret = Buffer.from("a secret that is long enough to be found in any encoding");
  for (const text of [
    secret.toString("base64"),
    Buffer.concat([Buffer.from("x"), secret]).toString("base64"),
    Buffer.concat([Buffer.from("xy"), secret]).toString("base64url"),
    secret.toString("hex"),
  ]) {
    expect(encodings(secret).some((form) => text.includes(form))).toBe(true);
  }
});
