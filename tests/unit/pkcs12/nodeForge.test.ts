/**
 * node-forge reads back what is written, with the derivation of keys done by Node: that this is the
 * same derivation.
 */
import { readPfx } from "../../../components/pkcs12/readPfx";
import { forge } from "../../support/nodeForge";
import { makeIssued } from "./samples";

test.each(["sha1", "sha256", "sha384", "sha512"] as const)(
  "keys are derived with %s as node-forge derives them itself",
  (name) => {
    const digest = () => forge.md[name].create();
    const inputs = ["pässwörd", "salt", 1000, 40] as const;
    const { pbkdf2 } = forge as unknown as { pbkdf2: typeof forge.pkcs5.pbkdf2 };
    expect(forge.pkcs5.pbkdf2).not.toBe(pbkdf2);
    expect(forge.pkcs5.pbkdf2(...inputs, digest())).toBe(pbkdf2(...inputs, digest()));
  },
);

test("a file whose writer took the password for Latin-1, as node-forge does, is read", () => {
  const { privateKeyPem, certificatePem } = makeIssued();
  const { asn1, pki, pkcs12 } = forge;
  const file = pkcs12.toPkcs12Asn1(
    pki.privateKeyFromPem(privateKeyPem),
    [pki.certificateFromPem(certificatePem)],
    "Gr\u00fc\u00dfe 1",
    { algorithm: "aes256", useMac: false },
  );
  const bytes = Buffer.from(asn1.toDer(file).getBytes(), "binary");
  expect(readPfx(bytes, "Gr\u00fc\u00dfe 1").certificatePem).toBe(
    certificatePem.replaceAll("\r", ""),
  );
});
