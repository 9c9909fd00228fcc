import { X509Certificate } from "node:crypto";

/** What is public about a certificate. */
export interface PublicCertificate {
  /** SHA-1 thumbprint, upper-case hexadecimal: what pipelines and the portal show. */
  readonly thumbprint: string;
  /** Parts of the subject's name, from the most general one, for example `O=Contoso, CN=job`. */
  readonly subject: string;
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
 * @returns `undefined` for a text that is not a certificate.
 */
export function readPublicCertificate(
  text: string,
  encoding?: string,
): PublicCertificate | undefined {
  try {
    const certificate = new X509Certificate(
      text.includes("-----BEGIN") ? text : Buffer.from(text, encoding === "hex" ? "hex" : "base64"),
    );
    const { publicKey } = certificate;
    return {
      thumbprint: certificate.fingerprint.replaceAll(":", ""),
      subject: certificate.subject.split("\n").join(", "),
      keyType: (publicKey.asymmetricKeyType ?? "unknown").toUpperCase(),
      keyBits: publicKey.asymmetricKeyDetails?.modulusLength ?? 0,
      notBefore: Date.parse(certificate.validFrom),
      notAfter: Date.parse(certificate.validTo),
    };
  } catch {
    return undefined;
  }
}
