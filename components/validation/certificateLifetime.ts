import { dayMs, parseDuration } from "../../system/durations";
import type { LifetimeLimit } from "../catalog/certificateLimit";
import type { Fault } from "../faults";
import type { GeneratedCertificate, SuppliedCertificate } from "./resolvedCertificate";

/** What of a certificate decides how long it lives. */
export type Lifetime =
  | Pick<GeneratedCertificate, "kind" | "path" | "validityDays">
  | Pick<SuppliedCertificate, "kind" | "path" | "facts">;

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
        path: `${certificate.path}.source`,
        value: `lifetime of ${Math.ceil(lifetime / dayMs)} days`,
        rule,
        remedy: `Supply a certificate that is valid for ${days} days or fewer.`,
      };
}

/** From the first instant of validity to the last, which is what the policy measures. */
function lifetimeMs(certificate: Lifetime): number {
  if (certificate.kind === "generated") {
    return certificate.validityDays * dayMs;
  }
  const { notBefore, notAfter } = certificate.facts;
  return new Date(notAfter).getTime() - new Date(notBefore).getTime();
}
