/**
 * Reading certificates that people bring. Keys and certificates are made here with node-forge.
 * Not proven here: that Entra accepts them.
 */
import { X509Certificate } from "node:crypto";
import forge from "node-forge";
import { readCertificate, wholeSeconds } from "../../../components/certificateFacts";
import { CertificateMaterialError } from "../../../components/material/certificateIn";
import { makeCertificate } from "../../support/certificates";
import { rsaKey } from "../../support/keys";

const made = makeCertificate({ commonName: "contoso.org" });

test("a PEM and the base64 of its .cer are the same certificate", () => {
  const facts = readCertificate(made.certificatePem);
  expect(readCertificate(facts.cer)).toEqual(facts);
  expect(readCertificate(facts.pem)).toEqual(facts);
});

test("thumbprints, subject and dates are those Node reads", () => {
  const own = new X509Certificate(made.certificatePem);
  expect(readCertificate(made.certificatePem)).toMatchObject({
    thumbprint: own.fingerprint.replaceAll(":", ""),
    thumbprintSha256: own.fingerprint256.replaceAll(":", ""),
    subject: "CN=contoso.org",
    notBefore: wholeSeconds(own.validFrom),
    notAfter: wholeSeconds(own.validTo),
    keyType: "rsa",
    keyBits: 2048,
  });
});

test("dates are whole seconds with Z", () => {
  expect(wholeSeconds("2026-11-24T10:00:00.123+02:00")).toBe("2026-11-24T08:00:00Z");
});

test.each([
  ["a PEM private key", made.privateKeyPem],
  ["a DER private key", forge.util.encode64(forge.pem.decode(made.privateKeyPem)[0]?.body ?? "")],
  [
    "an encrypted private key",
    rsaKey()
      .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" })
      .toString(),
  ],
])("%s is refused without being repeated", (_what, text) => {
  expect.assertions(3);
  try {
    readCertificate(text);
  } catch (error) {
    expect(error).toBeInstanceOf(CertificateMaterialError);
    const { message } = error as Error;
    expect(message).toContain("private key");
    expect(message).not.toContain(text.replace(/\s/g, "").slice(60, 80));
  }
});

test("a .pfx is refused without being repeated", () => {
  const asn1 = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(made.privateKeyPem),
    [forge.pki.certificateFromPem(made.certificatePem)],
    "password",
  );
  const pfx = forge.util.encode64(forge.asn1.toDer(asn1).getBytes());
  expect(() => readCertificate(pfx)).toThrow(/is a \.pfx file, which holds a private key/);
});

test("a bundle, a truncated certificate and prose are refused", () => {
  expect(() => readCertificate(made.certificatePem + made.certificatePem)).toThrow(
    "contains 2 certificates.",
  );
  expect(() => readCertificate(readCertificate(made.certificatePem).cer.slice(0, 400))).toThrow(
    "is not whole: the end of it is missing.",
  );
  expect(() => readCertificate("my certificate")).toThrow("is not a certificate.");
});
