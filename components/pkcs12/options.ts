import { PfxInputError } from "./inputError";

/**
 * How a `.pfx` is protected.
 *
 * - `modern`: AES-256-CBC under PBES2 with PBKDF2-HMAC-SHA-256, integrity by HMAC-SHA-256. Read by
 *   Windows 10 1709, Windows Server 2019 and newer, by OpenSSL, Java, NSS, Node and .NET anywhere.
 * - `legacy`: 3DES and HMAC-SHA-1 with the derivation of PKCS #12. For Windows Server 2016 and
 *   older, which report `modern` as a wrong password. Not read where FIPS mode forbids 3DES.
 *
 * @see https://learn.microsoft.com/powershell/module/pki/export-pfxcertificate (`-CryptoAlgorithmOption`)
 */
export const PfxEncryption = { Modern: "modern", Legacy: "legacy" } as const;
export type PfxEncryption = (typeof PfxEncryption)[keyof typeof PfxEncryption];

/** What goes into a `.pfx`. */
export interface PfxOptions {
  /** One RSA private key of 2048, 3072 or 4096 bits: PKCS #8 or PKCS #1 as PEM, not encrypted. */
  privateKeyPem: string;
  /** The certificate of that key: one PEM block. */
  certificatePem: string;
  /** 1 to 128 printable ASCII characters; {@link derivePfxPassword} makes a good one. */
  password: string;
  /**
   * Name that Windows and Java show for the key and its certificate: 1 to 255 characters of the
   * basic plane of Unicode, which is what the attribute can hold (RFC 2985, section 5.5.1).
   * @default none
   */
  friendlyName?: string;
  /** How the file is protected. */
  encryption: PfxEncryption;
  /**
   * Tells generations apart: another seed gives other salts even if all the rest is the same.
   * @default ""
   */
  saltSeed?: string;
}

/** @throws {PfxInputError} If the value is neither `modern` nor `legacy`. */
export function checkEncryption(encryption: string): void {
  const known: string[] = Object.values(PfxEncryption);
  if (!known.includes(encryption)) {
    throw new PfxInputError(
      "encryption",
      `"${encryption}" is not one of ${known.join(", ")}`,
      "Use modern, or legacy for Windows Server 2016 and older.",
    );
  }
}

/** Upper bound of the attribute in RFC 2985, appendix A (`pkcs-9-ub-friendlyName`). */
const longestFriendlyName = 255;

/** What the attribute cannot hold, or some readers drop. */
const unwritable = "[\\p{Cc}\\p{Cs}\\u{10000}-\\u{10FFFF}]";

/**
 * A name as far as the attribute can hold it: it only shows which certificate it is.
 *
 * @example friendlyNameFor("exo 🚀 2026-11") // "exo 2026-11"
 */
export function friendlyNameFor(name: string): string {
  return name
    .replace(new RegExp(unwritable, "gu"), " ")
    .replace(/ +/g, " ")
    .trim()
    .slice(0, longestFriendlyName);
}

/** @throws {PfxInputError} If the name cannot be written as a `friendlyName` attribute. */
export function checkFriendlyName(friendlyName: string): void {
  const fault =
    friendlyName === ""
      ? "is empty"
      : friendlyName.length > longestFriendlyName
        ? `has ${friendlyName.length} characters, more than the ${longestFriendlyName} that RFC 2985 allows`
        : new RegExp(unwritable, "u").test(friendlyName)
          ? "contains a control character or one outside the basic plane of Unicode, which some readers drop"
          : undefined;
  if (fault !== undefined) {
    throw new PfxInputError("friendlyName", fault, "Shorten or correct it, or leave it out.");
  }
}
