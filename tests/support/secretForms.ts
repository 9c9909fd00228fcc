import { createPrivateKey } from "node:crypto";

/**
 * A secret in the encodings in which it could be found, long enough not to be found by chance. All
 * are without white space, as {@link secretsIn} takes it out of what it searches.
 */
export function encodings(secret: Buffer): string[] {
  const bytes = [...secret];
  const hexadecimal = bytes.map((byte) => byte.toString(16).padStart(2, "0"));
  // Base64 inside base64 begins at any of three offsets.
  const base64 = [0, 1, 2].map((offset) =>
    secret.subarray(offset).toString("base64").replace(/=+$/, "").slice(0, -4),
  );
  const forms = [
    secret.toString("latin1"),
    hexadecimal.join(""),
    hexadecimal.join(":"),
    hexadecimal.map((byte) => `%${byte}`).join(""),
    encodeURIComponent(secret.toString("latin1")),
    hexadecimal.map((byte) => `\\u00${byte}`).join(""),
    // A buffer in JSON.
    bytes.join(","),
    BigInt(`0x${hexadecimal.join("")}`).toString(),
    ...base64,
    ...base64.map((text) => text.replace(/\+/g, "-").replace(/\//g, "_")),
    ...base64.map((text) => encodeURIComponent(text)),
    ...base64.map((text) => text.replace(/\//g, "\\/")),
  ];
  return [...forms, ...forms.slice(1, 6).map((form) => form.toUpperCase())].map(withoutSpace);
}

/** Without white space, which PEM breaks its lines by, and the zero bytes of UTF-16. */
function withoutSpace(text: string): string {
  return text.replace(/\\r|\\n|\\u0000|%0[ad]|[\s\0]/gi, "");
}

/** What gives a generation away: the numbers of its key, its `.pfx`, the password. */
export function secretsOfGeneration(
  privateKeyPem: string,
  pfx: string,
  password: string,
): Record<string, Buffer> {
  const jwk = createPrivateKey(privateKeyPem).export({ format: "jwk" });
  return {
    // Any of these numbers gives the key away; the public modulus is not among them.
    exponent: Buffer.from(jwk.d ?? "", "base64url").subarray(0, 48),
    prime: Buffer.from(jwk.p ?? "", "base64url").subarray(0, 48),
    otherPrime: Buffer.from(jwk.q ?? "", "base64url").subarray(0, 48),
    ownExponent: Buffer.from(jwk.dp ?? "", "base64url").subarray(0, 48),
    otherExponent: Buffer.from(jwk.dq ?? "", "base64url").subarray(0, 48),
    coefficient: Buffer.from(jwk.qi ?? "", "base64url").subarray(0, 48),
    password: Buffer.from(password),
    pfx: Buffer.from(pfx, "base64").subarray(100, 160),
  };
}

/** Names of the secrets that a text holds, in whatever encoding. */
export function secretsIn(text: string, secrets: Readonly<Record<string, Buffer>>): string[] {
  const places = [text, ...decodedRuns(text)].map(withoutSpace);
  return Object.entries(secrets)
    .filter(([, secret]) =>
      encodings(secret).some((form) => places.some((place) => place.includes(form))),
    )
    .map(([name]) => name);
}

/** What long runs of base64 stand for, in which a PEM has its line breaks in other places. */
function decodedRuns(text: string): string[] {
  const runs = text.replace(/\s/g, "").match(/[A-Za-z0-9+/]{200,}/g) ?? [];
  return runs.map((run) => Buffer.from(run, "base64").toString("latin1"));
}
