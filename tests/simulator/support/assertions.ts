import { createHash, createPrivateKey, randomUUID, X509Certificate } from "node:crypto";
import { SignJWT } from "jose";
import type { MadeCertificate } from "../../support/certificates";

export const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** How an assertion names its certificate. */
export type Form = "x5t" | "x5t#S256" | "kid";

/** A client assertion in one of the forms that clients send. */
export async function clientAssertion(
  certificate: MadeCertificate,
  wish: {
    clientId: string;
    audience: string;
    form?: Form;
    algorithm?: string;
    /** Seconds since the epoch. */
    notBefore?: number;
    expires?: number;
    /** Default: the client id. */
    issuer?: string;
    subject?: string;
    jti?: string;
    header?: Record<string, string>;
  },
): Promise<string> {
  const form = wish.form ?? "x5t#S256";
  const { raw } = new X509Certificate(certificate.certificatePem);
  const digest = (hash: string) => createHash(hash).update(raw).digest("base64url");
  const names: Record<Form, Record<string, string>> = {
    x5t: { x5t: digest("sha1") },
    "x5t#S256": { "x5t#S256": digest("sha256") },
    // The azuread provider pads the base64url.
    kid: { kid: `${digest("sha1")}=` },
  };
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({})
    .setProtectedHeader({
      alg: wish.algorithm ?? (form === "x5t#S256" ? "PS256" : "RS256"),
      typ: "JWT",
      ...names[form],
      ...wish.header,
    })
    .setAudience(wish.audience)
    .setIssuer(wish.issuer ?? wish.clientId)
    .setSubject(wish.subject ?? wish.clientId)
    .setJti(wish.jti ?? randomUUID())
    .setNotBefore(wish.notBefore ?? now)
    .setExpirationTime(wish.expires ?? now + 600)
    .sign(createPrivateKey(certificate.privateKeyPem));
}

/** A certificate as `keyCredentials` take it. */
export function keyCredential(certificate: MadeCertificate, rest: object = {}) {
  return {
    type: "AsymmetricX509Cert",
    usage: "Verify",
    key: Buffer.from(certificate.certificatePem).toString("base64"),
    ...rest,
  };
}
