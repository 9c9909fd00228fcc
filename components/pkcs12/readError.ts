/** Why a `.pfx` cannot be used. */
export type PfxProblem =
  | "empty"
  | "not-a-pfx"
  | "truncated"
  | "password"
  | "no-key"
  | "no-certificate"
  | "key-type"
  | "unsupported";

/** A `.pfx` cannot be used as it is. The message repeats neither the file nor its password. */
export class PfxReadError extends Error {
  override readonly name = "PfxReadError";

  constructor(
    readonly problem: PfxProblem,
    /** What is wrong, a clause that follows the name of the file. */
    readonly rule: string,
    /** What to do about it, a whole sentence. */
    readonly remedy: string,
  ) {
    super(`The .pfx ${rule} ${remedy}`);
  }
}

/** The error of a file that is protected in a way that is not read here. */
export function unsupportedPfx(how: string): PfxReadError {
  return new PfxReadError(
    "unsupported",
    `${how}, which is not supported.`,
    "Write it anew with AES-256: openssl pkcs12 -export, or Export-PfxCertificate -CryptoAlgorithmOption AES256_SHA256.",
  );
}
