import { daysUntil } from "../system/durations";
import type { CertificateOutput } from "../components/outputs";
import type { KeyComparison } from "./applicationKeys";

/** One generation, as it is listed. */
export interface ListedGeneration {
  readonly name: string;
  /** Empty before the generation is registered. */
  readonly thumbprint: string;
  /** Last instant of validity, `YYYY-MM-DDTHH:MM:SSZ`; absent before it is registered. */
  readonly notAfter: string | undefined;
  /** Whole days until it expires, negative afterwards; absent before it is registered. */
  readonly daysLeft: number | undefined;
  readonly active: boolean;
  /** Whether the application holds it; only by the stack's state where the tenant was not asked. */
  readonly registered: boolean;
}

/** An entry of the application that no generation of the stack has made. */
export interface FurtherEntry {
  readonly keyId: string;
  readonly thumbprint: string;
  readonly daysLeft: number;
  /** Name of the generation whose certificate it holds once more. */
  readonly duplicateOf?: string | undefined;
}

/**
 * The generations of the settings and of the tenant in one list. Pure.
 *
 * @param tenant What the tenant has; `undefined` where it could not be asked.
 */
export function listGenerations(
  configured: readonly string[],
  deployed: readonly CertificateOutput[],
  tenant: KeyComparison | undefined,
  now: Date,
): ListedGeneration[] {
  const names = new Set([...configured, ...deployed.map(({ name }) => name)]);
  return [...names].map((name) => {
    const found = deployed.find((one) => one.name === name);
    return {
      name,
      thumbprint: found?.thumbprint ?? "",
      notAfter: found?.notAfter,
      daysLeft: found && daysUntil(found.notAfter, now),
      active: found?.active ?? false,
      registered: found !== undefined && holdsThumbprint(tenant, found.thumbprint),
    };
  });
}

/** The entries of the application that the stack has not made. Pure. */
export function furtherEntries(
  deployed: readonly CertificateOutput[],
  tenant: KeyComparison,
  now: Date,
): FurtherEntry[] {
  return [...tenant.duplicates, ...tenant.foreign].map(({ keyId, thumbprint, notAfter }) => ({
    keyId,
    thumbprint,
    daysLeft: daysUntil(notAfter, now),
    duplicateOf: deployed.find((one) => one.thumbprint === thumbprint)?.name,
  }));
}

function holdsThumbprint(tenant: KeyComparison | undefined, thumbprint: string): boolean {
  if (tenant === undefined) {
    return true;
  }
  const entries = [...tenant.owned, ...tenant.duplicates, ...tenant.foreign];
  return entries.some(
    // An entry without a thumbprint may hold any certificate.
    (one) => one.thumbprint === thumbprint || one.thumbprint === "",
  );
}
