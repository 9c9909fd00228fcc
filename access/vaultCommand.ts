import { azureCliCommand } from "../components/catalog/azureCli";
import { clouds } from "../components/catalog/clouds";
import { cloudOfVault, type VaultSource } from "../components/catalog/vaults";

/** Something in a vault: a certificate with its key, or the key in a managed HSM, which has nothing else. */
export interface NamedInVault {
  readonly source: VaultSource;
  /** Address of the vault. */
  readonly vault: string;
  readonly name: string;
}

/**
 * A command of the Azure CLI about it.
 *
 * @example vaultCommand("delete", { source: "key-vault", vault: "https://contoso.vault.azure.net", name: "exo" })
 * @see https://learn.microsoft.com/cli/azure/keyvault/certificate
 */
export function vaultCommand(
  verb: "delete" | "purge" | "set-attributes",
  { source, vault, name }: NamedInVault,
): string {
  const [own = ""] = new URL(vault).hostname.split(".");
  const [kind, option] =
    source === "managed-hsm" ? ["key", "--hsm-name"] : ["certificate", "--vault-name"];
  return azureCliCommand(
    clouds[cloudOfVault(vault)],
    `keyvault ${kind} ${verb} ${option} ${own} --name ${name}`,
  );
}
