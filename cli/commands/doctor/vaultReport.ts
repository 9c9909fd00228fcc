import { createHash } from "node:crypto";
import { readPublicOutputs } from "../../../components/outputs";
import { isVaultSource } from "../../../components/validation/vaultCertificate";
import { VaultFailure } from "../../../microsoft/keyVault/failures";
import { signDigest } from "../../../microsoft/keyVault/sign";

/** Whether whoever runs this may have a vault sign for a generation. */
export interface VaultReport {
  readonly generation: string;
  /** Identifier of the key. */
  readonly key: string;
  readonly signs: boolean;
  /** Why not, and which role is missing. */
  readonly problem?: string;
}

/**
 * Has each vault of a stack sign a digest that is of nothing: what a job needs. Whether a version could be
 * made is not tried, because that makes one.
 */
export async function inspectVaults(
  values: Readonly<Record<string, unknown>>,
  stack: string,
  sign = signDigest,
): Promise<VaultReport[]> {
  const { certificates = [] } = readPublicOutputs(values, stack) ?? {};
  const digest = createHash("sha256").update("apponly doctor").digest();
  const reports: VaultReport[] = [];
  for (const { name: generation, vault, source } of certificates) {
    if (vault === undefined || !isVaultSource(source)) {
      continue;
    }
    const { key } = vault;
    try {
      await sign({ source, key }, "PS256", digest);
      reports.push({ generation, key, signs: true });
    } catch (error) {
      if (!(error instanceof VaultFailure)) {
        throw error;
      }
      reports.push({ generation, key, signs: false, problem: error.message });
    }
  }
  return reports;
}

/** The same for people. Empty where no key is in a vault. */
export function describeVaults(reports: readonly VaultReport[]): string {
  const lines = reports.map(({ generation, key, signs, problem }) =>
    signs
      ? `✓ ${generation}: ${key} signs for whoever runs this.`
      : `! ${generation}: ${key} does not sign for whoever runs this. ${problem ?? ""}`,
  );
  return lines.length === 0 ? "" : `\nKeys in vaults:\n\n${lines.join("\n")}\n`;
}
