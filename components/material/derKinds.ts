import { X509Certificate } from "node:crypto";
import { childrenOf, type DerElement, derTags, objectIdOf, readElement } from "./derReader";

/** What bytes in DER can be, as far as it matters where a certificate is wanted. */
export type DerKind =
  | "certificate"
  | "private key"
  | "pfx"
  | "pkcs7"
  | "request"
  | "revocation list"
  | "public key"
  | "other";

const { integer, bitString, octetString, objectId, sequence } = derTags;
const pkcs7 = "1.2.840.113549.1.7.";

/**
 * Tells by its structure what an element is, also one that is cut off: a key is a key without its
 * last bytes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5958 PKCS #8
 * @see https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1 PKCS #1
 * @see https://www.rfc-editor.org/rfc/rfc5915 SEC 1
 * @see https://www.rfc-editor.org/rfc/rfc7292#section-4 PKCS #12
 */
export function derKindOf(element: DerElement): DerKind {
  if (element.tag !== sequence) {
    return "other";
  }
  const parts = childrenOf(element);
  const tags = parts.map(({ tag }) => tag);
  const [first, second] = parts;
  const starts = (...wanted: number[]) => wanted.every((tag, at) => tags[at] === tag);
  // A version, of at most one byte, is what tells a private key from the modulus of a public one.
  const version = first?.tag === integer && first.content.length === 1 ? first.content[0] : -1;
  if (starts(integer, sequence) && version === 3) {
    return "pfx";
  }
  if (
    (version === 0 || version === 1) &&
    (starts(integer, integer) || starts(integer, octetString) || isPkcs8(parts))
  ) {
    return "private key";
  }
  if (starts(sequence, octetString) && first && childrenOf(first)[0]?.tag === objectId) {
    return "private key";
  }
  if (starts(objectId) && objectIdOf(first).startsWith(pkcs7)) {
    return "pkcs7";
  }
  if (starts(sequence, bitString) || (starts(integer, integer) && parts.length === 2)) {
    return "public key";
  }
  if (starts(sequence, sequence, bitString)) {
    return isCertificate(element.raw) ? "certificate" : requestOrList(childrenOf(first!));
  }
  // Of a certificate that is cut off, the first part at least is like one.
  return second === undefined && first?.tag === sequence && element.truncated
    ? "certificate"
    : "other";
}

function isPkcs8([, algorithm, key]: readonly DerElement[]): boolean {
  return algorithm?.tag === sequence && (key === undefined || key.tag === octetString);
}

/** A request has version, name and key before its attributes; a list begins with its algorithm. */
function requestOrList(parts: readonly DerElement[]): DerKind {
  const tags = parts.map(({ tag }) => tag);
  if (tags[0] === integer && tags[1] === sequence && tags[2] === sequence && tags.length <= 4) {
    return "request";
  }
  const times = [0x17, 0x18];
  return tags.some((tag, at) => at <= 3 && times.includes(tag)) ? "revocation list" : "other";
}

function isCertificate(der: Buffer): boolean {
  try {
    return new X509Certificate(der).raw.length > 0;
  } catch {
    return false;
  }
}

/**
 * The certificates of a PKCS #7 container, as `.p7b` files are.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2315#section-9.1
 */
export function certificatesInPkcs7(container: DerElement): Buffer[] {
  const [type, explicit] = childrenOf(container);
  const signed = explicit && childrenOf(explicit)[0];
  if (objectIdOf(type) !== `${pkcs7}2` || signed === undefined) {
    return [];
  }
  const certificates = childrenOf(signed).find(({ tag }) => tag === derTags.context0);
  return (certificates ? childrenOf(certificates) : [])
    .map(({ raw }) => raw)
    .filter((der) => isCertificate(der));
}

/** The elements that bytes consist of, and what is left over behind them, but for line ends. */
export function elementsIn(bytes: Buffer): { elements: DerElement[]; rest: Buffer } {
  const elements: DerElement[] = [];
  let rest = bytes;
  for (;;) {
    const padding = rest.every((octet) => [0x00, 0x0a, 0x0d].includes(octet));
    const next = padding ? undefined : readElement(rest);
    if (next === undefined) {
      return { elements, rest: padding ? Buffer.alloc(0) : rest };
    }
    elements.push(next);
    rest = rest.subarray(next.raw.length);
  }
}
