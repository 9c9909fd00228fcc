import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from "node:crypto";
import forge from "node-forge";
import type { MakeKey } from "../rsaKey";

/** A certificate authority of this simulator only, and the certificate of its https listener. */
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
export async function makeTlsMaterial(makeKey: MakeKey): Promise<TlsMaterial> {
  const [ca, leaf] = await Promise.all([makeKey(), makeKey()]);
  const issuer = [
    { name: "commonName", value: `apponly simulator ${randomBytes(4).toString("hex")}` },
  ];
  const caCertificatePem = issue(ca, issuer, {
    publicKey: createPublicKey(ca),
    subject: issuer,
    valid: 10 * 365,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
      { name: "subjectKeyIdentifier" },
    ],
  });
  const certificatePem = issueForServer(ca, issuer, createPublicKey(leaf), "localhost", [
    { type: 2, value: "localhost" },
    { type: 7, ip: "127.0.0.1" },
    { type: 7, ip: "::1" },
  ]);
  return { caCertificatePem, caKeyPem: pem(ca), certificatePem, keyPem: pem(leaf) };
}

/** A certificate of the same authority and key for other host names. */
export function certificateFor(hosts: readonly string[], tls: TlsMaterial): string {
  return issueForServer(
    createPrivateKey(tls.caKeyPem),
    forge.pki.certificateFromPem(tls.caCertificatePem).subject.attributes,
    createPublicKey(tls.keyPem),
    "apponly simulator",
    hosts.map((value) => ({ type: 2, value })),
  );
}

function issueForServer(
  issuerKey: KeyObject,
  issuer: forge.pki.CertificateField[],
  publicKey: KeyObject,
  commonName: string,
  altNames: readonly object[],
): string {
  return issue(issuerKey, issuer, {
    publicKey,
    subject: [{ name: "commonName", value: commonName }],
    // What Apple's TLS accepts at most is 825.
    valid: 820,
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames },
    ],
  });
}

/** A certificate that says itself whose it is. */
export function selfSignedCertificate(
  key: KeyObject,
  commonName: string,
  valid: { readonly start: Date; readonly end: Date },
): string {
  const name = [{ name: "commonName", value: commonName }];
  return issue(key, name, {
    publicKey: createPublicKey(key),
    subject: name,
    valid,
    extensions: [],
  });
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

function pem(key: KeyObject): string {
  return key.export({ type: "pkcs1", format: "pem" }).toString();
}

function issue(
  issuerKey: KeyObject,
  issuer: forge.pki.CertificateField[],
  wish: {
    publicKey: KeyObject;
    subject: forge.pki.CertificateField[];
    /** From a day ago, or between two instants. */
    valid: number | { readonly start: Date; readonly end: Date };
    extensions: object[];
  },
): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(
    wish.publicKey.export({ type: "spki", format: "pem" }).toString(),
  );
  // A first byte of 01 keeps the number positive and its encoding without padding.
  certificate.serialNumber = `01${randomBytes(15).toString("hex")}`;
  const { start, end } =
    typeof wish.valid === "number"
      ? { start: new Date(Date.now() - day), end: new Date(Date.now() + wish.valid * day) }
      : wish.valid;
  certificate.validity.notBefore = start;
  certificate.validity.notAfter = end;
  certificate.setSubject(wish.subject);
  certificate.setIssuer(issuer);
  certificate.setExtensions(wish.extensions);
  certificate.sign(nativeSigner(issuerKey, certificate), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll("\r\n", "\n");
}

/**
 * A key that signs a certificate by node:crypto. forge's own arithmetic takes seconds where the
 * program runs in a context of its own, as under jest.
 */
function nativeSigner(
  key: KeyObject,
  certificate: forge.pki.Certificate,
): forge.pki.rsa.PrivateKey {
  const signer: Pick<forge.pki.rsa.PrivateKey, "sign"> = {
    sign: () => {
      const { tbsCertificate } = certificate as unknown as { tbsCertificate: forge.asn1.Asn1 };
      const bytes = Buffer.from(forge.asn1.toDer(tbsCertificate).getBytes(), "latin1");
      return sign("sha256", bytes, key).toString("latin1");
    },
  };
  return signer as forge.pki.rsa.PrivateKey;
}
