import { type Cloud, type CloudName, cloudNames } from "./clouds";

/** What of Azure keeps keys: a vault, which has certificates too, or a managed HSM, which has keys only. */
export const vaultSources = ["key-vault", "managed-hsm"] as const;

/** One of {@link vaultSources}, as `certificates[].source` names it. */
export type VaultSource = (typeof vaultSources)[number];

/** How people call it. */
export const vaultTitles: Readonly<Record<VaultSource, string>> = {
  "key-vault": "Azure Key Vault",
  "managed-hsm": "Azure Managed HSM",
};

/**
 * Where each has its addresses, by cloud.
 *
 * @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
 * @see https://learn.microsoft.com/azure/key-vault/keys/about-keys
 */
const vaultSuffixes: Readonly<Record<VaultSource, Readonly<Record<CloudName, string>>>> = {
  "key-vault": {
    global: "vault.azure.net",
    usgovernment: "vault.usgovcloudapi.net",
    dod: "vault.usgovcloudapi.net",
    china: "vault.azure.cn",
  },
  "managed-hsm": {
    global: "managedhsm.azure.net",
    usgovernment: "managedhsm.usgovcloudapi.net",
    dod: "managedhsm.usgovcloudapi.net",
    china: "managedhsm.chinacloudapi.cn",
  },
};

/** The end of an address in a cloud, for example `vault.azure.net`. */
export function vaultSuffix(source: VaultSource, cloud: CloudName): string {
  return vaultSuffixes[source][cloud];
}

/** Every end of an address there is, without repetitions. */
export function vaultSuffixesOf(source: VaultSource): string[] {
  return [...new Set(Object.values(vaultSuffixes[source]))];
}

/**
 * The address of a vault in the one form in which it is compared and asked.
 *
 * @returns `https://NAME.SUFFIX` in lower case; `undefined` where the text is another address.
 * @example vaultAddress("https://Contoso.vault.azure.net/", "key-vault") // "https://contoso.vault.azure.net"
 */
export function vaultAddress(text: string, source: VaultSource): string | undefined {
  const [, host] = /^https:\/\/([a-z0-9.-]+)\/?$/i.exec(text) ?? [];
  const [name = "", ...suffix] = (host ?? "").toLowerCase().split(".");
  return /^[a-z][a-z0-9-]{1,22}[a-z0-9]$/.test(name) &&
    vaultSuffixesOf(source).includes(suffix.join("."))
    ? `https://${name}.${suffix.join(".")}`
    : undefined;
}

/** Whether a name can be one of a certificate or a key in a vault. */
export function isNameInVault(name: string): boolean {
  return /^[0-9a-zA-Z-]{1,127}$/.test(name);
}

/** Whether an address is of a cloud. */
export function isVaultOf(address: string, source: VaultSource, { name }: Cloud): boolean {
  return address.endsWith(`.${vaultSuffix(source, name)}`);
}

/** The cloud that an address is of; two share one. */
export function cloudOfVault(address: string): CloudName {
  return (
    cloudNames.find((name) =>
      vaultSources.some((source) => address.endsWith(`.${vaultSuffix(source, name)}`)),
    ) ?? "global"
  );
}

/** Where a key is, by its identifier `https://NAME.SUFFIX/keys/NAME/VERSION`. */
export function placeOfKey(key: string): { readonly vault: string; readonly name: string } {
  const { origin, pathname } = new URL(key);
  return { vault: origin, name: pathname.split("/")[2] ?? "" };
}
