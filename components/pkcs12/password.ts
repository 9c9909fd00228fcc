import { createHmac } from "node:crypto";
import { PfxInputError } from "./inputError";
import { framed } from "./framing";
import { readPrivateKey } from "./keyMaterial";

/**
 * The longest password that every reader in the interoperability tests takes from a file. Some
 * tools read passwords into fixed buffers, so a bound is better than a password cut short.
 */
const longestPassword = 128;

/**
 * The encodings of non-ASCII passwords differ between implementations (OpenSSL and node-forge
 * disagree for PBES2), and a control character cannot be handed over in a password file. An empty
 * password has two encodings, of which macOS takes neither reliably.
 *
 * @throws {PfxInputError} Without repeating the password or any part of it.
 */
export function checkPassword(password: string): void {
  const fault =
    password === ""
      ? "is empty"
      : password.length > longestPassword
        ? `is longer than ${longestPassword} characters`
        : !/^[\x20-\x7e]*$/.test(password)
          ? "contains a character outside printable ASCII"
          : undefined;
  if (fault !== undefined) {
    throw new PfxInputError(
      "password",
      `${fault}; readers of .pfx files disagree on such passwords`,
      `Use 1 to ${longestPassword} printable ASCII characters, or derivePfxPassword.`,
    );
  }
}

/** 43 letters and digits carry 256 bits: 43 * log2(62) = 256.03. */
const derivedLength = 43;

/**
 * Derives the password of a `.pfx` from the private key inside it: 43 letters and digits, 256 bits.
 * The same key and label give the same password, in whatever PEM form the key is written; another
 * label gives an unrelated one.
 *
 * The password is as secret as the key and says nothing about it: it is the output of HMAC-SHA-256
 * under the key. It needs no state of its own, and whoever can derive it holds the key already. It
 * has letters and digits only, so that no shell, file format or command line gives one a meaning.
 *
 * @param privateKeyPem The key that the `.pfx` will hold; an RSA key as in {@link PfxOptions}.
 * @param label Not empty; tells generations apart.
 * @throws {PfxInputError} If the key or the label cannot be used.
 * @example derivePfxPassword(privateKeyPem, "2026-11") // 43 letters and digits
 */
export function derivePfxPassword(privateKeyPem: string, label: string): string {
  if (label === "") {
    throw new PfxInputError("label", "is empty", "Give the name of the generation.");
  }
  const { pkcs1 } = readPrivateKey(privateKeyPem);
  let password = "";
  // Dropping the two signs of base64 that are neither letter nor digit keeps the others equally
  // likely. Two blocks are enough but for one key in billions; the loop serves that one too.
  for (let block = 1; password.length < derivedLength; block++) {
    password += createHmac("sha256", pkcs1)
      .update(framed("apponly pfx password v1", label, String(block)))
      .digest("base64")
      .replace(/[^A-Za-z0-9]/g, "");
  }
  return password.slice(0, derivedLength);
}
