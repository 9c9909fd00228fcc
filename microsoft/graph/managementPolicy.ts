import { type Client, GraphError } from "@microsoft/microsoft-graph-client";
import { readTogether } from "./client";

/** What a tenant says about the lifetime of an application's certificates. */
export type CertificateLimit =
  | {
      readonly known: true;
      readonly limit?: {
        /** ISO 8601 duration as the policy has it, for example `P180D`. */
        readonly maxLifetime: string;
        /** Which policy says so, as part of a sentence: `the tenant's app management policy`. */
        readonly policy: string;
      };
    }
  | {
      readonly known: false;
      /** Why it is not known, as a full sentence with what to do. */
      readonly why: string;
    };

interface Restriction {
  readonly restrictionType?: string;
  readonly state?: string | null;
  readonly maxLifetime?: string | null;
  readonly restrictForAppsCreatedAfterDateTime?: string | null;
  readonly excludeActors?: unknown;
}

interface ApplicationRestrictions {
  readonly keyCredentials?: readonly Restriction[] | null;
}

interface DefaultPolicy {
  readonly isEnabled?: boolean;
  readonly applicationRestrictions?: ApplicationRestrictions | null;
}

interface AssignedPolicy {
  readonly displayName?: string;
  readonly isEnabled?: boolean;
  readonly restrictions?: ApplicationRestrictions | null;
}

interface AssignedPolicies {
  readonly value?: readonly AssignedPolicy[];
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
    ])) as [DefaultPolicy, AssignedPolicies?, { createdDateTime?: string }?];
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
  standard: DefaultPolicy,
  assigned: readonly AssignedPolicy[],
  created: Date,
): CertificateLimit {
  const own = assigned.find(({ isEnabled }) => isEnabled !== false);
  const restrictions =
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
