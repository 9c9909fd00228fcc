/**
 * Object identifiers in a `.pfx`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7292 (PKCS #12)
 * @see https://www.rfc-editor.org/rfc/rfc8018 (PKCS #5)
 * @see https://www.rfc-editor.org/rfc/rfc2985 (PKCS #9)
 */
export const objectIds = {
  data: "1.2.840.113549.1.7.1",
  encryptedData: "1.2.840.113549.1.7.6",
  rsaEncryption: "1.2.840.113549.1.1.1",

  pkcs8ShroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
  certBag: "1.2.840.113549.1.12.10.1.3",
  x509Certificate: "1.2.840.113549.1.9.22.1",

  friendlyName: "1.2.840.113549.1.9.20",
  localKeyId: "1.2.840.113549.1.9.21",
  keyUsage: "2.5.29.15",
  /** `szOID_PKCS_12_KEY_PROVIDER_NAME_ATTR` of wincrypt.h. */
  keyProviderName: "1.3.6.1.4.1.311.17.1",

  pbes2: "1.2.840.113549.1.5.13",
  pbkdf2: "1.2.840.113549.1.5.12",
  hmacWithSha256: "1.2.840.113549.2.9",
  aes256Cbc: "2.16.840.1.101.3.4.1.42",
  pbeWithShaAnd3KeyTripleDesCbc: "1.2.840.113549.1.12.1.3",
  sha1: "1.3.14.3.2.26",
  sha256: "2.16.840.1.101.3.4.2.1",
} as const;
