import { createHash, X509Certificate } from "node:crypto";

/** What is public about a certificate. */
export interface CertificateFacts {
  /** SHA-1 of the DER bytes, 40 upper-case hexadecimal digits: the thumbprint Windows shows. */
  readonly thumbprint: string;
  /** SHA-256 of the DER bytes, 64 upper-case hexadecimal digits. */
  readonly thumbprintSha256: string;
  /** Subject, its parts separated by a comma and a space. */
  readonly subject: string;
  /** First instant of validity, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly notBefore: string;
  /** Last instant of validity, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly notAfter: string;
  /** Type of the public key in Node's words, for example `rsa`. */
  readonly keyType: string;
  /** Size of an RSA key in bits, 0 for other types. */
  readonly keyBits: number;
  /** The certificate as PEM text, one block, with a final line feed. */
  readonly pem: string;
  /** Content of a `.cer` file, base64 without line breaks. */
  readonly cer: string;
}

/** The text is not a certificate that may be used. The message never repeats the text. */
export class CertificateMaterialError extends Error {
  override readonly name = "CertificateMaterialError";

  constructor(
    readonly rule: string,
    readonly remedy: string,
  ) {
    super(`${rule} ${remedy}`);
  }
}

const exportPublic = "Export only the public certificate, as a .cer or PEM file.";
const treatAsExposed = `${exportPublic} Treat the key as exposed if it was committed or pasted elsewhere.`;

/**
 * Reads a public certificate from PEM text or from the base64 of a `.cer` file.
 *
 * @throws {CertificateMaterialError} If the text is a private key, a `.pfx`, several certificates,
 * or not a certificate. The error never repeats the text.
 * @example readCertificate(pem).thumbprint // "1F2E..."
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export function readCertificate(text: string): CertificateFacts {
  return factsOf(new X509Certificate(certificateBytes(text)));
}

function certificateBytes(text: string): Buffer {
  if (/PRIVATE KEY|PuTTY-User-Key-File/i.test(text)) {
    throw new CertificateMaterialError(
      "contains a private key, which must never come near the stack.",
      treatAsExposed,
    );
  }
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length > 1) {
    throw new CertificateMaterialError(
      `contains ${blocks.length} certificates.`,
      "Keep the application's own certificate and leave the chain out: Microsoft Entra ID does not use it.",
    );
  }
  const base64 = (blocks[0]?.replace(/-----[A-Z ]+-----/g, "") ?? text).replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw new CertificateMaterialError("is not a certificate.", exportPublic);
  }
  const der = Buffer.from(base64, "base64");
  return requireCertificate(der);
}

function requireCertificate(der: Buffer): Buffer {
  const certificate = parseCertificate(der);
  if (certificate === undefined) {
    throw new CertificateMaterialError(...whatElse(der));
  }
  if (certificate.length !== der.length) {
    throw new CertificateMaterialError(
      "has more in it than one certificate.",
      `${exportPublic} If a key was among it, treat it as exposed.`,
    );
  }
  return certificate;
}

function parseCertificate(der: Buffer): Buffer | undefined {
  try {
    return new X509Certificate(der).raw;
  } catch {
    return undefined;
  }
}

/** Rule and remedy for bytes that are not a certificate. */
function whatElse(der: Buffer): [rule: string, remedy: string] {
  // A PKCS#12 file is SEQUENCE { INTEGER 3, ... }: the version is at the start of its content.
  if (startsWith(der, "020103")) {
    return [
      "is a .pfx file, which holds a private key that must never come near the stack.",
      exportPublic,
    ];
  }
  // PKCS#8 and PKCS#1 begin with version 0, SEC 1 with 1, an encrypted PKCS#8 with its algorithm.
  if (["020100", "020101", "06092a864886f70d0105"].some((start) => startsWith(der, start))) {
    return ["is a private key, which must never come near the stack.", treatAsExposed];
  }
  return ["is not a certificate.", exportPublic];
}

/** Whether the content of a DER sequence starts with bytes, also within one more sequence. */
function startsWith(der: Buffer, hex: string): boolean {
  return der[0] === 0x30 && der.subarray(2, 24).includes(Buffer.from(hex, "hex"));
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  const digest = (algorithm: string) =>
    createHash(algorithm).update(certificate.raw).digest("hex").toUpperCase();
  const cer = certificate.raw.toString("base64");
  return {
    thumbprint: digest("sha1"),
    thumbprintSha256: digest("sha256"),
    subject: certificate.subject.split("\n").join(", "),
    notBefore: wholeSeconds(certificate.validFrom),
    notAfter: wholeSeconds(certificate.validTo),
    keyType: certificate.publicKey.asymmetricKeyType ?? "unknown",
    keyBits: certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 0,
    pem: pemOf(cer),
    cer,
  };
}

/** PEM text of a certificate, with a final line feed, from the base64 of a `.cer` file. */
export function pemOf(cer: string): string {
  const lines = cer.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/**
 * A date as Microsoft Graph stores it. Fractions or an offset would be read back differently, and
 * every preview would replace the credential.
 */
export function wholeSeconds(date: string | Date): string {
  return `${new Date(date).toISOString().slice(0, 19)}Z`;
}
