import { dayMs, parseDuration } from "../../system/durations";
import type { LifetimeLimit } from "../catalog/certificateLimit";
import type { Fault } from "../faults";
import type { GeneratedCertificate, SuppliedCertificate } from "./resolvedCertificate";

/** What of a certificate decides how long it lives. */
export type Lifetime =
  | Pick<GeneratedCertificate, "kind" | "path" | "validityDays">
  | Pick<SuppliedCertificate, "kind" | "path" | "facts" | "vault">
  | MonthsInVault;

/** A certificate that a Key Vault, which counts in months, has yet to make. */
interface MonthsInVault {
  readonly kind: "months";
  readonly path: string;
  readonly validityMonths: number;
  /** When it would be made. */
  readonly from: Date;
}

/**
 * The fault of a certificate that would live longer than the tenant allows; `undefined` where it
 * may be registered, or where the limit cannot be understood.
 *
 * @example
 * lifetimeFault({ kind: "generated", path: "certificates[0]", validityDays: 365 }, { maxLifetime: "P180D", policy: "the tenant's app management policy" })
 */
export function lifetimeFault(
  certificate: Lifetime,
  { maxLifetime, policy }: LifetimeLimit,
): Fault | undefined {
  const limit = parseDuration(maxLifetime);
  const lifetime = lifetimeMs(certificate);
  if (limit === undefined || lifetime <= limit) {
    return undefined;
  }
  const days = Math.floor(limit / dayMs);
  const rule = `is longer than ${policy} lets a certificate live: ${days} days (asymmetricKeyLifetime ${maxLifetime}).`;
  return certificate.kind === "generated"
    ? {
        path: `${certificate.path}.validityDays`,
        value: String(certificate.validityDays),
        rule,
        remedy:
          days < 1
            ? "Ask whoever administers the policy for a longer lifetime: a generated certificate lives for a day at least."
            : `Set it to ${days} or fewer.`,
      }
    : {
        ...faultyKeyOf(certificate, days),
        ...(certificate.kind === "months"
          ? {}
          : { value: `lifetime of ${Math.ceil(lifetime / dayMs)} days` }),
        rule,
      };
}

/** Which key is at fault of a certificate that the stack does not make, and what to do about it. */
function faultyKeyOf(
  certificate: Exclude<Lifetime, { kind: "generated" }>,
  days: number,
): Pick<Fault, "path" | "value" | "remedy"> {
  if (certificate.kind === "months") {
    return {
      path: `${certificate.path}.validityMonths`,
      value: String(certificate.validityMonths),
      // The vault counts from ten minutes before it makes a certificate.
      remedy:
        days <= 31
          ? "Use source: managed-hsm or generated, which count in days."
          : `Set it to ${Math.floor((days - 1) / 31)} or fewer.`,
    };
  }
  return certificate.vault === undefined
    ? {
        path: `${certificate.path}.source`,
        remedy: `Supply a certificate that is valid for ${days} days or fewer.`,
      }
    : {
        path: `${certificate.path}.cer`,
        remedy: `Remove version and cer, set ${certificate.vault.source === "key-vault" ? "validityMonths" : "validityDays"} so that it lives for ${days} days or fewer, and have another one made: apponly rotate --plan`,
      };
}

/** From the first instant of validity to the last, which is what the policy measures. */
function lifetimeMs(certificate: Lifetime): number {
  if (certificate.kind === "generated") {
    return certificate.validityDays * dayMs;
  }
  if (certificate.kind === "months") {
    const end = new Date(certificate.from);
    end.setUTCMonth(end.getUTCMonth() + certificate.validityMonths);
    return end.getTime() - certificate.from.getTime();
  }
  const { notBefore, notAfter } = certificate.facts;
  return new Date(notAfter).getTime() - new Date(notBefore).getTime();
}
