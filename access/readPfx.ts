import forge from "node-forge";

/** The key and certificate of a `.pfx`, as PEM. */
export interface PfxContent {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
}

/**
 * Opens a `.pfx` with a library that did not write it.
 *
 * @param pfx The file, base64.
 * @throws {Error} If the password does not fit or the file has no key; the message names neither.
 */
export function readPfx(pfx: string, password: string): PfxContent {
  const asn1 = forge.asn1.fromDer(forge.util.decode64(pfx));
  const container = forge.pkcs12.pkcs12FromAsn1(asn1, password);
  const bagOf = (type: string) => container.getBags({ bagType: type })[type]?.[0];
  const key = bagOf(forge.pki.oids.pkcs8ShroudedKeyBag ?? "")?.key;
  const certificate = bagOf(forge.pki.oids.certBag ?? "")?.cert;
  if (!key || !certificate) {
    throw new Error("The .pfx holds no private key with its certificate.");
  }
  return {
    privateKeyPem: forge.pki.privateKeyToPem(key),
    certificatePem: forge.pki.certificateToPem(certificate),
  };
}
