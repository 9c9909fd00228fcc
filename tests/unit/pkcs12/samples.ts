import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import fc from "fast-check";
import forge from "node-forge";
import type { PfxEncryption, PfxOptions } from "../../../components/pkcs12/options";
import { type MadeCertificate, signByNode } from "../../support/certificates";
import { rsaKey } from "../../support/keys";

/** A key with its certificate. */
export interface Material extends MadeCertificate {
  label: string;
}

/**
 * Keys of every permitted size, two of the smallest, and one under an issuing and a root CA.
 */
export function makePool(): Material[] {
  const selfSigned = [2048, 2048, 3072, 4096].map((keyBits, index) => ({
    label: `RSA ${keyBits} #${index}`,
    ...issue({ commonName: `pool-${index}.contoso.org`, keyBits }),
  }));
  return [...selfSigned, makeIssued()];
}

/** A certificate under two CAs. */
export function makeIssued(): Material {
  const root = issue({ commonName: "Contoso Root CA", isAuthority: true });
  const issuing = issue({ commonName: "Contoso Issuing CA", isAuthority: true, issuer: root });
  const leaf = issue({ commonName: "issued.contoso.org", issuer: issuing });
  return { label: "RSA 2048 with issuers", ...leaf };
}

interface Wish {
  commonName: string;
  /** @default 2048 */
  keyBits?: number;
  /** @default false */
  isAuthority?: boolean;
  /** @default self-signed */
  issuer?: MadeCertificate;
}

function issue({ commonName, keyBits = 2048, isAuthority = false, issuer }: Wish): MadeCertificate {
  const key = rsaKey(keyBits);
  const privateKeyPem = key.export({ type: "pkcs8", format: "pem" }).toString();
  const publicKeyPem = createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKeyPem);
  certificate.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(8))}`;
  certificate.validity.notBefore = new Date(Date.now() - 60_000);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  certificate.setSubject([{ name: "commonName", value: commonName }]);
  certificate.setIssuer(
    issuer === undefined
      ? certificate.subject.attributes
      : forge.pki.certificateFromPem(issuer.certificatePem).subject.attributes,
  );
  certificate.setExtensions([{ name: "basicConstraints", cA: isAuthority, critical: true }]);
  signByNode(certificate, issuer?.privateKeyPem ?? privateKeyPem);
  return {
    certificatePem: forge.pki.certificateToPem(certificate),
    privateKeyPem,
  };
}

/** PKCS #1, DER: one form to compare private keys in. */
export function keyDer(privateKeyPem: string): Buffer {
  return createPrivateKey(privateKeyPem).export({ type: "pkcs1", format: "der" });
}

/** The bytes of a certificate. */
export function certificateDer(certificatePem: string): Buffer {
  return new X509Certificate(certificatePem).raw;
}

export const encryptions: PfxEncryption[] = ["modern", "legacy"];

/** Every password the writer takes: 1 to 128 printable ASCII characters. */
export function passwords(): fc.Arbitrary<string> {
  return fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 128 });
}

/** Names in several scripts and of the greatest length. */
function friendlyNames(): fc.Arbitrary<string | undefined> {
  return fc.constantFrom(
    undefined,
    "contoso.org 2026-11",
    "a",
    "B\u00fccher \u682a\u5f0f\u4f1a\u793e",
    "n".repeat(255),
  );
}

/** Whole option sets over a pool of keys. */
export function pfxOptions(
  pool: readonly Material[],
  wanted: readonly PfxEncryption[] = encryptions,
): fc.Arbitrary<PfxOptions> {
  return fc
    .record({
      material: fc.constantFrom(...pool),
      password: passwords(),
      friendlyName: friendlyNames(),
      encryption: fc.constantFrom(...wanted),
      saltSeed: fc.constantFrom(undefined, "", "2026-11", "2027-02"),
    })
    .map(({ material, ...rest }) => ({
      privateKeyPem: material.privateKeyPem,
      certificatePem: material.certificatePem,
      ...rest,
      // A counterexample is printed whole, and must not print the key.
      [fc.toStringMethod]: () => `${material.label}, ${rest.encryption}, seed ${rest.saltSeed}`,
    }));
}
