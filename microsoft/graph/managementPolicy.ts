import { type Client, GraphError } from "@microsoft/microsoft-graph-client";
import type {
  AppManagementPolicy,
  KeyCredentialConfiguration,
  TenantAppManagementPolicy,
} from "@microsoft/microsoft-graph-types";
import type { CertificateLimit } from "../../components/catalog/certificateLimit";
import { readTogether } from "./batch";

/** A restriction, with what the types do not have yet. */
type Restriction = KeyCredentialConfiguration & { readonly excludeActors?: unknown };

interface AssignedPolicies {
  readonly value?: readonly AppManagementPolicy[];
}

/**
 * Reads how long the tenant lets certificates of an application live: by the policy assigned to
 * the application where there is one, which takes the place of the tenant's default.
 *
 * @param applicationObjectId Object id of the app registration; absent before it exists.
 * @throws {GraphError} If Graph fails otherwise than by refusing; a refusal is `known: false`.
 * @see https://learn.microsoft.com/graph/api/resources/applicationauthenticationmethodpolicy
 */
export async function readCertificateLimit(
  graph: Client,
  applicationObjectId: string | undefined,
  now: Date,
): Promise<CertificateLimit> {
  try {
    const application =
      applicationObjectId && `/applications/${encodeURIComponent(applicationObjectId)}`;
    const [standard, assigned, created] = (await readTogether(graph, [
      "/policies/defaultAppManagementPolicy",
      ...(application
        ? [`${application}/appManagementPolicies`, `${application}?$select=createdDateTime`]
        : []),
    ])) as [TenantAppManagementPolicy, AssignedPolicies?, { createdDateTime?: string }?];
    // One that does not exist yet is made later than any date.
    const creation = created?.createdDateTime;
    return limitOf(standard, assigned?.value ?? [], creation ? new Date(creation) : now);
  } catch (error) {
    if (error instanceof GraphError && (error.statusCode === 403 || error.statusCode === 401)) {
      return {
        known: false,
        why: "The deployer may not read the tenant's app management policy, so a certificate that lives longer than it allows is refused only during the update. Grant the deployer Policy.Read.All to be told before.",
      };
    }
    throw error;
  }
}

/** The limit that holds for an application. Pure. */
export function limitOf(
  standard: TenantAppManagementPolicy,
  assigned: readonly AppManagementPolicy[],
  created: Date,
): CertificateLimit {
  const own = assigned.find(({ isEnabled }) => isEnabled !== false);
  const restrictions: readonly Restriction[] | null | undefined =
    own === undefined
      ? standard.isEnabled === true
        ? standard.applicationRestrictions?.keyCredentials
        : []
      : own.restrictions?.keyCredentials;
  const restriction = (restrictions ?? []).find(
    ({ restrictionType, state, restrictForAppsCreatedAfterDateTime: after }) =>
      restrictionType === "asymmetricKeyLifetime" &&
      state !== "disabled" &&
      (!after || new Date(after) <= created),
  );
  if (!restriction?.maxLifetime) {
    return { known: true };
  }
  const policy =
    own === undefined
      ? "the tenant's app management policy"
      : `the app management policy ${JSON.stringify(own.displayName ?? "")} assigned to the application`;
  if (restriction.excludeActors != null) {
    return {
      known: false,
      why: `A certificate may live no longer than ${restriction.maxLifetime} by ${policy}, which exempts some callers: whether the deployer is one of them only the update can tell.`,
    };
  }
  return { known: true, limit: { maxLifetime: restriction.maxLifetime, policy } };
}
