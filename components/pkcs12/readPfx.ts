import { forge } from "./nodeForge";

/** The key and certificate of a `.pfx`, as PEM. */
export interface PfxContent {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
}

/**
 * Opens a `.pfx` with a library that did not write it. Of a chain, the certificate of the key is
 * taken, wherever it stands.
 *
 * @param pfx The file, base64.
 * @throws {Error} If the password does not fit or the file has no RSA key with its certificate; the
 * message repeats neither.
 */
export function readPfx(pfx: string, password: string): PfxContent {
  const asn1 = forge.asn1.fromDer(forge.util.decode64(pfx));
  const container = forge.pkcs12.pkcs12FromAsn1(asn1, password);
  const bagsOf = (type: string | undefined) =>
    type === undefined ? [] : (container.getBags({ bagType: type })[type] ?? []);
  const { pkcs8ShroudedKeyBag, keyBag, certBag } = forge.pki.oids;
  const key = [...bagsOf(pkcs8ShroudedKeyBag), ...bagsOf(keyBag)].find((bag) => bag.key)?.key;
  const certificate = bagsOf(certBag).find(({ cert }) => {
    const publicKey = cert?.publicKey as forge.pki.rsa.PublicKey | undefined;
    return key !== undefined && publicKey?.n.equals(key.n) === true;
  })?.cert;
  if (!key || !certificate) {
    throw new Error("The .pfx holds no private key with its certificate.");
  }
  return {
    privateKeyPem: forge.pki.privateKeyToPem(key),
    certificatePem: forge.pki.certificateToPem(certificate),
  };
}
