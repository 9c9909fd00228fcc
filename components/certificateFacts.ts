import { createHash, X509Certificate } from "node:crypto";
import { certificateIn } from "./material/certificateIn";

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

/**
 * Reads a public certificate from PEM text or from the base64 of a `.cer` file, in whatever wrapping
 * {@link certificateIn} knows.
 *
 * @throws {CertificateMaterialError} If the text is a private key, a `.pfx`, several certificates,
 * or not a certificate. The error says what it is and never repeats the text.
 * @example readCertificate(pem).thumbprint // "1F2E..."
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export function readCertificate(text: string): CertificateFacts {
  return factsOf(new X509Certificate(certificateIn(text)));
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
