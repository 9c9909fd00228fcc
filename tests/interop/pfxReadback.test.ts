/**
 * Every program reads back what was written: the same private key, certificate, issuers and name,
 * over keys, encryptions, passwords and names drawn at random.
 *
 * Not proven here: import on Windows and macOS, whose programs cannot be run on this platform.
 */
import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { createPfx } from "../../components/pkcs12/createPfx";
import type { PfxOptions } from "../../components/pkcs12/options";
import { describeWithTool } from "../support/externalTools";
import {
  certificateDer,
  keyDer,
  makePool,
  type Material,
  pfxOptions,
} from "../unit/pkcs12/samples";
import { PfxFolder } from "./pfxFiles";
import { allReaders } from "./readers/allReaders";
import { type PfxContent, spki, untold } from "./readers/contract";

const folder = new PfxFolder();
let pool: Material[] = [];

beforeAll(() => {
  pool = makePool();
});
afterAll(() => {
  folder.remove();
});

/** Each file is made once, and read by every program. */
const written = new Map<string, { file: ReturnType<PfxFolder["write"]>; options: PfxOptions }>();

function fileOf(index: number, encryption: "modern" | "legacy") {
  const key = `${index} ${encryption}`;
  const known = written.get(key);
  if (known !== undefined) {
    return known;
  }
  const options: PfxOptions = {
    ...pool[index]!,
    password: `pw ${encryption} !"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`,
    friendlyName: "contoso.org 2026-11",
    encryption,
  };
  const made = { file: folder.write(createPfx(options), options.password), options };
  written.set(key, made);
  return made;
}

for (const { name, tool, reader } of allReaders()) {
  describeWithTool(name, tool, ({ command }) => {
    const ours = reader(command);
    afterAll(() => ours.close?.());

    test("reads back files drawn at random", async () => {
      await fc.assert(
        fc.asyncProperty(pfxOptions(pool), async (options) => {
          const file = folder.write(createPfx(options), options.password);
          expectContent(await ours.read(file), options);
        }),
        { numRuns: 5 },
      );
    });

    for (const encryption of ["modern", "legacy"] as const) {
      test(`reads back every key of the pool, ${encryption}`, async () => {
        for (const index of pool.keys()) {
          const { file, options } = fileOf(index, encryption);
          expectContent(await ours.read(file), options);
        }
      });
    }
  });
}

function expectContent(content: PfxContent, options: PfxOptions): void {
  if ("given" in content.key) {
    // Compared outside of expect, whose message would print the key.
    expect(content.key.given.equals(keyDer(options.privateKeyPem))).toBe(true);
  } else {
    const own = new X509Certificate(options.certificatePem).publicKey;
    expect(content.key.proven.toString("hex")).toBe(spki(own).toString("hex"));
  }
  expect(hex([content.certificate])).toEqual(hex([certificateDer(options.certificatePem)]));
  if (content.others !== untold) {
    expect(content.others).toEqual([]);
  }
  if (content.friendlyName !== untold) {
    // Java keeps aliases in lower case.
    expect(content.friendlyName?.toLowerCase()).toBe(options.friendlyName?.toLowerCase());
  }
}

function hex(certificates: Buffer[]): string[] {
  return certificates.map((der) => der.toString("hex")).sort();
}
