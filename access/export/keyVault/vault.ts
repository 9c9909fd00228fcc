import type { TokenCredential } from "@azure/core-auth";
import { type CloudName, cloudNames, clouds } from "../../../components/catalog/clouds";
import { azureTransport } from "../../../microsoft/azureTransport";
import { refuseRedirectingVariables } from "../../../microsoft/deployer/redirects";
import { UsageFailure } from "../../../system/failure";
import { ExportError } from "../exportError";

/** Where vaults live in each cloud. */
const suffixes: Readonly<Record<CloudName, string>> = {
  global: "vault.azure.net",
  usgovernment: "vault.usgovcloudapi.net",
  dod: "vault.usgovcloudapi.net",
  china: "vault.azure.cn",
};

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
  const [, host] = /^https:\/\/([a-z0-9.-]+)\/?$/i.exec(vault) ?? [];
  const [name = "", ...suffix] = (host ?? "").toLowerCase().split(".");
  if (
    !/^[a-z][a-z0-9-]{1,22}[a-z0-9]$/.test(name) ||
    !Object.values(suffixes).includes(suffix.join("."))
  ) {
    throw new UsageFailure(
      `--vault "${vault}" is not the address of a vault. Write it as https://NAME.SUFFIX, with one of: ${[...new Set(Object.values(suffixes))].join(", ")}.`,
    );
  }
  if (!/^[0-9a-zA-Z-]{1,127}$/.test(certificateName)) {
    throw new UsageFailure(
      `--certificate-name "${certificateName}" is not allowed: 1 to 127 letters, digits and dashes.`,
    );
  }
  return { vaultUrl: `https://${name}.${suffix.join(".")}`, certificateName };
}

/**
 * Who signs in to a vault: what Azure's own tools find on the machine, in the vault's cloud.
 *
 * @throws {UsageFailure} If the environment would send its tokens elsewhere.
 */
export async function vaultCredential(vaultUrl: string): Promise<TokenCredential> {
  refuseRedirectingVariables(process.env);
  // Loaded only where it is needed: it takes longer to load than most commands.
  const { DefaultAzureCredential } = await import("@azure/identity");
  const cloud = cloudNames.find((name) => vaultUrl.endsWith(`.${suffixes[name]}`)) ?? "global";
  return new DefaultAzureCredential({
    httpClient: await azureTransport(),
    authorityHost: process.env.AZURE_AUTHORITY_HOST || clouds[cloud].authority,
  });
}

/**
 * Checks that a vault is in the cloud of the stack.
 *
 * @throws {ExportError} If it is in another.
 */
export function checkVaultCloud({ vaultUrl }: KeyVaultTarget, cloud: CloudName): void {
  const suffix = suffixes[cloud];
  if (!vaultUrl.endsWith(`.${suffix}`)) {
    throw new ExportError(
      `--vault "${vaultUrl}" is in another cloud than the stack, which is in ${clouds[cloud].title}: vaults there end in .${suffix}.`,
      "usage",
    );
  }
}
