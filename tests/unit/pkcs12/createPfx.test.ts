/**
 * The same inputs give the same bytes; any other input gives other salts; the parts are what the
 * options say. That programs other than ours read the files is proven in tests/interop.
 */
import { createHash, createPrivateKey } from "node:crypto";
import tls from "node:tls";
import fc from "fast-check";
import { createPfx } from "../../../components/pkcs12/createPfx";
import type { PfxOptions } from "../../../components/pkcs12/options";
import { readPfx } from "../../../components/pkcs12/readPfx";
import { cspName } from "../../../components/pkcs12/safeBags";
import { keyBagOf, keyInfoOf } from "./bags";
import { layoutOf } from "./layout";
import {
  certificateDer,
  encryptions,
  keyDer,
  makePool,
  type Material,
  pfxOptions,
} from "./samples";

let pool: Material[] = [];
let base: PfxOptions;

beforeAll(() => {
  pool = makePool();
  base = {
    ...itemAt(pool, 0),
    password: "correct horse battery staple",
    friendlyName: "contoso.org 2026-11",
    encryption: "legacy",
    saltSeed: "2026-11",
  };
});

test("the same options give the same bytes", () => {
  fc.assert(
    fc.property(pfxOptions(pool), (options) => {
      expect(createPfx(options).equals(createPfx({ ...options }))).toBe(true);
    }),
    { numRuns: 25 },
  );
});

test.each(encryptions)("the provider that the file names is read out of it, %s", (encryption) => {
  const { password } = base;
  expect(readPfx(createPfx({ ...base, encryption }), password).keyProvider).toBe(cspName);
});

test.each(encryptions)("the PEM form of the key changes nothing, %s", (encryption) => {
  const key = createPrivateKey(base.privateKeyPem);
  const forms = [
    key.export({ type: "pkcs1", format: "pem" }).toString(),
    key.export({ type: "pkcs8", format: "pem" }).toString(),
    base.privateKeyPem.replaceAll("\n", "\r\n"),
    `Bag Attributes\n    friendlyName: key\n${base.privateKeyPem}\n\n`,
  ];
  const files = forms.map((privateKeyPem) => createPfx({ ...base, privateKeyPem, encryption }));
  expect(new Set(files.map((file) => file.toString("hex"))).size).toBe(1);
});

test("any other option gives other salts and other IVs", () => {
  const variants: PfxOptions[] = [
    base,
    { ...base, saltSeed: "2027-02" },
    { ...base, saltSeed: undefined },
    { ...base, password: `${base.password}!` },
    { ...base, friendlyName: undefined },
    { ...base, friendlyName: "contoso.org 2027-02" },
    { ...base, ...itemAt(pool, 1) },
  ].flatMap((variant) => encryptions.map((encryption) => ({ ...variant, encryption })));
  const salts = variants.flatMap((options) => saltsOf(createPfx(options)));
  // Three salts in a legacy file; two IVs more in a modern one.
  expect(salts).toHaveLength((variants.length / 2) * (3 + 5));
  expect(new Set(salts).size).toBe(salts.length);
});

test("options that read alike when written one after the other share no salt", () => {
  const [one, other] = [
    { ...base, password: "secret", friendlyName: "namecontoso" },
    { ...base, password: "secretname", friendlyName: "contoso" },
  ].map((options) => saltsOf(createPfx(options)));
  expect(one).toHaveLength(3);
  expect(one?.filter((salt) => other?.includes(salt))).toEqual([]);
});

test.each(encryptions)(
  "the key bag names the CSP and pairs with the certificate, %s",
  (encryption) => {
    const pfx = createPfx({ ...base, encryption });
    const thumbprint = createHash("sha1").update(certificateDer(base.certificatePem)).digest("hex");
    const utf16 = (text: string) => Buffer.from(text, "utf16le").swap16().toString("hex");
    expect(keyBagOf(pfx).attributes).toEqual([
      expect.stringMatching(`06092a864886f70d01091531160414${thumbprint}$`),
      expect.stringMatching(`06092a864886f70d01091431281e26${utf16("contoso.org 2026-11")}$`),
      expect.stringMatching(`06092b0601040182371101316c1e6a${utf16(cspName)}$`),
    ]);
  },
);

test.each(encryptions)(
  "the key is marked for key exchange inside the encryption, %s",
  (encryption) => {
    const info = keyInfoOf(createPfx({ ...base, encryption }), base.password);
    const keyUsage = "a00d300b0603551d0f310403020410";
    expect(info.subarray(-15).toString("hex")).toBe(keyUsage);
    expect(info.includes(keyDer(base.privateKeyPem))).toBe(true);
  },
);

test("neither key nor certificates nor password are readable in the file", () => {
  fc.assert(
    fc.property(pfxOptions(pool), (options) => {
      fc.pre(options.password.length >= 6);
      const pfx = createPfx(options);
      const secrets = [
        keyDer(options.privateKeyPem).subarray(30, 62),
        keyDer(options.privateKeyPem).subarray(-32),
        certificateDer(options.certificatePem).subarray(-32),
        Buffer.from(options.password, "ascii"),
        Buffer.from(options.password, "utf16le"),
        Buffer.from(options.password, "utf16le").swap16(),
      ];
      expect(secrets.map((secret) => pfx.includes(secret))).toEqual(secrets.map(() => false));
    }),
    { numRuns: 25 },
  );
});

test("Node reads every key with every encryption", () => {
  fc.assert(
    fc.property(pfxOptions(pool), (options) => {
      const { context } = tls.createSecureContext({
        pfx: createPfx(options),
        passphrase: options.password,
      });
      expect(context.getCertificate().equals(certificateDer(options.certificatePem))).toBe(true);
    }),
    { numRuns: 40 },
  );
});

/** The salts and IVs of a file that are readable without the password, and the salt of its MAC. */
function saltsOf(pfx: Buffer): string[] {
  const { macSalt } = layoutOf(pfx);
  return [...parametersOf(pfx), pfx.subarray(macSalt.start, macSalt.end).toString("hex")];
}

/** Salts and IVs of the algorithm identifiers, found by the bytes that stand before them. */
function parametersOf(pfx: Buffer): string[] {
  const hex = pfx.toString("hex");
  const found = [
    // pbeWithSHAAnd3-KeyTripleDES-CBC: 8 bytes of salt.
    ...hex.matchAll(/060a2a864886f70d010c0103300e0408([0-9a-f]{16})/g),
    // PBKDF2: 16 bytes of salt.
    ...hex.matchAll(/06092a864886f70d01050c30[0-9a-f]{2}0410([0-9a-f]{32})/g),
    // AES-256-CBC: an IV of 16 bytes.
    ...hex.matchAll(/060960864801650304012a0410([0-9a-f]{32})/g),
  ];
  return [...new Set(found.map(([, bytes]) => bytes ?? ""))];
}

function itemAt<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) {
    throw new Error(`There is no sample ${index}.`);
  }
  return found;
}
