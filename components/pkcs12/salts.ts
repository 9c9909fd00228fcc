import { createHash, createHmac } from "node:crypto";
import { framed } from "./framing";

/** Gives the salt or IV for one purpose: always the same bytes for the same purpose. */
export type SaltSource = (purpose: string, length: number) => Buffer;

/**
 * Salts and IVs are computed instead of drawn, because a `.pfx` is a stack output: with random
 * salts every preview would show a changed secret.
 *
 * What a salt must be: different for each file, and of no help to who does not know the password.
 * What an IV for CBC must be: unpredictable, and never used twice with one key for two plaintexts.
 * HMAC-SHA-256 under the private key gives both. Nobody without the key can predict its output or
 * learn anything from it. The message covers everything the file is made of, the password too, so
 * any change gives fresh salts and thereby fresh keys; two files share salts only if they are the
 * same file. This is the construction of a synthetic IV, as in RFC 5297.
 *
 * The password may itself be derived from the private key (`derivePfxPassword`). The labels keep
 * the two derivations apart: outputs of HMAC for different messages are independent, so the salts,
 * which are public, tell nothing about the password.
 *
 * @param secret The private key, DER.
 * @param saltSeed Tells generations apart.
 * @param content All other inputs.
 */
export function saltSource(
  secret: Buffer,
  saltSeed: string,
  content: readonly (string | Buffer)[],
): SaltSource {
  const digest = createHash("sha256")
    .update(framed(...content))
    .digest();
  return (purpose, length) => {
    const bytes = createHmac("sha256", secret)
      .update(framed("apponly pfx v1", saltSeed, purpose, digest))
      .digest();
    if (length > bytes.length) {
      throw new RangeError(
        `A salt of ${length} bytes was asked for; the source has ${bytes.length}.`,
      );
    }
    return bytes.subarray(0, length);
  };
}
