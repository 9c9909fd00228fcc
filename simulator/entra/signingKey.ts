import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { exportJWK, type JWK, type JWTPayload, jwtVerify } from "jose";
import type { MakeKey } from "../rsaKey";

/** The key with which access tokens are signed; one for all tenants, as Entra has. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: JWK & { readonly kid: string };
}

/** Makes the key. It lives as long as the process: tokens do not outlive a simulator. */
export async function makeSigningKey(makeKey: MakeKey): Promise<SigningKey> {
  const privateKey = await makeKey();
  const publicKey = createPublicKey(privateKey);
  const kid = createHash("sha1")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64url");
  return {
    privateKey,
    publicKey,
    jwk: { ...(await exportJWK(publicKey)), kid, x5t: kid, use: "sig" },
  };
}

/** The claims of an access token that this key signed and that is within its time. */
export async function verifyAccessToken(
  token: string,
  key: SigningKey,
  currentDate: Date,
): Promise<JWTPayload> {
  const options = { algorithms: ["RS256"], currentDate, clockTolerance: 300 };
  return (await jwtVerify(token, key.publicKey, options)).payload;
}
