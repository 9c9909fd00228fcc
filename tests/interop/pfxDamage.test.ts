/**
 * Every program refuses a wrong password, a file cut short and a file with a flipped bit.
 *
 * The MAC covers the authenticated safe, that is, all keys and certificates. The few bytes around
 * it (version, object identifiers, lengths) are not covered, and some programs do not look at all
 * of them; there the claim is that no program is led to another key or certificate.
 */
import fc from "fast-check";
import { createPfx } from "../../components/pkcs12/createPfx";
import { derivePfxPassword } from "../../components/pkcs12/password";
import type { PfxEncryption } from "../../components/pkcs12/options";
import { describeWithTool } from "../support/externalTools";
import { layoutOf } from "../unit/pkcs12/layout";
import {
  certificateDer,
  encryptions,
  keyDer,
  makeIssued,
  type Material,
} from "../unit/pkcs12/samples";
import { PfxFolder } from "./pfxFiles";
import { allReaders } from "./readers/allReaders";
import { type PfxContent, type PfxReader, RefusedError } from "./readers/contract";

const folder = new PfxFolder();
let material: Material;
let password: string;
const intact = new Map<PfxEncryption, Buffer>();

beforeAll(() => {
  material = makeIssued();
  password = derivePfxPassword(material.privateKeyPem, "2026-11");
  for (const encryption of encryptions) {
    intact.set(encryption, createPfx({ ...material, password, encryption }));
  }
});
afterAll(() => {
  folder.remove();
});

/** Draws an encryption with its file, so that each program sees damage to both. */
function drawFile(draw: fc.GeneratorValue): Buffer {
  return intact.get(draw(() => fc.constantFrom(...encryptions))) ?? Buffer.alloc(0);
}

const settings = { numRuns: 6 };

for (const { name, tool, reader: open } of allReaders()) {
  describeWithTool(name, tool, ({ command }) => {
    const reader = open(command);
    afterAll(() => reader.close?.());

    test.each(encryptions)("reads the intact file, %s", async (encryption) => {
      const bytes = intact.get(encryption) ?? Buffer.alloc(0);
      expectSame(await reader.read(folder.write(bytes, password)), material);
    });

    test("refuses a wrong password", async () => {
      await fc.assert(
        fc.asyncProperty(fc.gen(), wrongPasswords(), async (draw, wrong) => {
          const mistaken = wrong(password);
          fc.pre(mistaken !== password);
          await expectRefused(reader, drawFile(draw), mistaken);
        }),
        settings,
      );
    });

    test("refuses a file cut short", async () => {
      await fc.assert(
        fc.asyncProperty(fc.gen(), async (draw) => {
          const bytes = drawFile(draw);
          const length = draw(() => fc.nat({ max: bytes.length - 1 }));
          await expectRefused(reader, bytes.subarray(0, length), password);
        }),
        settings,
      );
    });

    test("refuses a bit flipped in what the MAC covers, or in the MAC", async () => {
      await fc.assert(
        fc.asyncProperty(fc.gen(), async (draw) => {
          const bytes = drawFile(draw);
          const { authenticatedSafe, macDigest, macSalt } = layoutOf(bytes);
          const { start, end } = draw(() =>
            fc.constantFrom(authenticatedSafe, authenticatedSafe, macDigest, macSalt),
          );
          const position = draw(() => fc.integer({ min: start, max: end - 1 }));
          const bit = draw(() => fc.nat({ max: 7 }));
          await expectRefused(reader, flip(bytes, position, bit), password);
        }),
        settings,
      );
    });

    test("is never led to another key or certificate by a bit flipped around it", async () => {
      await fc.assert(
        fc.asyncProperty(fc.gen(), async (draw) => {
          const bytes = drawFile(draw);
          const position = draw(() => fc.constantFrom(...layoutOf(bytes).framing));
          const bit = draw(() => fc.nat({ max: 7 }));
          const file = folder.write(flip(bytes, position, bit), password);
          let content: PfxContent;
          try {
            content = await reader.read(file);
          } catch (error) {
            expect(error).toBeInstanceOf(RefusedError);
            return;
          }
          expectSame(content, material);
        }),
        settings,
      );
    });
  });
}

/** Passwords that are near to the right one, or that people try. */
function wrongPasswords(): fc.Arbitrary<(right: string) => string> {
  return fc.constantFrom(
    (right: string) => right.slice(0, -1),
    (right: string) => `${right} `,
    (right: string) => right.toLowerCase(),
    (right: string) => [...right].reverse().join(""),
    () => "changeit",
  );
}

function flip(bytes: Buffer, position: number, bit: number): Buffer {
  const damaged = Buffer.from(bytes);
  damaged.writeUInt8(damaged.readUInt8(position) ^ (1 << bit), position);
  return damaged;
}

async function expectRefused(reader: PfxReader, bytes: Buffer, secret: string): Promise<void> {
  const attempt = async () => reader.read(folder.write(bytes, secret));
  await expect(attempt()).rejects.toBeInstanceOf(RefusedError);
}

function expectSame(content: PfxContent, expected: Material): void {
  const own = certificateDer(expected.certificatePem);
  expect(content.certificate.equals(own)).toBe(true);
  if ("given" in content.key) {
    expect(content.key.given.equals(keyDer(expected.privateKeyPem))).toBe(true);
  }
}
