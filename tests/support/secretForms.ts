import { createPrivateKey } from "node:crypto";

/** A secret in the encodings in which it could be found, long enough not to be found by chance. */
export function encodings(secret: Buffer): string[] {
  const percent = [...secret].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  // Base64 inside base64 begins at any of three offsets.
  const base64 = [0, 1, 2].map((offset) =>
    secret.subarray(offset).toString("base64").replace(/=+$/, "").slice(0, -4),
  );
  return [
    secret.toString("latin1"),
    secret.toString("hex"),
    secret.toString("hex").toUpperCase(),
    percent,
    ...base64,
    ...base64.map((text) => text.replace(/\+/g, "-").replace(/\//g, "_")),
  ];
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
    password: Buffer.from(password),
    pfx: Buffer.from(pfx, "base64").subarray(100, 160),
  };
}

/** Names of the secrets that a text holds, in whatever encoding. */
export function secretsIn(text: string, secrets: Readonly<Record<string, Buffer>>): string[] {
  // PEM breaks its base64 into lines, and JSON writes the breaks as \n.
  const joined = text.replace(/\\n|\s/g, "");
  return Object.entries(secrets)
    .filter(([, secret]) => encodings(secret).some((form) => joined.includes(form)))
    .map(([name]) => name);
}
