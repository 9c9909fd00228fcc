/** The derived password: deterministic, long, plain characters, and different for every key and label. */
import { createHmac, createPrivateKey } from "node:crypto";
import fc from "fast-check";
import { derivePfxPassword } from "../../../components/pkcs12/password";
import { PfxInputError } from "../../../components/pkcs12/inputError";
import { makeCertificate, type MadeCertificate } from "../../support/certificates";
import { keyDer } from "./samples";

let one: MadeCertificate;
let other: MadeCertificate;

beforeAll(() => {
  one = makeCertificate({ commonName: "one.contoso.org" });
  other = makeCertificate({ commonName: "other.contoso.org" });
});

function labels(): fc.Arbitrary<string> {
  return fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
}

test("the password is 43 letters and digits, the same each time", () => {
  fc.assert(
    fc.property(labels(), (label) => {
      const password = derivePfxPassword(one.privateKeyPem, label);
      // Compared as booleans: a failure must not print the password.
      expect(/^[A-Za-z0-9]{43}$/.test(password)).toBe(true);
      expect(password === derivePfxPassword(one.privateKeyPem, label)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("the password does not depend on the PEM form of the key", () => {
  const pkcs8 = createPrivateKey(one.privateKeyPem).export({ type: "pkcs8", format: "pem" });
  const same =
    derivePfxPassword(pkcs8.toString(), "a") === derivePfxPassword(one.privateKeyPem, "a");
  expect(same).toBe(true);
});

test("the password differs for every label and every key", () => {
  fc.assert(
    fc.property(fc.uniqueArray(labels(), { minLength: 2, maxLength: 20 }), (list) => {
      const passwords = [one, other].flatMap(({ privateKeyPem }) =>
        list.map((label) => derivePfxPassword(privateKeyPem, label)),
      );
      expect(new Set(passwords).size).toBe(list.length * 2);
    }),
    { numRuns: 30 },
  );
});

test("the password uses its characters evenly", () => {
  const counts = new Map<string, number>();
  const rounds = 2000;
  for (let round = 0; round < rounds; round++) {
    for (const character of derivePfxPassword(one.privateKeyPem, `label ${round}`)) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
  }
  expect(counts.size).toBe(62);
  const mean = (rounds * 43) / 62;
  // Seven standard deviations: about one in 10^10 for an even distribution.
  const room = 7 * Math.sqrt(mean);
  expect(Math.min(...counts.values())).toBeGreaterThan(mean - room);
  expect(Math.max(...counts.values())).toBeLessThan(mean + room);
});

test("the password stays the same from release to release", () => {
  // Computed here a second time, from the words of the documentation: a change of the derivation
  // would change the password of every file in use.
  const framed = (...parts: string[]) =>
    Buffer.concat(
      parts.flatMap((part) => [Buffer.from([0, 0, 0, part.length]), Buffer.from(part)]),
    );
  const stream = ["1", "2"]
    .map((block) =>
      createHmac("sha256", keyDer(one.privateKeyPem))
        .update(framed("apponly pfx password v1", "2026-11", block))
        .digest("base64"),
    )
    .join("");
  const expected = stream.replace(/[+/=]/g, "").slice(0, 43);
  expect(derivePfxPassword(one.privateKeyPem, "2026-11") === expected).toBe(true);
});

test("an empty label is refused", () => {
  expect(() => derivePfxPassword(one.privateKeyPem, "")).toThrow(PfxInputError);
  expect(() => derivePfxPassword(one.privateKeyPem, "")).toThrow(
    "label: is empty. Give the name of the generation.",
  );
});
