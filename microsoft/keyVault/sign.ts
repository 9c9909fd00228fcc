import { createHash, randomUUID, X509Certificate } from "node:crypto";
import type { TokenCredential } from "@azure/core-auth";
import { placeOfKey, type VaultSource } from "../../components/catalog/vaults";
import { cryptographyClient, vaultCredential } from "./clients";
import { vaultFailure } from "./failures";

/** A version of a key in a vault, as the stack outputs have it. */
export interface VaultSigner {
  readonly source: VaultSource;
  /** Identifier, `https://NAME.SUFFIX/keys/NAME/VERSION`. */
  readonly key: string;
}

/** Algorithms of a vault for an RSA key: PSS for assertions, PKCS #1 for certificates. */
export type VaultAlgorithm = "PS256" | "RS256";

/**
 * Has a vault sign a SHA-256 digest.
 *
 * @throws {VaultFailure} If it does not.
 * @see https://learn.microsoft.com/rest/api/keyvault/keys/sign/sign
 */
export async function signDigest(
  { source, key }: VaultSigner,
  algorithm: VaultAlgorithm,
  digest: Buffer,
  credential?: TokenCredential,
): Promise<Buffer> {
  const { vault, name } = placeOfKey(key);
  try {
    const client = await cryptographyClient(key, credential ?? (await vaultCredential(vault)));
    const { result } = await client.sign(algorithm, digest);
    return Buffer.from(result);
  } catch (error) {
    throw vaultFailure(error, { operation: "sign", source, vault, name });
  }
}

/**
 * The assertion by which an application proves that it has a certificate, signed where the key is. It
 * holds for ten minutes.
 *
 * @param tokenUrl Address of the token endpoint, which is its audience.
 * @throws {VaultFailure} If the vault does not sign.
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export async function vaultAssertion(
  signer: VaultSigner,
  about: {
    readonly certificatePem: string;
    readonly applicationId: string;
    readonly tokenUrl: string;
  },
  credential?: TokenCredential,
): Promise<string> {
  const { raw } = new X509Certificate(about.certificatePem);
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const unsigned = [
    part({
      alg: "PS256",
      typ: "JWT",
      "x5t#S256": createHash("sha256").update(raw).digest("base64url"),
    }),
    part({
      aud: about.tokenUrl,
      iss: about.applicationId,
      sub: about.applicationId,
      jti: randomUUID(),
      nbf: now,
      exp: now + 600,
    }),
  ].join(".");
  const digest = createHash("sha256").update(unsigned).digest();
  const signature = await signDigest(signer, "PS256", digest, credential);
  return `${unsigned}.${signature.toString("base64url")}`;
}
