import { type VaultSource, vaultTitles } from "../../components/catalog/vaults";

/** Why a vault did not do what was asked. `{…}` are filled in when it happens. */
interface VaultRow {
  readonly cause: string;
  readonly remedy: string;
  /** Beginnings of the service's own messages. */
  readonly symptoms?: readonly string[];
  readonly source: string;
}

const keyVaultPages = "https://learn.microsoft.com/azure/key-vault";
const errorPage = `${keyVaultPages}/general/rest-error-codes`;

/** What can go wrong with a key in a vault: one row for each cause that is told apart. */
export const vaultProblems = {
  "vault-no-credential": {
    cause: "No credential for Azure was found, so {host} could not be asked.",
    remedy:
      "Sign in with `az login`, use a managed identity, or set AZURE_TENANT_ID and AZURE_CLIENT_ID with AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE.",
    symptoms: ["ChainedTokenCredential authentication failed"],
    source: "https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/overview",
  },
  "vault-sign-in-refused": {
    cause: "Azure did not accept the credential for {host}: {error}",
    remedy: "Correct the credential that the Azure CLI or the AZURE_ variables name.",
    source: "https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/overview",
  },
  "vault-unknown-host": {
    cause: "There is no vault at {host}, or its name cannot be resolved here.",
    remedy: "Check {vaultKey}; for a private endpoint run this inside its network.",
    source: `${keyVaultPages}/general/private-link-diagnostics`,
  },
  "vault-unreachable": {
    cause: "{host} could not be asked: {error}.",
    remedy: "Check the network and HTTPS_PROXY.",
    source: `${keyVaultPages}/general/access-behind-firewall`,
  },
  "vault-token-refused": {
    cause: "{host} does not accept the token (401, {error}).",
    remedy: "Sign in to the tenant of the vault, which need not be the one of the application.",
    symptoms: ["AKV10032: Invalid issuer", "AKV10000: Request is missing a Bearer or PoP token"],
    source: errorPage,
  },
  "vault-firewall": {
    cause: "{host} does not let this machine in (403, {error}).",
    remedy: "Allow it in the vault's network settings, or run this inside its network.",
    symptoms: [
      "Client address is not authorized and caller is not a trusted service",
      "Public network access is disabled and request is not from a trusted service nor via an approved private link",
      "ForbiddenByFirewall",
    ],
    source: `${keyVaultPages}/general/network-security`,
  },
  "vault-version-disabled": {
    cause:
      "{host} does not use the version of {name}: it is disabled, or outside of its time ({error}).",
    remedy:
      "Enable the version in the vault, or rotate to another one: apponly rotate --stack NAME",
    symptoms: [
      "Operation sign is not allowed on a disabled key",
      "Operation get is not allowed on a disabled",
      "KeyDisabled",
      "SecretDisabled",
      "Operation sign is not allowed on an expired key",
      "Operation sign is not allowed on a key that is not yet valid",
    ],
    source: `${keyVaultPages}/keys/about-keys-details`,
  },
  "vault-forbidden": {
    cause: "{host} refuses (403, {error}).",
    remedy:
      "The credential needs {permission}. A role that was assigned a moment ago needs some minutes.",
    symptoms: [
      "Caller is not authorized to perform action on resource",
      "ForbiddenByRbac",
      "ForbiddenByPolicy",
      "does not have certificates get permission on key vault",
      "does not have certificates create permission on key vault",
      "does not have keys sign permission on key vault",
      "does not have secrets get permission on key vault",
    ],
    source: `${keyVaultPages}/general/rbac-guide`,
  },
  "vault-not-found": {
    cause: "{host} has nothing of the name {name} in that version (404, {error}).",
    remedy:
      "Recover it if it was deleted, or have another version made: apponly rotate --stack NAME",
    symptoms: [
      "A certificate with (name/id) … was not found in this key vault",
      "A key with (name/id) … was not found in this key vault",
    ],
    source: errorPage,
  },
  "vault-name-deleted": {
    cause:
      '{host} has a deleted certificate or key "{name}" that can still be recovered (409, {error}).',
    remedy: "Recover or purge it, or use another {nameKey}.",
    symptoms: [
      "… is currently in a deleted but recoverable state",
      "ObjectIsDeletedButRecoverable",
    ],
    source: `${keyVaultPages}/general/soft-delete-overview`,
  },
  "vault-refused": {
    cause: "{host} did not {doing} ({status}, {error}).",
    remedy: "Look at the vault's own log, and try again.",
    source: errorPage,
  },
} as const satisfies Readonly<Record<string, VaultRow>>;

/** One of {@link vaultProblems}. */
export type VaultProblem = keyof typeof vaultProblems;

/** What is asked of a vault. */
export type VaultOperation = "import" | "make" | "read" | "sign";

/** What somebody needs for it, by role and by the older access policies. */
interface VaultPermission {
  /** What is done, after "did not". */
  readonly doing: string;
  /** Built-in role with the least rights that suffices. */
  readonly role: string;
  /** Of an access policy; a managed HSM has none. */
  readonly policy: string;
}

/**
 * @see https://learn.microsoft.com/azure/key-vault/general/rbac-guide
 * @see https://learn.microsoft.com/azure/key-vault/general/assign-access-policy
 */
const keyVaultPermissions: Readonly<Record<VaultOperation, VaultPermission>> = {
  import: {
    doing: "import the certificate",
    role: "Key Vault Certificates Officer",
    policy: "certificates/get and certificates/import",
  },
  make: {
    doing: "make the certificate",
    role: "Key Vault Certificates Officer",
    policy: "certificates/get and certificates/create",
  },
  read: {
    doing: "hand out the certificate",
    role: "Key Vault Certificates Officer",
    policy: "certificates/get",
  },
  sign: { doing: "sign", role: "Key Vault Crypto User", policy: "keys/sign" },
};

/** @see https://learn.microsoft.com/azure/key-vault/managed-hsm/built-in-roles */
const hsmRole = "Managed HSM Crypto User";

/** The role that somebody needs in a vault. */
function roleFor(operation: VaultOperation, source: VaultSource): string {
  return source === "managed-hsm" ? hsmRole : keyVaultPermissions[operation].role;
}

/** What the service is said not to have done. */
export function doingOf(operation: VaultOperation): string {
  return keyVaultPermissions[operation].doing;
}

/** The permission in one phrase. */
export function permissionFor(operation: VaultOperation, source: VaultSource): string {
  const role = `the role "${roleFor(operation, source)}"`;
  return source === "managed-hsm"
    ? `${role} of ${vaultTitles[source]}'s own access control, for / or /keys`
    : `${role} on the vault, or the access policy permissions ${keyVaultPermissions[operation].policy}`;
}
