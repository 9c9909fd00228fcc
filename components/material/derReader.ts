/** One element of DER or BER: what it is, and its content. */
export interface DerElement {
  /** Identifier octet, for example 0x30 for a SEQUENCE. */
  readonly tag: number;
  readonly content: Buffer;
  /** The element as it stands, header included. */
  readonly raw: Buffer;
  /** Whether the bytes end before the element does; its content is then what there is of it. */
  readonly truncated: boolean;
}

/** Identifier octets of the types that certificates, keys and `.pfx` files are made of. */
export const derTags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
} as const;

/**
 * Reads the first element of bytes that may be anything.
 *
 * @returns `undefined` where no element begins.
 * @see https://www.itu.int/rec/T-REC-X.690 section 8.1
 */
export function readElement(bytes: Buffer): DerElement | undefined {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined || tag === 0 || (tag & 0x1f) === 0x1f) {
    return undefined;
  }
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80) {
    return elementOfUnnamedLength(bytes, tag);
  }
  if (lengthOctets > 4 || bytes.length < 2 + lengthOctets) {
    return undefined;
  }
  const start = 2 + lengthOctets;
  const length = lengthOctets === 0 ? first : bytes.readUIntBE(2, lengthOctets);
  const content = bytes.subarray(start, start + length);
  return {
    tag,
    content,
    raw: bytes.subarray(0, start + length),
    truncated: content.length < length,
  };
}

/** BER that streaming writers make: the content goes on until two zero bytes. */
function elementOfUnnamedLength(bytes: Buffer, tag: number): DerElement | undefined {
  if ((tag & 0x20) === 0) {
    return undefined;
  }
  let at = 2;
  for (;;) {
    if (bytes.length >= at + 2 && bytes.readUInt16BE(at) === 0) {
      return {
        tag,
        content: bytes.subarray(2, at),
        raw: bytes.subarray(0, at + 2),
        truncated: false,
      };
    }
    const part = readElement(bytes.subarray(at));
    if (part === undefined || part.truncated) {
      return { tag, content: bytes.subarray(2), raw: bytes, truncated: true };
    }
    at += part.raw.length;
  }
}

/** The elements within a constructed one, as far as they can be read. */
export function childrenOf({ content }: Pick<DerElement, "content">): DerElement[] {
  const children: DerElement[] = [];
  for (let rest = content; rest.length > 0;) {
    const child = readElement(rest);
    if (child === undefined) {
      break;
    }
    children.push(child);
    rest = rest.subarray(child.raw.length);
  }
  return children;
}

/** An OBJECT IDENTIFIER in its dotted form; empty for another element. */
export function objectIdOf(element: DerElement | undefined): string {
  if (element?.tag !== derTags.objectId) {
    return "";
  }
  const numbers: number[] = [];
  let number = 0;
  for (const octet of element.content) {
    number = number * 128 + (octet & 0x7f);
    if (octet < 0x80) {
      numbers.push(number);
      number = 0;
    }
  }
  const [head = 0, ...rest] = numbers;
  const arc = Math.min(2, Math.floor(head / 40));
  return [arc, head - arc * 40, ...rest].join(".");
}
/** The content of an OCTET STRING, also of one that BER has in pieces. */
export function octetsOf(element: DerElement): Buffer {
  return (element.tag & 0x20) === 0
    ? element.content
    : Buffer.concat(childrenOf(element).map(octetsOf));
}
