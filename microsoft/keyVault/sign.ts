import { createHash } from "node:crypto";
import type { TokenCredential } from "@azure/core-auth";
import { placeOfKey, type VaultSource } from "../../components/catalog/vaults";
import { type AssertionParties, headerByPss, signedAssertion } from "../clientAssertion";
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
 * @throws {VaultFailure} If the vault does not sign.
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export function vaultAssertion(
  signer: VaultSigner,
  { certificatePem, ...parties }: AssertionParties & { readonly certificatePem: string },
  credential?: TokenCredential,
): Promise<string> {
  return signedAssertion(headerByPss(certificatePem), parties, (unsigned) =>
    signDigest(signer, "PS256", createHash("sha256").update(unsigned).digest(), credential),
  );
}
