import { hash } from "node:crypto";

/** What a derived value is for: the diversifier ID of RFC 7292, appendix B.3. */
export const DerivationPurpose = { EncryptionKey: 1, Iv: 2, MacKey: 3 } as const;
export type DerivationPurpose = (typeof DerivationPurpose)[keyof typeof DerivationPurpose];

/** Block lengths in bytes, `v` in the RFC, of the hash functions that writers use. */
const blockLengths = { sha1: 64, sha224: 64, sha256: 64, sha384: 128, sha512: 128 } as const;

/** Hash functions the derivation is used with. */
export type DerivationHash = keyof typeof blockLengths;

/** A derivation from a password. */
export interface Derivation {
  hash: DerivationHash;
  /** Text, or what a writer made of it: UTF-16, big endian, closed by a zero character. */
  password: string | Buffer;
  salt: Buffer;
  iterations: number;
  purpose: DerivationPurpose;
  /** Bytes wanted. */
  length: number;
}

/**
 * Derives a key, an IV or a MAC key from a password as PKCS #12 does. Node has no such function, so
 * it is written here; the variable names of the RFC are in the comments.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7292#appendix-B.2
 */
export function derivePkcs12(derivation: Derivation): Buffer {
  const blockLength = blockLengths[derivation.hash];
  const { password } = derivation;
  const encoded = typeof password === "string" ? encodePassword(password) : password;
  const diversifier = Buffer.alloc(blockLength, derivation.purpose); // D
  const input = Buffer.concat([
    repeatToBlocks(derivation.salt, blockLength), // S
    repeatToBlocks(encoded, blockLength), // P
  ]); // I
  const pieces: Buffer[] = [];
  for (let length = 0; length < derivation.length;) {
    let piece = hash(derivation.hash, Buffer.concat([diversifier, input]), "buffer"); // A_i
    for (let i = 1; i < derivation.iterations; i++) {
      piece = hash(derivation.hash, piece, "buffer");
    }
    pieces.push(piece);
    length += piece.length;
    addToEveryBlock(input, Buffer.alloc(blockLength, piece));
  }
  return Buffer.concat(pieces).subarray(0, derivation.length);
}

/** A password as PKCS #12 wants it: UTF-16, big endian, closed by a zero character. */
function encodePassword(password: string): Buffer {
  return Buffer.from(`${password}\0`, "utf16le").swap16();
}

/** Repeats bytes until whole blocks are full. */
function repeatToBlocks(bytes: Buffer, blockLength: number): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / blockLength) * blockLength, bytes);
}

/** I_j = (I_j + B + 1) mod 2^v, for every block of I, in place; B is one block. */
function addToEveryBlock(input: Buffer, addend: Buffer): void {
  for (let start = 0; start < input.length; start += addend.length) {
    let carry = 1;
    for (let i = addend.length - 1; i >= 0; i--) {
      carry += input.readUInt8(start + i) + addend.readUInt8(i);
      input.writeUInt8(carry & 0xff, start + i);
      carry >>= 8;
    }
  }
}
