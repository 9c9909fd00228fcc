import { createPrivateKey, type KeyObject } from "node:crypto";
import { decodedText } from "../../system/decodedText";
import { derKindOf } from "./derKinds";
import { readElement } from "./derReader";

/** A file is not a private key that can be used. The message repeats nothing of it. */
export class KeyReadError extends Error {
  override readonly name = "KeyReadError";

  constructor(
    readonly problem: "password" | "kind",
    readonly rule: string,
    readonly remedy: string,
  ) {
    super(`${rule} ${remedy}`);
  }
}

const giveKey = "Name the file with the private key in PEM.";

/**
 * Reads a private RSA key as people have it: PEM in any encoding of text, DER, or the base64 of one
 * of them; encrypted with a password, or not.
 *
 * @throws {KeyReadError} Says what the file is, or that its password is missing or wrong.
 */
export function readKey(content: Buffer, password: string | undefined): KeyObject {
  const bytes = keyBytes(content);
  const text = decodedText(bytes);
  const key = parseKey(bytes, text, password);
  if (key === undefined) {
    throw refusalOf(bytes, text);
  }
  if (key.asymmetricKeyType !== "rsa") {
    throw new KeyReadError(
      "kind",
      `is a key of type ${key.asymmetricKeyType ?? "unknown"}; Exchange accepts RSA only.`,
      giveKey,
    );
  }
  return key;
}

/** The content, out of base64 where it is that of a key. */
function keyBytes(content: Buffer): Buffer {
  const text = decodedText(content).replace(/\s+/g, "");
  const decoded = /^[A-Za-z0-9+/]{40,}={0,2}$/.test(text) ? Buffer.from(text, "base64") : content;
  return decoded[0] === 0x30 || decodedText(decoded).includes("-----BEGIN") ? decoded : content;
}

function parseKey(bytes: Buffer, text: string, passphrase = ""): KeyObject | undefined {
  const attempts = [
    () => createPrivateKey({ key: text, format: "pem", passphrase }),
    () => createPrivateKey({ key: bytes, format: "der", type: "pkcs8", passphrase }),
    () => createPrivateKey({ key: bytes, format: "der", type: "pkcs1" }),
    () => createPrivateKey({ key: bytes, format: "der", type: "sec1" }),
  ];
  for (const attempt of attempts) {
    try {
      return attempt();
    } catch {
      // It has another of the forms, or none.
    }
  }
  return undefined;
}

function refusalOf(bytes: Buffer, text: string): KeyReadError {
  const kind = (rule: string, remedy = giveKey) => new KeyReadError("kind", rule, remedy);
  if (bytes.length === 0) {
    return kind("is empty.");
  }
  if (/BEGIN ENCRYPTED PRIVATE KEY|^Proc-Type:.*ENCRYPTED/m.test(text)) {
    return new KeyReadError("password", "is encrypted.", "Give its password.");
  }
  if (/BEGIN OPENSSH PRIVATE KEY/.test(text)) {
    return kind("is in OpenSSH's own form.", "Convert a copy: ssh-keygen -p -m PKCS8 -f FILE.");
  }
  if (/^PuTTY-User-Key-File/.test(text)) {
    return kind("is in PuTTY's own form.", "Export it as an OpenSSH key in PEM.");
  }
  const [, label] = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(text) ?? [];
  if (label !== undefined) {
    return kind(
      label.includes("PRIVATE KEY")
        ? "is a private key that is damaged."
        : `is PEM text (${label}), not a private key.`,
    );
  }
  const element = readElement(bytes);
  const der = element && derKindOf(element);
  if (der === "pfx") {
    return kind("is a .pfx.", "Hand it over with --pfx.");
  }
  if (der === "private key") {
    // Of what has no label, an encrypted key cannot be told from a damaged one.
    return new KeyReadError("password", "is encrypted or damaged.", "Give its password.");
  }
  return kind(
    der === undefined || der === "other"
      ? "is not a private key."
      : `is a ${der}, not a private key.`,
  );
}
