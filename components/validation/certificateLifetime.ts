import { dayMs, parseDuration } from "../../system/durations";
import type { CertificateGenerationArgs } from "../args";
import { CertificateMaterialError, readCertificate } from "../certificateFacts";
import type { Fault } from "../faults";
import { isGenerated } from "./certificates";

/** How long a tenant lets an application's certificates live. */
export interface LifetimeLimit {
  /** ISO 8601 duration as the tenant's policy has it, for example `P180D`. */
  readonly maxLifetime: string;
  /** Which policy says so, as part of a sentence: `the tenant's app management policy`. */
  readonly policy: string;
}

/**
 * The fault of a generation that would live longer than the tenant allows; `undefined` where it may
 * be registered, or where the limit cannot be understood.
 *
 * @param index Place of the generation in `certificates`.
 * @example
 * lifetimeFault({ name: "2026-11", subject: "contoso.org" }, 0, { maxLifetime: "P180D", policy: "the tenant's app management policy" })
 */
export function lifetimeFault(
  generation: CertificateGenerationArgs,
  index: number,
  { maxLifetime, policy }: LifetimeLimit,
): Fault | undefined {
  const limit = parseDuration(maxLifetime);
  const lifetime = lifetimeMs(generation);
  if (limit === undefined || lifetime === undefined || lifetime <= limit) {
    return undefined;
  }
  const days = Math.floor(limit / dayMs);
  const rule = `is longer than ${policy} lets a certificate live: ${days} days (asymmetricKeyLifetime ${maxLifetime}).`;
  return isGenerated(generation)
    ? {
        path: `certificates[${index}].validityDays`,
        value: String(validityDays(generation)),
        rule,
        remedy:
          days < 1
            ? "Ask whoever administers the policy for a longer lifetime: a generated certificate lives for a day at least."
            : `Set it to ${days} or fewer.`,
      }
    : {
        path: `certificates[${index}].source`,
        value: `lifetime of ${Math.ceil(lifetime / dayMs)} days`,
        rule,
        remedy: `Bring a certificate that is valid for ${days} days or fewer.`,
      };
}

/** Validity of a generated certificate in days; what is left out is a year. */
export function validityDays(generation: CertificateGenerationArgs): number {
  return generation.validityDays ?? 365;
}

/** From the first instant of validity to the last, which is what the policy measures. */
function lifetimeMs(generation: CertificateGenerationArgs): number | undefined {
  if (isGenerated(generation)) {
    return validityDays(generation) * dayMs;
  }
  try {
    const { notBefore, notAfter } = readCertificate(generation.source ?? "");
    return new Date(notAfter).getTime() - new Date(notBefore).getTime();
  } catch (error) {
    if (error instanceof CertificateMaterialError) {
      // Its own fault already, found from the configuration alone.
      return undefined;
    }
    throw error;
  }
}
