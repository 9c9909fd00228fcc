import type forge from "node-forge";

// A tenth of node-forge, whose whole every program of the component would load.
// oxlint-disable-next-line typescript/no-require-imports -- it has types only for its whole
const asn1 = require("node-forge/lib/asn1") as typeof forge.asn1;

/**
 * Writers for the few ASN.1 types that a `.pfx` is made of, over node-forge's DER encoder. Bytes are
 * Buffers here; only this file knows that node-forge keeps them in strings of one byte a character.
 */
export type Asn1 = forge.asn1.Asn1;

const { Class, Type } = asn1;

/** SEQUENCE of the parts in the given order. */
export function sequence(...parts: Asn1[]): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts);
}

/** SET OF; DER wants the members in the order of their encodings (X.690, section 11.6). */
export function setOf(...members: Asn1[]): Asn1 {
  const sorted = members
    .map((member) => ({ member, der: encode(member) }))
    .sort((a, b) => Buffer.compare(a.der, b.der))
    .map(({ member }) => member);
  return asn1.create(Class.UNIVERSAL, Type.SET, true, sorted);
}

/** OBJECT IDENTIFIER from its dotted form. */
export function objectId(dotted: string): Asn1 {
  return primitive(Type.OID, asn1.oidToDer(dotted).getBytes());
}

/** INTEGER from a number of at most 31 bits. */
export function integer(value: number): Asn1 {
  return primitive(Type.INTEGER, asn1.integerToDer(value).getBytes());
}

/** OCTET STRING. */
export function octetString(bytes: Buffer): Asn1 {
  return primitive(Type.OCTETSTRING, bytes.toString("latin1"));
}

/** BIT STRING of the given bytes, of which the last `unusedBits` bits do not count. */
export function bitString(bytes: Buffer, unusedBits: number): Asn1 {
  return primitive(
    Type.BITSTRING,
    Buffer.concat([Buffer.from([unusedBits]), bytes]).toString("latin1"),
  );
}

/** BMPString. The one type whose characters node-forge itself encodes, as UTF-16, big endian. */
export function bmpString(text: string): Asn1 {
  return primitive(Type.BMPSTRING, text);
}

/** NULL. */
export function nullValue(): Asn1 {
  return primitive(Type.NULL, "");
}

/** `[number] EXPLICIT`, or an implicitly tagged constructed type with these parts. */
export function tagged(number: number, ...parts: Asn1[]): Asn1 {
  return asn1.create(Class.CONTEXT_SPECIFIC, number, true, parts);
}

/** `[number] IMPLICIT OCTET STRING`. */
export function taggedOctets(number: number, bytes: Buffer): Asn1 {
  return asn1.create(Class.CONTEXT_SPECIFIC, number, false, bytes.toString("latin1"));
}

/** The DER bytes. */
export function encode(value: Asn1): Buffer {
  return Buffer.from(asn1.toDer(value).getBytes(), "latin1");
}

/** Reads DER written by a trusted encoder, such as the one in `node:crypto`. */
export function decode(bytes: Buffer): Asn1 {
  return asn1.fromDer(bytes.toString("latin1"));
}

function primitive(type: forge.asn1.Type, value: string): Asn1 {
  return asn1.create(Class.UNIVERSAL, type, false, value);
}
