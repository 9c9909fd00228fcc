import { createHash, createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { decode } from "./der";
import { PfxInputError } from "./inputError";
import { requireOnlyPemBlock, pemLabels } from "./pem";
import { numbersFit } from "./rsaNumbers";

/** A private key that a `.pfx` may hold. */
export interface UsableKey {
  key: KeyObject;
  /** RSAPrivateKey, DER: one encoding, whatever PEM form the key was given in. */
  pkcs1: Buffer;
}

const usableSizes = [2048, 3072, 4096];
const makeRsaKey = "Use an RSA key of 2048, 3072 or 4096 bits.";

/**
 * Reads a private key from PEM.
 *
 * Other key types are refused because the readers of the file cannot use them: the CSP it names
 * keeps RSA keys only, and sign-in with other types is not documented for these workloads.
 *
 * @throws {PfxInputError} Without repeating any of the text.
 */
export function readPrivateKey(pem: string): UsableKey {
  const option = "privateKeyPem";
  const labels = pemLabels(pem);
  if (labels.includes("ENCRYPTED PRIVATE KEY") || /^Proc-Type:.*ENCRYPTED/m.test(pem)) {
    throw new PfxInputError(option, "is encrypted with a passphrase", "Decrypt it first.");
  }
  const other = labels.find((label) => /^(EC|DSA|OPENSSH) /.test(label));
  if (other !== undefined) {
    throw new PfxInputError(option, `is in the form "${other}"`, makeRsaKey);
  }
  const block = requireOnlyPemBlock(option, pem, ["PRIVATE KEY", "RSA PRIVATE KEY"]);
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: block, format: "pem" });
  } catch {
    throw new PfxInputError(
      option,
      "is not a private key that can be parsed",
      "Pass the whole PEM text, with its line breaks.",
    );
  }
  checkKind(option, key);
  const pkcs1 = key.export({ type: "pkcs1", format: "der" });
  checkTwoPrimes(option, pkcs1);
  if (!numbersFit(key)) {
    throw new PfxInputError(
      option,
      "is a damaged RSA key: its numbers do not fit together",
      "Pass the key as it was made.",
    );
  }
  return { key, pkcs1 };
}

function checkKind(option: string, key: KeyObject): void {
  if (key.asymmetricKeyType !== "rsa") {
    const kind = key.asymmetricKeyType ?? "unknown";
    throw new PfxInputError(option, `is a key of type ${kind}, not RSA`, makeRsaKey);
  }
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (!usableSizes.includes(modulusLength)) {
    throw new PfxInputError(
      option,
      `is an RSA key of ${modulusLength} bits, not one of ${usableSizes.join(", ")}`,
      makeRsaKey,
    );
  }
  // The key of a CSP has room for 32 bits (RSAPUBKEY in wincrypt.h).
  if (publicExponent >= 2n ** 32n) {
    throw new PfxInputError(
      option,
      "has a public exponent of more than 32 bits, which a Windows CSP cannot keep",
      "Use a key with the usual exponent, 65537.",
    );
  }
}

function checkTwoPrimes(option: string, pkcs1: Buffer): void {
  const { value } = decode(pkcs1);
  const version = Array.isArray(value) ? value[0]?.value : undefined;
  // RFC 8017, appendix A.1.2: version 0 has two primes, version 1 more.
  if (version !== "\0") {
    throw new PfxInputError(
      option,
      "is an RSA key of more than two primes, which a Windows CSP cannot keep",
      "Use a key of two primes, as every generator makes by default.",
    );
  }
}

/** The certificate of a `.pfx`. */
export interface UsableCertificate {
  /** DER. */
  own: Buffer;
  /** SHA-1 of the certificate: what Windows calls the thumbprint. */
  thumbprint: Buffer;
}

/**
 * Reads the certificate of a key.
 *
 * @throws {PfxInputError} If it cannot be parsed or does not belong to the key.
 */
export function readOwnCertificate(key: KeyObject, certificatePem: string): UsableCertificate {
  const option = "certificatePem";
  const block = requireOnlyPemBlock(option, certificatePem, ["CERTIFICATE"]);
  let own: X509Certificate;
  try {
    own = new X509Certificate(block);
  } catch {
    throw new PfxInputError(
      option,
      "is not a certificate that can be parsed",
      "Pass the whole PEM text, with its line breaks.",
    );
  }
  if (!own.checkPrivateKey(key)) {
    throw new PfxInputError(
      option,
      "does not belong to privateKeyPem: their public keys differ",
      "Pass the key that the certificate was made with.",
    );
  }
  return { own: own.raw, thumbprint: createHash("sha1").update(own.raw).digest() };
}
