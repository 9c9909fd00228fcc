import { createCipheriv, createHmac, pbkdf2Sync } from "node:crypto";
import { integer, nullValue, objectId, octetString, sequence, type Asn1 } from "./der";
import { DerivationPurpose, derivePkcs12 } from "./derivation";
import { objectIds } from "./objectIds";
import { PfxEncryption } from "./options";
import type { SaltSource } from "./salts";

/** Bytes under a cipher, and the AlgorithmIdentifier that says how they were encrypted. */
export interface Encrypted {
  algorithm: Asn1;
  bytes: Buffer;
}

/** Encrypts and authenticates the parts of one file under its password. */
export interface Protection {
  /** @param purpose What is encrypted; each purpose has its own salt and IV. */
  encrypt(plain: Buffer, purpose: string): Encrypted;
  /** The MacData of RFC 7292, section 4, over the authenticated safe. */
  authenticate(authenticatedSafe: Buffer): Asn1;
}

/**
 * Iteration counts. They slow down who guesses a password. One from `derivePfxPassword` has 256 bits
 * and needs none, so they are a second line, for passwords that people choose.
 *
 * All derivations of a file have the same count, because a guess is checked against the cheapest of
 * them: 100,000 rounds for the keys are worth nothing beside 10,000 for the MAC. The stack always
 * derives the password, so `modern` has what Java writes, and the file that every preview writes
 * anew costs some 15 milliseconds. OpenSSL writes 2,048, Windows 2,000; .NET refuses more than
 * 300,000 rounds in one derivation. `legacy` has what OpenSSL writes.
 *
 * @see https://learn.microsoft.com/dotnet/api/system.security.cryptography.x509certificates.pkcs12loaderlimits
 */
const iterationCounts = { modern: 10_000, legacy: 2_048 } as const;

/** Builds the protection that was asked for. */
export function protectionFor(
  encryption: PfxEncryption,
  password: string,
  salt: SaltSource,
): Protection {
  return encryption === PfxEncryption.Modern
    ? modernProtection(password, salt)
    : legacyProtection(password, salt);
}

function modernProtection(password: string, salt: SaltSource): Protection {
  const iterations = iterationCounts.modern;
  return {
    encrypt(plain, purpose) {
      const keySalt = salt(`${purpose} salt`, 16);
      const iv = salt(`${purpose} iv`, 16);
      // PBES2 takes the bytes of the password as they are, unlike the derivation of PKCS #12.
      const key = pbkdf2Sync(Buffer.from(password, "ascii"), keySalt, iterations, 32, "sha256");
      const derivation = sequence(
        objectId(objectIds.pbkdf2),
        sequence(
          octetString(keySalt),
          integer(iterations),
          sequence(objectId(objectIds.hmacWithSha256), nullValue()),
        ),
      );
      const cipher = sequence(objectId(objectIds.aes256Cbc), octetString(iv));
      return {
        algorithm: sequence(objectId(objectIds.pbes2), sequence(derivation, cipher)),
        bytes: encryptCbc("aes-256-cbc", key, iv, plain),
      };
    },
    authenticate: (bytes) =>
      macData({ bytes, hash: "sha256", password, salt: salt("mac salt", 16), iterations }),
  };
}

function legacyProtection(password: string, salt: SaltSource): Protection {
  const iterations = iterationCounts.legacy;
  return {
    encrypt(plain, purpose) {
      // Eight bytes are what Windows and OpenSSL write for this scheme.
      const keySalt = salt(`${purpose} salt`, 8);
      const derive = (use: DerivationPurpose, length: number) =>
        derivePkcs12({ hash: "sha1", password, salt: keySalt, iterations, purpose: use, length });
      const key = derive(DerivationPurpose.EncryptionKey, 24);
      const iv = derive(DerivationPurpose.Iv, 8);
      return {
        algorithm: sequence(
          objectId(objectIds.pbeWithShaAnd3KeyTripleDesCbc),
          sequence(octetString(keySalt), integer(iterations)),
        ),
        bytes: encryptCbc("des-ede3-cbc", key, iv, plain),
      };
    },
    authenticate: (bytes) =>
      macData({ bytes, hash: "sha1", password, salt: salt("mac salt", 8), iterations }),
  };
}

function encryptCbc(name: string, key: Buffer, iv: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv(name, key, iv);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

interface MacInputs {
  bytes: Buffer;
  hash: "sha1" | "sha256";
  password: string;
  salt: Buffer;
  iterations: number;
}

function macData({ bytes, hash, password, salt, iterations }: MacInputs): Asn1 {
  const key = derivePkcs12({
    hash,
    password,
    salt,
    iterations,
    purpose: DerivationPurpose.MacKey,
    length: hash === "sha1" ? 20 : 32,
  });
  const digest = createHmac(hash, key).update(bytes).digest();
  const digestInfo = sequence(
    sequence(objectId(objectIds[hash]), nullValue()),
    octetString(digest),
  );
  return sequence(digestInfo, octetString(salt), integer(iterations));
}
