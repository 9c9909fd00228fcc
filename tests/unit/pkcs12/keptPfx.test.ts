/** What is kept of a `.pfx` is what would be written anew, and each wish has its own. */
import { createPfx } from "../../../components/pkcs12/createPfx";
import { keptPfx } from "../../../components/pkcs12/keptPfx";
import { PfxEncryption, type PfxOptions } from "../../../components/pkcs12/options";
import { makeCertificate } from "../../support/certificates";

const { privateKeyPem, certificatePem } = makeCertificate({ commonName: "contoso.org" });
const wish: PfxOptions = {
  privateKeyPem,
  certificatePem,
  password: "a password of this test",
  encryption: PfxEncryption.Legacy,
};

test("the same wish is written once, and nobody changes what the next one gets", () => {
  const first = keptPfx(wish);
  expect(first).toEqual(createPfx(wish));
  first.fill(0);
  expect(keptPfx(wish)).toEqual(createPfx(wish));
});

test.each<[string, Partial<PfxOptions>]>([
  ["password", { password: "another" }],
  ["name", { friendlyName: "contoso.org 2026-11" }],
  ["seed", { saltSeed: "2026-11" }],
  ["encryption", { encryption: PfxEncryption.Modern }],
])("another %s is another file", (_, other) => {
  keptPfx(wish);
  expect(keptPfx({ ...wish, ...other })).toEqual(createPfx({ ...wish, ...other }));
});

test("a wish that many others have followed is written anew, alike", () => {
  const first = keptPfx(wish);
  for (let other = 0; other < 20; other += 1) {
    keptPfx({ ...wish, saltSeed: `${other}` });
  }
  expect(keptPfx(wish)).toEqual(first);
});

test("a wish that cannot be met is refused each time", () => {
  const bad = { ...wish, password: "" };
  expect(() => keptPfx(bad)).toThrow();
  expect(() => keptPfx(bad)).toThrow();
});
