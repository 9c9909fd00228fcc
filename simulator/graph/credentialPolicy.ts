import type { KeyCredentialRecord } from "../state/entities";
import type { CredentialRestriction } from "../state/policies";
import type { Tenant } from "../state/tenants";
import { graphErrors } from "./errors";

/**
 * Throws 400 when the app management policy that holds for an application forbids a certificate's
 * lifetime: its own, else the tenant's.
 *
 * @see https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy
 */
export function enforceKeyPolicy(
  tenant: Tenant,
  application: { readonly id?: string; readonly createdDateTime: string },
  key: Pick<KeyCredentialRecord, "startDateTime" | "endDateTime">,
): void {
  const restriction = restrictionsApplying(
    restrictionsFor(tenant, application.id).keyCredentials,
    "asymmetricKeyLifetime",
    application.createdDateTime,
  );
  enforceLifetime(restriction, key.startDateTime, key.endDateTime);
}

/**
 * Throws 400 when the app management policy that holds for an application forbids secrets, or
 * their lifetime.
 */
export function enforcePasswordPolicy(
  tenant: Tenant,
  application: { readonly id?: string; readonly createdDateTime: string },
  password: { startDateTime: string; endDateTime: string },
): void {
  const { passwordCredentials } = restrictionsFor(tenant, application.id);
  const { createdDateTime } = application;
  if (
    restrictionsApplying(passwordCredentials, "passwordAddition", createdDateTime) !== undefined
  ) {
    throw graphErrors.credentialTypeForbidden();
  }
  enforceLifetime(
    restrictionsApplying(passwordCredentials, "passwordLifetime", createdDateTime),
    password.startDateTime,
    password.endDateTime,
  );
}

/** The restrictions that hold for an application: of its own policy, else of the tenant's. */
function restrictionsFor(tenant: Tenant, applicationObjectId: string | undefined) {
  const { appManagementPolicy: policy } = tenant.state;
  const assigned = tenant.state.assignedPolicyOf(applicationObjectId ?? "");
  const restrictions = assigned?.restrictions ?? policy.applicationRestrictions;
  return (assigned ?? policy).isEnabled
    ? restrictions
    : { keyCredentials: [], passwordCredentials: [] };
}

function restrictionsApplying(
  restrictions: readonly CredentialRestriction[],
  type: string,
  applicationCreated: string,
): CredentialRestriction | undefined {
  return restrictions.find(
    (one) =>
      one.restrictionType === type &&
      one.state !== "disabled" &&
      (one.restrictForAppsCreatedAfterDateTime ?? "") <= applicationCreated,
  );
}

function enforceLifetime(
  restriction: CredentialRestriction | undefined,
  start: string,
  end: string,
): void {
  const { maxLifetime } = restriction ?? {};
  if (maxLifetime === undefined || maxLifetime === null) {
    return;
  }
  const lifetime = new Date(end).getTime() - new Date(start).getTime();
  if (lifetime > durationMilliseconds(maxLifetime)) {
    throw graphErrors.credentialLifetimeTooLong();
  }
}

/**
 * Milliseconds of an ISO 8601 duration such as `P90D` or `P4DT12H30M5S`. A year counts 365 days,
 * a month 30.
 */
export function durationMilliseconds(duration: string): number {
  const parts =
    /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
      duration,
    );
  if (parts === null || duration.endsWith("P") || duration.endsWith("T")) {
    throw new Error(
      `maxLifetime '${duration}' is not an ISO 8601 duration; write it like P365D or P4DT12H30M5S`,
    );
  }
  const [years, months, weeks, days, hours, minutes, seconds] = parts
    .slice(1)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number, number];
  const wholeDays = years * 365 + months * 30 + weeks * 7 + days;
  return ((wholeDays * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000;
}
