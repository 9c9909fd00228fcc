import {
  type Asn1,
  bitString,
  bmpString,
  encode,
  integer,
  nullValue,
  objectId,
  octetString,
  sequence,
  setOf,
  tagged,
} from "./der";
import { objectIds } from "./objectIds";
import type { Encrypted } from "./protection";

/**
 * The provider that keeps an RSA key as a CSP key with AES and SHA-256. Exchange Online PowerShell
 * on Windows PowerShell 5.1 cannot sign with keys of the newer CNG providers.
 *
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 * @see https://learn.microsoft.com/windows/win32/seccrypto/microsoft-aes-cryptographic-provider
 */
export const cspName = "Microsoft Enhanced RSA and AES Cryptographic Provider";

/** `AT_KEYEXCHANGE` as a key usage: the bit that Windows and OpenSSL (`-keyex`) write for it. */
const keyExchange = Buffer.from([0x10]);

/** Names that the key and its certificate have in common, which is how readers pair them. */
export interface Pairing {
  localKeyId: Buffer;
  friendlyName: string | undefined;
}

/**
 * The key as PrivateKeyInfo (RFC 5208, section 5) with one attribute: that it is a key for key
 * exchange. Windows reads from it whether the CSP key becomes `AT_KEYEXCHANGE` or `AT_SIGNATURE`.
 */
export function privateKeyInfo(pkcs1: Buffer): Buffer {
  return encode(
    sequence(
      integer(0),
      sequence(objectId(objectIds.rsaEncryption), nullValue()),
      octetString(pkcs1),
      // [0] IMPLICIT SET OF Attribute.
      tagged(0, attribute(objectIds.keyUsage, bitString(keyExchange, 4))),
    ),
  );
}

/** The encrypted key with the attributes that Windows imports it by. */
export function keyBag(key: Encrypted, pairing: Pairing): Asn1 {
  return safeBag(
    objectIds.pkcs8ShroudedKeyBag,
    sequence(key.algorithm, octetString(key.bytes)),
    ...pairingAttributes(pairing),
    attribute(objectIds.keyProviderName, bmpString(cspName)),
  );
}

/** A certificate; only the one that belongs to the key has a pairing. */
export function certificateBag(certificate: Buffer, pairing?: Pairing): Asn1 {
  return safeBag(
    objectIds.certBag,
    sequence(objectId(objectIds.x509Certificate), tagged(0, octetString(certificate))),
    ...(pairing === undefined ? [] : pairingAttributes(pairing)),
  );
}

function pairingAttributes({ localKeyId, friendlyName }: Pairing): Asn1[] {
  const id = attribute(objectIds.localKeyId, octetString(localKeyId));
  return friendlyName === undefined
    ? [id]
    : [attribute(objectIds.friendlyName, bmpString(friendlyName)), id];
}

function attribute(type: string, value: Asn1): Asn1 {
  return sequence(objectId(type), setOf(value));
}

function safeBag(type: string, value: Asn1, ...attributes: Asn1[]): Asn1 {
  // The attributes are optional, and an empty set is not the same as none.
  const trailer = attributes.length === 0 ? [] : [setOf(...attributes)];
  return sequence(objectId(type), tagged(0, value), ...trailer);
}
