import { createCipheriv, createHmac, pbkdf2Sync } from "node:crypto";
import { integer, nullValue, objectId, octetString, sequence, type Asn1 } from "./der";
import { type DerivationHash, DerivationPurpose, derivePkcs12 } from "./derivation";
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
 * Iteration counts. They slow down who guesses a password; a password from `derivePfxPassword` has
 * 256 bits and needs none, so they are a second line for passwords that people choose.
 *
 * `modern` takes what fits into a tenth of a second at every preview. Only PBKDF2 is native in
 * Node; the derivation for the MAC is a loop of one hash call each, hence the smaller count. All
 * stay below what readers accept at most: .NET stops at 300,000 for one derivation and 1,000,000
 * for a file (https://learn.microsoft.com/dotnet/api/system.security.cryptography.x509certificates.pkcs12loaderlimits).
 * `legacy` takes what OpenSSL writes; Windows itself writes 2,000.
 */
export const iterationCounts = {
  modern: { encryption: 100_000, mac: 50_000 },
  legacy: { encryption: 2_048, mac: 2_048 },
} as const;

/** Builds the protection that was asked for. */
export function protectionFor(
  encryption: PfxEncryption,
  password: string,
  salt: SaltSource,
): Protection {
  return encryption === PfxEncryption.Modern ? modern(password, salt) : legacy(password, salt);
}

function modern(password: string, salt: SaltSource): Protection {
  const { encryption: iterations, mac } = iterationCounts.modern;
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
      macData({ bytes, hash: "sha256", password, salt: salt("mac salt", 16), iterations: mac }),
  };
}

function legacy(password: string, salt: SaltSource): Protection {
  const { encryption: iterations, mac } = iterationCounts.legacy;
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
      macData({ bytes, hash: "sha1", password, salt: salt("mac salt", 8), iterations: mac }),
  };
}

function encryptCbc(name: string, key: Buffer, iv: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv(name, key, iv);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

interface MacInputs {
  bytes: Buffer;
  hash: DerivationHash;
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
