import { ExportError } from "../exportError";

/** Bytes of a secret that GitHub takes at most. */
export const largestSecret = 48 * 1024;

/**
 * A secret that only the holder of the private key, GitHub, can open.
 *
 * @param publicKey The environment's public key, base64.
 * @returns The sealed box, base64.
 * @throws {ExportError} If the key is not one.
 * @see https://docs.github.com/rest/guides/encrypting-secrets-for-the-rest-api
 */
export async function seal(secret: string, publicKey: string): Promise<string> {
  const { default: sodium } = await import("libsodium-wrappers");
  await sodium.ready;
  const key = Buffer.from(publicKey, "base64");
  if (key.length !== sodium.crypto_box_PUBLICKEYBYTES) {
    throw new ExportError(
      "The public key that GitHub answered is not one of libsodium's, so no secret was sent. Check GITHUB_API_URL.",
    );
  }
  const box = sodium.crypto_box_seal(sodium.from_string(secret), key);
  return sodium.to_base64(box, sodium.base64_variants.ORIGINAL);
}
