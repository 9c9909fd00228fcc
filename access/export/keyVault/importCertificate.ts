import type { TokenCredential } from "@azure/core-auth";
import type { KeyVaultCertificateWithPolicy } from "@azure/keyvault-certificates";
import { certificateClient } from "../../../microsoft/keyVault/clients";
import { isNotFound, vaultFailure } from "../../../microsoft/keyVault/failures";
import { newestCertificate } from "../../../microsoft/keyVault/versions";
import { ExportError } from "../exportError";
import { requireCertificate, requireKey, type StackAccess } from "../stackAccess";
import { withoutSecrets } from "../withoutSecrets";
import { checkVaultCloud, type KeyVaultTarget } from "./vault";

/** What an import has done. */
export interface KeyVaultImport {
  /** `unchanged`: the vault's current version is this certificate already. */
  readonly state: "imported" | "unchanged";
  /** Identifier of the version, an address without secrets. */
  readonly id: string;
}

/**
 * Imports the generation's `.pfx` as the current version of a certificate, exportable, because a
 * job has to fetch it with its key. The same certificate is not imported twice.
 *
 * @throws {ExportError} If the vault is in another cloud, the certificate was supplied, or the vault
 * refuses, with the permission that is missing.
 * @see https://learn.microsoft.com/rest/api/keyvault/certificates/import-certificate/import-certificate
 */
export async function importIntoKeyVault(
  target: KeyVaultTarget,
  access: StackAccess,
  credential: TokenCredential,
): Promise<KeyVaultImport> {
  checkVaultCloud(target, access.cloud);
  const certificate = requireCertificate(access);
  const key = requireKey(access);
  const client = await certificateClient(target.vaultUrl, credential);
  try {
    const current = await newestCertificate(client, target.certificateName);
    if (isExportable(current) && thumbprintOf(current) === certificate.thumbprint) {
      return { state: "unchanged", id: current?.properties.id ?? "" };
    }
    const imported = await client.importCertificate(
      target.certificateName,
      Buffer.from(key.pfx, "base64"),
      importOptions(access.stack, certificate.name, key.password),
    );
    if (thumbprintOf(imported) !== certificate.thumbprint) {
      throw new ExportError(
        `The vault answered with another certificate than the one that was sent. Look at ${target.vaultUrl}/certificates/${target.certificateName}.`,
      );
    }
    return { state: "imported", id: imported.properties.id ?? "" };
  } catch (error) {
    throw exportFailure(error, target, [key.pfx, key.password]);
  }
}

/** Whether a vault has a certificate; `recoverable` is one that was deleted and not purged. */
export type VaultEntry = "present" | "recoverable" | "absent";

/**
 * Looks for a certificate in a vault.
 *
 * @throws {ExportError} If the vault refuses.
 * @see https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
 */
export async function findInKeyVault(
  target: KeyVaultTarget,
  credential: TokenCredential,
): Promise<VaultEntry> {
  const client = await certificateClient(target.vaultUrl, credential);
  try {
    if ((await newestCertificate(client, target.certificateName)) !== undefined) {
      return "present";
    }
    await client.getDeletedCertificate(target.certificateName);
    return "recoverable";
  } catch (error) {
    if (isNotFound(error)) {
      return "absent";
    }
    throw exportFailure(error, target, []);
  }
}

function exportFailure(
  error: unknown,
  { vaultUrl: vault, certificateName: name }: KeyVaultTarget,
  secrets: readonly string[],
): ExportError {
  if (error instanceof ExportError) {
    return error;
  }
  const keys = { vault: "--vault", name: "--certificate-name" };
  const safe = (text: string) => withoutSecrets(text, secrets);
  const request = { operation: "import", source: "key-vault", vault, name, keys, safe } as const;
  return new ExportError(vaultFailure(error, request).message);
}

function importOptions(stack: string, generation: string, password: string) {
  const contentType = "application/x-pkcs12" as const;
  return {
    password,
    enabled: true,
    tags: { "apponly-stack": stack, "apponly-generation": generation },
    policy: {
      contentType,
      exportable: true,
      keyType: "RSA",
      reuseKey: false,
      issuerName: "Unknown",
    },
    // Version 4.10 of the SDK documents `policy` and `enabled`, and sends only what it finds under
    // its internal names; without them the policy of an earlier version of the certificate would
    // decide whether the key can be fetched.
    certificatePolicy: {
      keyProperties: { exportable: true, keyType: "RSA", reuseKey: false },
      secretProperties: { contentType },
      issuerParameters: { name: "Unknown" },
    },
    certificateAttributes: { enabled: true },
  };
}

/** Whether a job can fetch the certificate with its key. */
function isExportable(certificate: KeyVaultCertificateWithPolicy | undefined): boolean {
  return certificate?.properties.enabled !== false && certificate?.policy?.exportable !== false;
}

function thumbprintOf(certificate: KeyVaultCertificateWithPolicy | undefined): string | undefined {
  const bytes = certificate?.properties.x509Thumbprint;
  return bytes && Buffer.from(bytes).toString("hex").toUpperCase();
}
