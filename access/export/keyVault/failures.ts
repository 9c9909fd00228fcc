import { ExportError } from "../exportError";
import { withoutSecrets } from "../withoutSecrets";
import type { KeyVaultTarget } from "./vault";

/** The parts of the SDK's errors that matter here; it exports no class for them. */
interface VaultError extends Error {
  readonly statusCode?: number;
  readonly code?: string;
  readonly details?: unknown;
}

/** Whether the vault has no certificate of that name, as opposed to no such vault. */
export function isNotFound(error: unknown): boolean {
  const { statusCode, code } = error as VaultError;
  return statusCode === 404 && code === "CertificateNotFound";
}

/** A refusal or a failure of Key Vault with its remedy, never with a secret in it. */
export function explainKeyVault(
  error: unknown,
  target: KeyVaultTarget,
  secrets: readonly string[],
): ExportError {
  if (error instanceof ExportError) {
    return error;
  }
  const safe = (text: string) => withoutSecrets(text, secrets);
  return new ExportError(vaultCauseOf(error as VaultError, target, safe));
}

function vaultCauseOf(
  error: VaultError,
  { vaultUrl, certificateName }: KeyVaultTarget,
  safe: (text: string) => string,
): string {
  const { host } = new URL(vaultUrl);
  const { statusCode, code, name } = error;
  // Shortened last, so that no secret is cut in two and missed.
  const said = safe(onOneLine(error.message)).slice(0, 300);
  if (/^(CredentialUnavailableError|AggregateAuthenticationError)$/.test(name)) {
    return "No credential for Azure was found. Sign in with `az login`, use a managed identity, or set AZURE_TENANT_ID and AZURE_CLIENT_ID with AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH.";
  }
  if (/^(AuthenticationError|AuthenticationRequiredError)$/.test(name)) {
    return `Azure did not accept the credential: ${said}`;
  }
  if (statusCode === undefined) {
    return /^(ENOTFOUND|EAI_AGAIN)$/.test(code ?? "")
      ? `There is no vault at ${host}, or its name cannot be resolved here. Check --vault; for a private endpoint run this inside its network.`
      : `${host} could not be asked: ${code ?? said}. Check the network and HTTPS_PROXY.`;
  }
  if (statusCode === 401) {
    return `${host} does not accept the token (401, ${said}). Sign in to the tenant of the vault.`;
  }
  if (statusCode === 403) {
    return /client address|firewall|public network access|private link/i.test(said)
      ? `${host} does not let this machine in (403, ${said}). Allow it in the vault's network settings, or run this inside its network.`
      : `${host} refuses (403, ${said}). The credential needs the role "Key Vault Certificates Officer" on the vault, or the access policy permissions certificates/get and certificates/import.`;
  }
  if (statusCode === 409) {
    return `${host} has a deleted certificate "${certificateName}" that can still be recovered (409, ${said}). Recover or purge it, or use another --certificate-name.`;
  }
  return `${host} did not import the certificate (${statusCode}${code === undefined ? "" : ` ${code}`}, ${said}).`;
}

function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").trim();
}
