import { X509Certificate } from "node:crypto";

/** What is public about a certificate, as far as the rules need it. */
export interface PublicCertificate {
  /** `RSA`, or another type in Node's words in capitals. */
  readonly keyType: string;
  /** Size of an RSA key in bits, 0 for other types. */
  readonly keyBits: number;
  /** First and last instant of validity, in milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/**
 * Reads a public certificate.
 *
 * @param text PEM text, or DER bytes as base64 or hexadecimal.
 * @returns `undefined` for a text that is no certificate.
 */
export function readCertificate(text: string, encoding?: string): PublicCertificate | undefined {
  try {
    const certificate = new X509Certificate(
      text.includes("-----BEGIN") ? text : Buffer.from(text, encoding === "hex" ? "hex" : "base64"),
    );
    const { publicKey } = certificate;
    return {
      keyType: (publicKey.asymmetricKeyType ?? "unknown").toUpperCase(),
      keyBits: publicKey.asymmetricKeyDetails?.modulusLength ?? 0,
      notBefore: Date.parse(certificate.validFrom),
      notAfter: Date.parse(certificate.validTo),
    };
  } catch {
    return undefined;
  }
}
