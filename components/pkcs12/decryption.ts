import { createDecipheriv, createHmac, pbkdf2Sync, scryptSync, timingSafeEqual } from "node:crypto";
import type forge from "node-forge";
import {
  childrenOf,
  type DerElement,
  derTags,
  objectIdOf,
  readElement,
} from "../material/derReader";
import { type DerivationHash, DerivationPurpose, derivePkcs12 } from "./derivation";
import { objectIds } from "./objectIds";
import { unsupportedPfx } from "./readError";

/**
 * What one password is to the derivations. Writers differ: PKCS #12's own derivation takes UTF-16, but
 * OpenSSL before 1.1 made two bytes of each byte; PBES2 takes bytes, which are UTF-8 but for older
 * writers, and an empty password is a closing zero, or nothing at all.
 */
export interface PasswordBytes {
  readonly pkcs12: readonly Buffer[];
  readonly pbes2: readonly Buffer[];
}

/** The encodings of a password, the usual ones first. */
export function passwordsFor(password: string): PasswordBytes {
  const wide = (text: string) => Buffer.from(`${text}\0`, "utf16le").swap16();
  const utf8 = Buffer.from(password, "utf8");
  const plain = /^[\x01-\x7f]+$/.test(password);
  return {
    pkcs12: [
      wide(password),
      ...(plain ? [] : password === "" ? [Buffer.alloc(0)] : [wide(utf8.toString("latin1"))]),
    ],
    pbes2: [utf8, ...(plain || password === "" ? [] : [Buffer.from(password, "latin1")])],
  };
}

/** Rounds beyond which a file is taken for one made to keep the reader busy. */
const mostDerivationRounds = 5_000_000;

/**
 * The encodings of a password by which a file is authentic; `undefined` where none is.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7292#appendix-B and RFC 9579 (PBMAC1)
 */
export function macFits(
  mac: DerElement,
  bytes: Buffer,
  passwords: PasswordBytes,
): PasswordBytes | undefined {
  const [info, salt, rounds] = childrenOf(mac);
  const [algorithm, digest] = info ? childrenOf(info) : [];
  const [type, parameters] = algorithm ? childrenOf(algorithm) : [];
  const wanted = digest?.content ?? Buffer.alloc(0);
  const isSame = (hash: string, key: Buffer) => {
    const found = createHmac(hash, key).update(bytes).digest();
    return found.length === wanted.length && timingSafeEqual(found, wanted);
  };
  if (objectIdOf(type) === "1.2.840.113549.1.5.14" && parameters) {
    const [derivation, scheme] = childrenOf(parameters);
    const hash = hmacHashes[objectIdOf(scheme && childrenOf(scheme)[0])];
    if (hash === undefined || derivation === undefined) {
      throw unsupportedPfx("is authenticated by an unknown algorithm");
    }
    const fits = passwords.pbes2.filter((one) => isSame(hash, derivedKey(derivation, one, 32)));
    return fits.length === 0 ? undefined : { ...passwords, pbes2: fits };
  }
  const hash = digests[objectIdOf(type)];
  if (hash === undefined) {
    throw unsupportedPfx("is authenticated by an unknown algorithm");
  }
  const fits = passwords.pkcs12.filter((password) =>
    isSame(
      hash,
      derivePkcs12({
        hash,
        password,
        salt: salt?.content ?? Buffer.alloc(0),
        iterations: rounds === undefined ? 1 : roundsOf(rounds),
        purpose: DerivationPurpose.MacKey,
        length: digestLengths[hash],
      }),
    ),
  );
  return fits.length === 0 ? undefined : { ...passwords, pkcs12: fits };
}

/**
 * Decrypts with a password.
 *
 * @param algorithm AlgorithmIdentifier.
 * @returns `undefined` where the password does not fit.
 */
export function decrypt(
  algorithm: DerElement,
  bytes: Buffer,
  passwords: PasswordBytes,
): Buffer | undefined {
  const [type, parameters] = childrenOf(algorithm);
  const scheme = objectIdOf(type);
  if (parameters === undefined) {
    throw unsupportedPfx("is encrypted by an unknown algorithm");
  }
  const tries =
    scheme === objectIds.pbes2
      ? passwords.pbes2.map((password) => () => decryptPbes2(parameters, bytes, password))
      : passwords.pkcs12.map(
          (password) => () => decryptPkcs12(scheme, parameters, bytes, password),
        );
  for (const attempt of tries) {
    const plain = attempt();
    // A wrong key mostly shows in the padding, and else in what comes out.
    if (plain !== undefined && readElement(plain)?.tag === derTags.sequence) {
      return plain;
    }
  }
  return undefined;
}

/** Ciphers of PBES2 by their identifiers, with the length of their keys in bytes. */
const pbes2Ciphers: Readonly<Record<string, readonly [name: string, keyLength: number]>> = {
  "2.16.840.1.101.3.4.1.2": ["aes-128-cbc", 16],
  "2.16.840.1.101.3.4.1.22": ["aes-192-cbc", 24],
  [objectIds.aes256Cbc]: ["aes-256-cbc", 32],
  "1.2.840.113549.3.7": ["des-ede3-cbc", 24],
};

function decryptPbes2(parameters: DerElement, bytes: Buffer, password: Buffer) {
  const [derivation, scheme] = childrenOf(parameters);
  const [type, iv] = scheme ? childrenOf(scheme) : [];
  const cipher = pbes2Ciphers[objectIdOf(type)];
  if (cipher === undefined || derivation === undefined || iv === undefined) {
    throw unsupportedPfx("is encrypted by an unknown algorithm of PBES2");
  }
  return decryptCbc(cipher[0], derivedKey(derivation, password, cipher[1]), iv.content, bytes);
}

/** @see https://www.rfc-editor.org/rfc/rfc8018#appendix-A.2 and RFC 7914, section 7 */
function derivedKey(derivation: DerElement, password: Buffer, length: number): Buffer {
  const [type, parameters] = childrenOf(derivation);
  const [salt, first, ...rest] = parameters ? childrenOf(parameters) : [];
  if (salt === undefined || first === undefined) {
    throw unsupportedPfx("derives its key by an unknown algorithm");
  }
  if (objectIdOf(type) === "1.3.6.1.4.1.11591.4.11") {
    const [N, r, p] = [first, ...rest].map(numberOf) as [number, number, number];
    return scryptSync(password, salt.content, length, { N, r, p, maxmem: 512 * 1024 * 1024 });
  }
  const prf = rest.find(({ tag }) => tag === derTags.sequence);
  const hash = prf === undefined ? "sha1" : hmacHashes[objectIdOf(childrenOf(prf)[0])];
  if (objectIdOf(type) !== objectIds.pbkdf2 || hash === undefined) {
    throw unsupportedPfx("derives its key by an unknown algorithm");
  }
  return pbkdf2Sync(password, salt.content, roundsOf(first), length, hash);
}

/** Schemes of PKCS #12 by the last number of their identifiers: cipher, length of key and of IV. */
const pkcs12Schemes: Readonly<Record<string, readonly ["3des" | "rc2", number]>> = {
  "3": ["3des", 24],
  "4": ["3des", 16],
  "5": ["rc2", 16],
  "6": ["rc2", 5],
};

function decryptPkcs12(scheme: string, parameters: DerElement, bytes: Buffer, password: Buffer) {
  const [, number = ""] = /^1\.2\.840\.113549\.1\.12\.1\.(\d)$/.exec(scheme) ?? [];
  const [salt, rounds] = childrenOf(parameters);
  const known = pkcs12Schemes[number];
  if (known === undefined || salt === undefined || rounds === undefined) {
    throw unsupportedPfx(
      number === "" ? "is encrypted by an unknown algorithm" : "is encrypted by RC4",
    );
  }
  const [cipher, keyLength] = known;
  const derive = (purpose: DerivationPurpose, length: number) =>
    derivePkcs12({
      hash: "sha1",
      password,
      salt: salt.content,
      iterations: roundsOf(rounds),
      purpose,
      length,
    });
  const key = derive(DerivationPurpose.EncryptionKey, keyLength);
  const iv = derive(DerivationPurpose.Iv, 8);
  return cipher === "rc2"
    ? decryptRc2(key, iv, bytes)
    : // Of two keys, the first is also the third.
      decryptCbc("des-ede3-cbc", Buffer.concat([key, key]).subarray(0, 24), iv, bytes);
}

function decryptCbc(name: string, key: Buffer, iv: Buffer, bytes: Buffer): Buffer | undefined {
  try {
    const cipher = createDecipheriv(name, key, iv);
    return Buffer.concat([cipher.update(bytes), cipher.final()]);
  } catch {
    return undefined;
  }
}

/** OpenSSL 3, and so Node, keeps RC2 in a provider of its own, which is not loaded. */
function decryptRc2(key: Buffer, iv: Buffer, bytes: Buffer): Buffer | undefined {
  // Few files are so old.
  /* oxlint-disable typescript/no-require-imports -- node-forge has types only for its whole */
  const util = require("node-forge/lib/util") as typeof forge.util;
  const rc2 = require("node-forge/lib/rc2") as typeof forge.rc2;
  /* oxlint-enable typescript/no-require-imports */
  const binary = (buffer: Buffer) => util.createBuffer(buffer.toString("latin1"));
  const cipher = rc2.createDecryptionCipher(binary(key), key.length * 8);
  cipher.start(binary(iv));
  cipher.update(binary(bytes));
  return cipher.finish() ? Buffer.from(cipher.output.getBytes(), "latin1") : undefined;
}

const digests: Readonly<Record<string, DerivationHash>> = {
  [objectIds.sha1]: "sha1",
  "2.16.840.1.101.3.4.2.4": "sha224",
  [objectIds.sha256]: "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

const digestLengths: Readonly<Record<DerivationHash, number>> = {
  sha1: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

const hmacHashes: Readonly<Record<string, DerivationHash>> = {
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.8": "sha224",
  [objectIds.hmacWithSha256]: "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};

function numberOf({ content }: DerElement): number {
  return content.length > 6 ? Infinity : content.readUIntBE(0, content.length);
}

function roundsOf(element: DerElement): number {
  const rounds = numberOf(element);
  if (rounds < 1 || rounds > mostDerivationRounds) {
    throw unsupportedPfx(`wants ${rounds} rounds of derivation`);
  }
  return rounds;
}
