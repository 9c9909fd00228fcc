import type { Identified } from "../../state/collection";
import { anyToken } from "../authorization";
import type { EntitySet } from "../entitySet";
import { propertiesByKind } from "../model/entityType";
import { readDirectory } from "./directoryObjects";

const packages = ["EntitlementManagement.Read.All", "EntitlementManagement.ReadWrite.All"];
const attributes = [
  "CustomSecAttributeDefinition.Read.All",
  "CustomSecAttributeDefinition.ReadWrite.All",
];
const organizationReaders = [
  "Organization.Read.All",
  "Organization.ReadWrite.All",
  ...readDirectory,
];

/** Sets of objects with a name, of which no more is known: path, type, permissions. */
const namedSets: readonly (readonly [path: string, name: string, ...read: string[]])[] = [
  ["/subscriptions", "subscription", ...anyToken],
  [
    "/organization/:id/certificateBasedAuthConfiguration",
    "certificateBasedAuthConfiguration",
    ...organizationReaders,
  ],
  [
    "/organization/:id/branding/localizations",
    "organizationalBrandingLocalization",
    ...["OrganizationalBranding.Read.All", "OrganizationalBranding.ReadWrite.All"],
    ...organizationReaders,
  ],
  ["/directory/attributeSets", "attributeSet", ...attributes],
  [
    "/directory/customSecurityAttributeDefinitions",
    "customSecurityAttributeDefinition",
    ...attributes,
  ],
  [
    "/directory/deviceLocalCredentials",
    "deviceLocalCredentialInfo",
    "DeviceLocalCredential.ReadBasic.All",
    "DeviceLocalCredential.Read.All",
  ],
  [
    "/identity/b2xUserFlows",
    "b2xIdentityUserFlow",
    "IdentityUserFlow.Read.All",
    "IdentityUserFlow.ReadWrite.All",
  ],
  [
    "/identity/customAuthenticationExtensions",
    "customAuthenticationExtension",
    "CustomAuthenticationExtension.Read.All",
    "CustomAuthenticationExtension.ReadWrite.All",
  ],
  [
    "/identityGovernance/lifecycleWorkflows/workflows",
    "workflow",
    ...["LifecycleWorkflows-Workflow.Read.All", "LifecycleWorkflows-Workflow.ReadWrite.All"],
    ...["LifecycleWorkflows.Read.All", "LifecycleWorkflows.ReadWrite.All"],
  ],
  // The beta has names of its own for some.
  ...(
    [
      ["accessPackages", "accessPackage"],
      ["accessPackageCatalogs", "accessPackageCatalog"],
      ["catalogs", "accessPackageCatalog"],
      ["accessPackageAssignmentPolicies", "accessPackageAssignmentPolicy"],
      ["assignmentPolicies", "accessPackageAssignmentPolicy"],
      ["accessPackageAssignments", "accessPackageAssignment"],
      ["assignments", "accessPackageAssignment"],
      ["connectedOrganizations", "connectedOrganization"],
    ] as const
  ).map(
    ([path, name]) =>
      [`/identityGovernance/entitlementManagement/${path}`, name, ...packages] as const,
  ),
];

/**
 * Sets of what a tenant of the simulator has none of: partners, devices, contacts, requests for
 * consent, risks, reviews, recommendations, packages of access, flows of users.
 */
export const emptySets: readonly EntitySet<Identified>[] = [
  emptySet("/tenantRelationships/delegatedAdminRelationships", {
    name: "delegatedAdminRelationship",
    read: ["DelegatedAdminRelationship.Read.All"],
    text: [
      "customer/tenantId filterable",
      "displayName filterable",
      "duration",
      "id",
      "status filterable",
    ],
    date: ["activatedDateTime", "createdDateTime", "endDateTime", "lastModifiedDateTime"],
    object: ["accessDetails", "customer"],
  }),
  emptySet("/contracts", {
    name: "contract",
    read: readDirectory,
    text: ["contractType", "defaultDomainName filterable", "displayName filterable", "id"],
    guid: ["customerId filterable"],
  }),
  emptySet("/devices", {
    name: "device",
    read: ["Device.Read.All", "Device.ReadWrite.All", ...readDirectory],
    advancedQueries: true,
    delta: true,
    text: [
      "deviceId filterable",
      "displayName filterable searchable",
      "id filterable",
      "operatingSystem filterable",
      "operatingSystemVersion filterable",
      "profileType",
      "trustType",
    ],
    texts: ["physicalIds", "systemLabels"],
    objects: ["alternativeSecurityIds"],
    object: ["extensionAttributes"],
    boolean: ["accountEnabled filterable", "isCompliant filterable", "isManaged filterable"],
    date: [
      "approximateLastSignInDateTime filterable",
      "createdDateTime filterable",
      "deletedDateTime",
    ],
  }),
  emptySet("/contacts", {
    name: "orgContact",
    read: ["OrgContact.Read.All", ...readDirectory],
    advancedQueries: true,
    delta: true,
    text: ["displayName filterable searchable", "id filterable", "mail filterable"],
    texts: ["proxyAddresses filterable"],
  }),
  emptySet("/identityGovernance/appConsent/appConsentRequests", {
    name: "appConsentRequest",
    read: ["ConsentRequest.Read.All", "ConsentRequest.ReadWrite.All"],
    text: ["appDisplayName", "appId filterable", "id"],
    objects: ["pendingScopes"],
  }),
  emptySet("/policies/crossTenantAccessPolicy/partners", {
    name: "crossTenantAccessPolicyConfigurationPartner",
    read: ["Policy.Read.All", "Policy.ReadWrite.CrossTenantAccess"],
    text: ["tenantId"],
    boolean: ["isServiceProvider"],
  }),
  emptySet("/identity/conditionalAccess/authenticationContextClassReferences", {
    name: "authenticationContextClassReference",
    read: ["AuthenticationContext.Read.All", "Policy.Read.ConditionalAccess", "Policy.Read.All"],
    text: ["description", "displayName", "id"],
    boolean: ["isAvailable"],
  }),
  emptySet("/identityProtection/riskyServicePrincipals", {
    name: "riskyServicePrincipal",
    read: ["IdentityRiskyServicePrincipal.Read.All", "IdentityRiskyServicePrincipal.ReadWrite.All"],
    text: [
      "appId filterable",
      "displayName filterable",
      "id filterable",
      "riskLevel filterable",
      "riskState filterable",
    ],
    date: ["riskLastUpdatedDateTime filterable"],
  }),
  emptySet("/identityProtection/riskyUsers", {
    name: "riskyUser",
    read: ["IdentityRiskyUser.Read.All", "IdentityRiskyUser.ReadWrite.All"],
    text: [
      "id filterable",
      "riskDetail",
      "riskLevel filterable",
      "riskState filterable",
      "userDisplayName filterable",
      "userPrincipalName filterable",
    ],
    boolean: ["isDeleted", "isProcessing"],
    date: ["riskLastUpdatedDateTime filterable"],
  }),
  emptySet("/identityGovernance/accessReviews/definitions", {
    name: "accessReviewScheduleDefinition",
    read: ["AccessReview.Read.All", "AccessReview.ReadWrite.All"],
    text: ["displayName", "id", "scope/query filterable", "status filterable"],
    date: ["createdDateTime", "lastModifiedDateTime"],
    object: ["scope", "settings"],
  }),
  emptySet("/directory/recommendations", {
    name: "recommendation",
    read: ["DirectoryRecommendations.Read.All", "DirectoryRecommendations.ReadWrite.All"],
    text: ["displayName", "id", "priority filterable", "recommendationType filterable"],
    texts: ["featureAreas filterable"],
    expand: ["impactedResources"],
  }),
  emptySet("/groupLifecyclePolicies", {
    name: "groupLifecyclePolicy",
    read: readDirectory,
    text: ["alternateNotificationEmails", "id", "managedGroupTypes"],
    number: ["groupLifetimeInDays"],
  }),
  emptySet("/auditLogs/provisioning", {
    name: "provisioningObjectSummary",
    read: ["AuditLog.Read.All", "ProvisioningLog.Read.All"],
    text: ["id filterable", "jobId filterable", "tenantId filterable"],
    date: ["activityDateTime filterable"],
  }),
  ...[
    "/identityProtection/riskDetections",
    "/identityProtection/servicePrincipalRiskDetections",
  ].map((path) =>
    emptySet(path, {
      name: path.includes("service") ? "servicePrincipalRiskDetection" : "riskDetection",
      read: path.includes("service")
        ? ["IdentityRiskyServicePrincipal.Read.All", "IdentityRiskyServicePrincipal.ReadWrite.All"]
        : ["IdentityRiskEvent.Read.All", "IdentityRiskEvent.ReadWrite.All"],
      text: ["id filterable", "riskEventType filterable", "riskLevel filterable"],
      date: ["detectedDateTime filterable"],
    }),
  ),
  emptySet("/schemaExtensions", {
    name: "schemaExtension",
    read: ["Application.Read.All", ...readDirectory],
    text: ["description", "id filterable", "owner filterable", "status filterable"],
    texts: ["targetTypes"],
    objects: ["properties"],
  }),
  ...namedSets.map(([path, name, ...read]) =>
    emptySet(path, {
      name,
      read,
      text: ["description", "displayName filterable", "id filterable"],
      date: ["createdDateTime", "modifiedDateTime"],
    }),
  ),
];

function emptySet(
  path: string,
  {
    name,
    read,
    advancedQueries = false,
    delta = false,
    expand = [],
    ...byKind
  }: Parameters<typeof propertiesByKind>[0] & {
    readonly name: string;
    readonly read: readonly string[];
    readonly advancedQueries?: boolean;
    readonly delta?: boolean;
    readonly expand?: readonly string[];
  },
): EntitySet<Identified> {
  return {
    paths: [path],
    parameter: path.includes(":id") ? "one" : "id",
    type: {
      name,
      advancedQueries,
      ...propertiesByKind(byKind),
      navigation: Object.fromEntries(
        expand.map((relation) => [relation, { many: true, related: () => [] }]),
      ),
    },
    read,
    delta,
    all: () => [],
    show: () => ({}),
  };
}
