import { createPublicKey, generateKeyPair, randomBytes, X509Certificate } from "node:crypto";
import { promisify } from "node:util";
import forge from "node-forge";

/** A certificate authority of this simulator alone, and the certificate of its https listener. */
export interface TlsMaterial {
  readonly caCertificatePem: string;
  readonly caKeyPem: string;
  readonly certificatePem: string;
  readonly keyPem: string;
}

const day = 86_400_000;

/**
 * Makes an authority and a certificate for 127.0.0.1, ::1 and localhost. Dates follow the
 * machine's clock and not the simulator's, because TLS clients do.
 */
export async function makeTlsMaterial(): Promise<TlsMaterial> {
  const [caKeyPem, keyPem] = await Promise.all([makeKey(), makeKey()]);
  const subject = [
    { name: "commonName", value: `apponly simulator ${randomBytes(4).toString("hex")}` },
  ];
  const caKey = forge.pki.privateKeyFromPem(caKeyPem);
  const ca = makeCertificate(caKeyPem, subject, 10 * 365, [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    { name: "subjectKeyIdentifier" },
  ]);
  ca.setIssuer(subject);
  ca.sign(caKey, forge.md.sha256.create());
  // 825 days are what Apple's TLS accepts at most.
  const leaf = makeCertificate(keyPem, [{ name: "commonName", value: "localhost" }], 820, [
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    {
      name: "subjectAltName",
      altNames: [
        { type: 2, value: "localhost" },
        { type: 7, ip: "127.0.0.1" },
        { type: 7, ip: "::1" },
      ],
    },
  ]);
  leaf.setIssuer(subject);
  leaf.sign(caKey, forge.md.sha256.create());
  return {
    caCertificatePem: pem(ca),
    caKeyPem,
    certificatePem: pem(leaf),
    keyPem,
  };
}

/** Whether kept material can still be used for a month, and belongs together. */
export function isUsable(material: TlsMaterial): boolean {
  try {
    const ca = new X509Certificate(material.caCertificatePem);
    const leaf = new X509Certificate(material.certificatePem);
    const key = createPublicKey(material.keyPem).export({ type: "spki", format: "der" });
    return (
      leaf.verify(ca.publicKey) &&
      leaf.publicKey.export({ type: "spki", format: "der" }).equals(key) &&
      [ca, leaf].every(({ validTo }) => new Date(validTo).getTime() > Date.now() + 30 * day)
    );
  } catch {
    return false;
  }
}

async function makeKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs1", format: "pem" }).toString();
}

function makeCertificate(
  keyPem: string,
  subject: forge.pki.CertificateField[],
  days: number,
  extensions: object[],
): forge.pki.Certificate {
  const key = forge.pki.privateKeyFromPem(keyPem);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  certificate.serialNumber = `00${randomBytes(16).toString("hex")}`;
  certificate.validity.notBefore = new Date(Date.now() - day);
  certificate.validity.notAfter = new Date(Date.now() + days * day);
  certificate.setSubject(subject);
  certificate.setExtensions(extensions);
  return certificate;
}

function pem(certificate: forge.pki.Certificate): string {
  return forge.pki.certificateToPem(certificate).replaceAll("\r\n", "\n");
}
