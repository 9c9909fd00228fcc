import type { JsonObject } from "../json";

/** What a condition set says of what nobody has written. */
export const anyConditions: JsonObject = {
  permissionClassification: "all",
  resourceApplication: "any",
  permissions: ["all"],
  clientApplicationIds: ["all"],
  clientApplicationTenantIds: ["all"],
  clientApplicationPublisherIds: ["all"],
  clientApplicationsFromVerifiedPublisherOnly: false,
  certifiedClientApplicationsOnly: false,
};

type BuiltInConditions = JsonObject & { permissionType: string };
const forApplications = { permissionType: "application" };
const delegated = { permissionType: "delegated" };
const verified = { clientApplicationsFromVerifiedPublisherOnly: true };
const consentable = { permissionType: "delegatedUserConsentable" };
const graphs = ["00000003-0000-0000-c000-000000000000", "00000002-0000-0000-c000-000000000000"];

/** A policy for consent that every tenant has and nobody can change. */
export interface BuiltInConsentPolicy {
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly includes: readonly BuiltInConditions[];
  readonly excludes: readonly BuiltInConditions[];
}

/**
 * Policies for consent that are built in, without those for chats and teams. What the recommended
 * one holds changes at Microsoft.
 *
 * @see https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies
 * @see https://learn.microsoft.com/graph/api/permissiongrantpolicy-get#response
 */
export function builtInConsentPolicies(tenantId: string): BuiltInConsentPolicy[] {
  const own = { clientApplicationTenantIds: [tenantId] };
  const low = { ...delegated, permissionClassification: "low" };
  const policies: readonly (readonly [
    id: string,
    displayName: string,
    description: string,
    includes: readonly BuiltInConditions[],
    excludes?: readonly BuiltInConditions[],
  ])[] = [
    [
      "user-default-low",
      "Default User Low Risk Policy",
      "All low risk permissions are consentable by member type users by default.",
      [
        { ...low, ...own },
        { ...low, ...verified },
      ],
    ],
    [
      "user-default-legacy",
      "Default User Legacy Policy",
      "Permissions consentable by member type users by default.",
      [consentable],
    ],
    [
      "user-default-recommended",
      "Microsoft User Default Recommended Policy",
      "Permissions consentable based on Microsoft's current recommendations.",
      [consentable],
    ],
    [
      "all-application-permissions",
      "All application permissions, for any client app",
      "Includes all application permissions (app roles), for all APIs, for any client application.",
      [forApplications],
    ],
    [
      "all-application-permissions-verified",
      "All application permissions, for client apps of verified publishers",
      "Includes all application permissions (app roles), for all APIs, for client applications from verified publishers or which were registered in this organization.",
      [
        { ...forApplications, ...verified },
        { ...forApplications, ...own },
      ],
    ],
    [
      "application-admin",
      "Application Admin Policy",
      "Permissions consentable by Application Administrators.",
      [delegated, forApplications],
      graphs.map((resourceApplication) => ({ ...forApplications, resourceApplication })),
    ],
    [
      "company-admin",
      "Company Admin Policy",
      "Permissions consentable by Company Administrators.",
      [forApplications, delegated],
    ],
  ];
  return policies.map(([id, displayName, description, includes, excludes = []]) => ({
    id: `microsoft-${id}`,
    displayName,
    description,
    includes,
    excludes,
  }));
}
