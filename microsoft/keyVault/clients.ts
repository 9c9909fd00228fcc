import type { TokenCredential } from "@azure/core-auth";
import { clouds } from "../../components/catalog/clouds";
import { cloudOfVault } from "../../components/catalog/vaults";
import { azureTransport } from "../azureTransport";
import { refuseRedirectingVariables } from "../deployer/redirects";

/**
 * Who signs in to a vault: what Azure's own tools find on the machine, in the vault's cloud.
 *
 * @throws {DeployerSettingsError} If the environment would send its tokens elsewhere.
 */
export async function vaultCredential(vault: string): Promise<TokenCredential> {
  refuseRedirectingVariables(process.env);
  // Loaded only where it is needed: it takes longer to load than most commands.
  const { DefaultAzureCredential } = await import("@azure/identity");
  return new DefaultAzureCredential({
    httpClient: await azureTransport(),
    authorityHost: process.env.AZURE_AUTHORITY_HOST || clouds[cloudOfVault(vault)].authority,
  });
}

async function clientOptions() {
  return {
    httpClient: await azureTransport(),
    userAgentOptions: { userAgentPrefix: "apponly" },
  };
}

/** Microsoft's client of a vault's certificates. */
export async function certificateClient(vault: string, credential: TokenCredential) {
  const sdk = await import("@azure/keyvault-certificates");
  return new sdk.CertificateClient(vault, credential, await clientOptions());
}

/** Microsoft's client of the keys of a vault or managed HSM. */
export async function keyClient(vault: string, credential: TokenCredential) {
  const sdk = await import("@azure/keyvault-keys");
  return new sdk.KeyClient(vault, credential, await clientOptions());
}

/** Microsoft's client of one version of a key. */
export async function cryptographyClient(key: string, credential: TokenCredential) {
  const sdk = await import("@azure/keyvault-keys");
  return new sdk.CryptographyClient(key, credential, await clientOptions());
}
