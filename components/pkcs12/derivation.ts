import { hash } from "node:crypto";

/** What a derived value is for: the diversifier ID of RFC 7292, appendix B.3. */
export const DerivationPurpose = { EncryptionKey: 1, Iv: 2, MacKey: 3 } as const;
export type DerivationPurpose = (typeof DerivationPurpose)[keyof typeof DerivationPurpose];

/** Hash functions the derivation is used with; both work on blocks of 64 bytes. */
export type DerivationHash = "sha1" | "sha256";

/** Block length of SHA-1 and SHA-256 in bytes, `v` in the RFC. */
const blockLength = 64;

/** A derivation from a password. */
export interface Derivation {
  hash: DerivationHash;
  password: string;
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
  const diversifier = Buffer.alloc(blockLength, derivation.purpose); // D
  const input = Buffer.concat([
    repeatToBlocks(derivation.salt), // S
    repeatToBlocks(encodePassword(derivation.password)), // P
  ]); // I
  const pieces: Buffer[] = [];
  for (let length = 0; length < derivation.length;) {
    let piece = hash(derivation.hash, Buffer.concat([diversifier, input]), "buffer"); // A_i
    for (let i = 1; i < derivation.iterations; i++) {
      piece = hash(derivation.hash, piece, "buffer");
    }
    pieces.push(piece);
    length += piece.length;
    addToEveryBlock(input, repeatToBlocks(piece, 1));
  }
  return Buffer.concat(pieces).subarray(0, derivation.length);
}

/** A password as PKCS #12 wants it: UTF-16, big endian, closed by a zero character. */
function encodePassword(password: string): Buffer {
  return Buffer.from(`${password}\0`, "utf16le").swap16();
}

/** Repeats bytes until whole blocks are full. */
function repeatToBlocks(bytes: Buffer, blocks = Math.ceil(bytes.length / blockLength)): Buffer {
  return Buffer.alloc(blocks * blockLength, bytes);
}

/** I_j = (I_j + B + 1) mod 2^v, for every block of I, in place. */
function addToEveryBlock(input: Buffer, addend: Buffer): void {
  for (let start = 0; start < input.length; start += blockLength) {
    let carry = 1;
    for (let i = blockLength - 1; i >= 0; i--) {
      carry += input.readUInt8(start + i) + addend.readUInt8(i);
      input.writeUInt8(carry & 0xff, start + i);
      carry >>= 8;
    }
  }
}
