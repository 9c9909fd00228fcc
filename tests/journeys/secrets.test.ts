/**
 * No key, password or secret leaves the stack in plain: state, events, outputs as printed, and the
 * tenant's journal are searched for the bytes in every usual encoding.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createPrivateKey } from "node:crypto";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { previewStack, updateStack } from "../../operations/stack";
import { readPfx } from "../../access/readPfx";
import { exampleConfiguration, type Journey, startJourney } from "../support/journey";

jest.setTimeout(120_000);

let journey: Journey;

afterAll(() => journey.close());

/** A secret in the encodings in which it could be found, long enough not to be found by chance. */
function encodings(secret: Buffer): string[] {
  const percent = [...secret].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  // Base64 inside base64 begins at any of three offsets.
  const base64 = [0, 1, 2].map((offset) =>
    secret.subarray(offset).toString("base64").replace(/=+$/, "").slice(0, -4),
  );
  return [
    secret.toString("latin1"),
    secret.toString("hex"),
    secret.toString("hex").toUpperCase(),
    percent,
    ...base64,
    ...base64.map((text) => text.replace(/\+/g, "-").replace(/\//g, "_")),
  ];
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
}

test("no key, password or deployer secret is anywhere in plain", async () => {
  journey = await startJourney();
  const stack = await journey.stack("dev", exampleConfiguration);
  const events: EngineEvent[] = [];
  const onEvent = (event: EngineEvent) => events.push(event);
  await previewStack(stack.stack, { onEvent });
  const updated = await updateStack(stack.stack, { onEvent });
  await previewStack(stack.stack, { onEvent });
  let printed = "";
  await stack.stack.preview({ color: "never", onOutput: (text) => (printed += text) });
  printed += (await stack.stack.history(1)).map((entry) => JSON.stringify(entry)).join("");
  const outputs = await stack.stack.outputs();
  expect(outputs).toMatchObject({
    pfx: { secret: true },
    pfxPassword: { secret: true },
    pfxGenerations: { secret: true },
    certificates: { secret: false },
    connect: { secret: false },
  });
  const pfx = outputs.pfx?.value as string;
  const password = outputs.pfxPassword?.value as string;
  const key = createPrivateKey(readPfx(pfx, password).privateKeyPem);
  const jwk = key.export({ format: "jwk" });
  const secrets: Record<string, Buffer> = {
    // Any of these numbers gives the key away; the public modulus is not among them.
    exponent: Buffer.from(jwk.d ?? "", "base64url").subarray(0, 48),
    prime: Buffer.from(jwk.p ?? "", "base64url").subarray(0, 48),
    password: Buffer.from(password),
    pfx: Buffer.from(pfx, "base64").subarray(100, 160),
  };
  const places: Record<string, string> = {
    events: JSON.stringify([events, updated]),
    printed,
    journal: JSON.stringify(journey.simulator.journal.entries()),
    tenant: JSON.stringify(journey.tenant.state()),
  };
  for (const file of await filesBelow(journey.directory)) {
    places[file] = (await readFile(file)).toString("latin1");
  }
  expect(Object.keys(places).some((place) => place.endsWith("dev.json"))).toBe(true);
  const found = Object.entries(places).flatMap(([place, lines]) => {
    // PEM breaks its base64 into lines, and JSON writes the breaks as \\n.
    const text = lines.replace(/\\n|\s/g, "");
    return Object.entries(secrets)
      .filter(([, secret]) => encodings(secret).some((form) => text.includes(form)))
      .map(([name]) => `${name} in ${place}`);
  });
  expect(found).toEqual([]);
});

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
