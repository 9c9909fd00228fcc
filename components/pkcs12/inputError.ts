/**
 * A `.pfx` cannot be made from what was given. The message names the option, the rule and the
 * remedy, and never repeats a key, a certificate or a password. It carries no `cause` either: the
 * errors underneath may quote the text they failed on.
 */
export class PfxInputError extends Error {
  override readonly name = "PfxInputError";

  constructor(
    /** The option at fault, for example `privateKeyPem`. */
    readonly option: string,
    /** What is wrong, a clause without a final full stop. */
    readonly rule: string,
    /** What to do about it, a whole sentence. */
    readonly remedy: string,
  ) {
    super(`${option}: ${rule}. ${remedy}`);
  }
}
