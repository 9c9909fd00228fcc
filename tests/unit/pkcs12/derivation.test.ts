/**
 * The key derivation of PKCS #12, which Node does not have.
 *
 * The vectors are those that Bouncy Castle and GnuTLS test with; the comparison with node-forge's
 * own derivation covers what they do not: SHA-2, several blocks, every length.
 */
import fc from "fast-check";
import forge from "node-forge";
import { type Derivation, derivePkcs12 } from "../../../components/pkcs12/derivation";

const vectors: [string, string, string, number, 1 | 2 | 3, string][] = [
  ["key", "smeg", "0a58cf64530d823f", 1, 1, "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3"],
  ["iv", "smeg", "0a58cf64530d823f", 1, 2, "79993dfe048d3b76"],
  ["mac", "smeg", "3d83c0e4546ac140", 1, 3, "8d967d88f6caa9d714800ab3d48051d63f73a312"],
  ["key", "queeg", "05dec959acff72f7", 1000, 1, "ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4"],
  ["iv", "queeg", "05dec959acff72f7", 1000, 2, "11dedad7758d4860"],
  ["mac", "queeg", "263216fcc2fab31c", 1000, 3, "5ec4c7a80df652294c3925b6489a7ab857c83476"],
];

test.each(vectors)(
  "the %s of %s under salt %s is the known one",
  (_use, password, salt, iterations, purpose, expected) => {
    const derived = derivePkcs12({
      hash: "sha1",
      password,
      salt: Buffer.from(salt, "hex"),
      iterations,
      purpose,
      length: expected.length / 2,
    });
    expect(derived.toString("hex")).toBe(expected);
  },
);

test("a derived key agrees with the derivation of node-forge", () => {
  fc.assert(
    fc.property(derivations(), (derivation) => {
      expect(derivePkcs12(derivation).toString("hex")).toBe(deriveByForge(derivation));
    }),
    { numRuns: 200 },
  );
});

test("deriving does not change the salt it is given", () => {
  const salt = Buffer.alloc(64, 0xff);
  derivePkcs12({ hash: "sha1", password: "p", salt, iterations: 2, purpose: 1, length: 64 });
  expect(salt.equals(Buffer.alloc(64, 0xff))).toBe(true);
});

/** What node-forge takes too: it knows no SHA-224, and no password but text. */
interface Comparable extends Derivation {
  hash: Exclude<Derivation["hash"], "sha224">;
  password: string;
}

function derivations(): fc.Arbitrary<Comparable> {
  return fc.record({
    hash: fc.constantFrom("sha1" as const, "sha256" as const, "sha384" as const, "sha512" as const),
    password: fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 128 }),
    salt: fc.uint8Array({ minLength: 1, maxLength: 130 }).map((bytes) => Buffer.from(bytes)),
    iterations: fc.integer({ min: 1, max: 30 }),
    purpose: fc.constantFrom(1 as const, 2 as const, 3 as const),
    length: fc.integer({ min: 1, max: 100 }),
  });
}

/** node-forge has the function, though its types leave it out. */
function deriveByForge({ hash, password, salt, iterations, purpose, length }: Comparable): string {
  const { generateKey } = forge.pkcs12 as unknown as {
    generateKey: (
      password: string,
      salt: forge.util.ByteStringBuffer,
      id: number,
      iterations: number,
      length: number,
      md: forge.md.MessageDigest,
    ) => forge.util.ByteStringBuffer;
  };
  return generateKey(
    password,
    forge.util.createBuffer(salt.toString("latin1")),
    purpose,
    iterations,
    length,
    forge.md[hash].create(),
  ).toHex();
}
