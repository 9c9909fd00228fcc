/**
 * A restriction on certificates or secrets that applications of a tenant may hold.
 *
 * @see https://learn.microsoft.com/graph/api/resources/keycredentialconfiguration
 */
export interface CredentialRestriction {
  readonly restrictionType: string;
  readonly state?: "enabled" | "disabled";
  /** ISO 8601 duration, for example `P365D`. */
  readonly maxLifetime?: string | null;
  /** The restriction holds for applications created after this instant. */
  readonly restrictForAppsCreatedAfterDateTime?: string | null;
}

/**
 * The tenant's default policy for credentials of applications.
 *
 * @see https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy
 */
export interface AppManagementPolicy {
  readonly isEnabled: boolean;
  readonly applicationRestrictions: {
    readonly passwordCredentials: readonly CredentialRestriction[];
    readonly keyCredentials: readonly CredentialRestriction[];
  };
}

/**
 * A policy for some applications, which holds for them in place of the tenant's default.
 *
 * @see https://learn.microsoft.com/graph/api/resources/appmanagementpolicy
 */
export interface AssignedAppManagementPolicy {
  readonly id: string;
  displayName: string;
  description?: string;
  isEnabled: boolean;
  restrictions: AppManagementPolicy["applicationRestrictions"];
}

/** The policy of a tenant that has not set any: switched off. */
export function defaultAppManagementPolicy(): AppManagementPolicy {
  return {
    isEnabled: false,
    applicationRestrictions: { passwordCredentials: [], keyCredentials: [] },
  };
}
