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

/** The text is no certificate that may be used. The message never repeats the text. */
export class CertificateMaterialError extends Error {
  override readonly name = "CertificateMaterialError";

  constructor(
    readonly rule: string,
    readonly remedy: string,
  ) {
    super(`${rule} ${remedy}`);
  }
}

const bringPublic = "Export the public certificate alone, as a .cer or PEM file.";

/**
 * Reads a public certificate from PEM text or from the base64 of a `.cer` file.
 *
 * @throws {CertificateMaterialError} If the text is a private key, a `.pfx`, several certificates,
 * or no certificate. The error never repeats the text.
 * @example readCertificate(pem).thumbprint // "1F2E..."
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export function readCertificate(text: string): CertificateFacts {
  return factsOf(new X509Certificate(certificateBytes(text)));
}

function certificateBytes(text: string): Buffer {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    throw new CertificateMaterialError(
      "contains a private key, which must never come near the stack.",
      `${bringPublic} Treat the key as exposed if it was committed or pasted elsewhere.`,
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
    throw new CertificateMaterialError("is not a certificate.", bringPublic);
  }
  const der = Buffer.from(base64, "base64");
  return requireCertificate(der);
}

function requireCertificate(der: Buffer): Buffer {
  try {
    return new X509Certificate(der).raw;
  } catch {
    // A PKCS#12 file is SEQUENCE { INTEGER 3, ... }: the version is at the start of its content.
    if (der[0] === 0x30 && der.subarray(2, 8).includes(Buffer.from([0x02, 0x01, 0x03]))) {
      throw new CertificateMaterialError(
        "is a .pfx file, which holds a private key that must never come near the stack.",
        bringPublic,
      );
    }
    if (der[0] === 0x30 && der.subarray(2, 8).includes(Buffer.from([0x02, 0x01, 0x00]))) {
      throw new CertificateMaterialError(
        "is a private key, which must never come near the stack.",
        `${bringPublic} Treat the key as exposed if it was committed or pasted elsewhere.`,
      );
    }
    throw new CertificateMaterialError("is not a certificate.", bringPublic);
  }
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
    pem: `-----BEGIN CERTIFICATE-----\n${cer.match(/.{1,64}/g)?.join("\n")}\n-----END CERTIFICATE-----\n`,
    cer,
  };
}

/**
 * A date as Microsoft Graph stores it. Fractions or an offset would be read back differently, and
 * every preview would replace the credential.
 */
export function wholeSeconds(date: string | Date): string {
  return `${new Date(date).toISOString().slice(0, 19)}Z`;
}
