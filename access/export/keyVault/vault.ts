import { type CloudName, clouds } from "../../../components/catalog/clouds";
import {
  isNameInVault,
  isVaultOf,
  vaultAddress,
  vaultSuffix,
  vaultSuffixesOf,
} from "../../../components/catalog/vaults";
import { UsageFailure } from "../../../system/failure";
import { ExportError } from "../exportError";

/** A certificate in a vault. */
export interface KeyVaultTarget {
  /** Address of the vault without a trailing slash. */
  readonly vaultUrl: string;
  readonly certificateName: string;
}

/**
 * Reads where an export goes.
 *
 * @throws {UsageFailure} If a part is missing or malformed.
 * @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
 */
export function readKeyVaultTarget(
  vault: string | undefined,
  certificateName: string | undefined,
): KeyVaultTarget {
  if (vault === undefined || certificateName === undefined) {
    throw new UsageFailure(
      "--format key-vault needs --vault https://NAME.vault.azure.net and --certificate-name NAME.",
    );
  }
  const vaultUrl = vaultAddress(vault, "key-vault");
  if (vaultUrl === undefined) {
    throw new UsageFailure(
      `--vault "${vault}" is not the address of a vault. Write it as https://NAME.SUFFIX, with one of: ${vaultSuffixesOf("key-vault").join(", ")}.`,
    );
  }
  if (!isNameInVault(certificateName)) {
    throw new UsageFailure(
      `--certificate-name "${certificateName}" is not allowed: 1 to 127 letters, digits and dashes.`,
    );
  }
  return { vaultUrl, certificateName };
}

/**
 * Checks that a vault is in the cloud of the stack.
 *
 * @throws {ExportError} If it is in another.
 */
export function checkVaultCloud({ vaultUrl }: KeyVaultTarget, cloud: CloudName): void {
  if (!isVaultOf(vaultUrl, "key-vault", clouds[cloud])) {
    throw new ExportError(
      `--vault "${vaultUrl}" is in another cloud than the stack, which is in ${clouds[cloud].title}: vaults there end in .${vaultSuffix("key-vault", cloud)}.`,
      "usage",
    );
  }
}
