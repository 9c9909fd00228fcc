import { type EntityType, propertiesByKind } from "./entityType";

/** @see https://learn.microsoft.com/graph/api/resources/approleassignment#properties */
export const appRoleAssignmentType: EntityType = {
  name: "appRoleAssignment",
  ...propertiesByKind({
    text: ["id", "principalDisplayName", "principalType", "resourceDisplayName"],
    guid: ["appRoleId", "principalId filterable", "resourceId filterable"],
    date: ["createdDateTime", "deletedDateTime"],
  }),
  advancedQueries: true,
};

/** @see https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant#properties */
export const oauth2PermissionGrantType: EntityType = {
  name: "oAuth2PermissionGrant",
  ...propertiesByKind({
    text: [
      "clientId filterable readOnly",
      "consentType filterable readOnly",
      "id",
      "principalId filterable readOnly",
      "resourceId filterable readOnly",
      "scope filterable",
    ],
  }),
  advancedQueries: true,
};

/** @see https://learn.microsoft.com/graph/api/resources/unifiedroleassignment#properties */
export const roleAssignmentType: EntityType = {
  name: "unifiedRoleAssignment",
  ...propertiesByKind({
    text: [
      "appScopeId",
      "condition",
      "directoryScopeId filterable",
      "id",
      "principalId filterable",
      "roleDefinitionId filterable",
    ],
  }),
};

/** @see https://learn.microsoft.com/graph/api/resources/unifiedroledefinition#properties */
export const roleDefinitionType: EntityType = {
  name: "unifiedRoleDefinition",
  ...propertiesByKind({
    text: [
      "description",
      "displayName filterable required",
      "id filterable",
      "templateId filterable",
      "version",
    ],
    boolean: [
      "isBuiltIn filterable readOnly",
      "isEnabled required",
      "isPrivileged filterable readOnly",
    ],
    texts: ["resourceScopes"],
    objects: ["rolePermissions required"],
  }),
  defaults: { description: null, resourceScopes: ["/"], version: null },
};

/** @see https://learn.microsoft.com/graph/api/resources/unifiedroledefinition?view=graph-rest-beta */
export const exchangeRoleDefinitionType: EntityType = {
  name: "unifiedRoleDefinition",
  properties: { ...roleDefinitionType.properties, allowedPrincipalTypes: "text" },
  filterable: roleDefinitionType.filterable,
};

/** @see https://learn.microsoft.com/graph/api/resources/customappscope?view=graph-rest-beta */
export const customAppScopeType: EntityType = {
  name: "customAppScope",
  ...propertiesByKind({
    text: ["displayName filterable", "id filterable", "type"],
    object: ["customAttributes"],
  }),
};

/** @see https://learn.microsoft.com/graph/api/resources/directoryrole#properties */
export const directoryRoleType: EntityType = {
  name: "directoryRole",
  ...propertiesByKind({
    text: ["description", "displayName filterable", "id filterable", "roleTemplateId filterable"],
    date: ["deletedDateTime"],
  }),
};

/** @see https://learn.microsoft.com/graph/api/resources/scopedrolemembership#properties */
export const scopedRoleMembershipType: EntityType = {
  name: "scopedRoleMembership",
  ...propertiesByKind({
    text: ["administrativeUnitId", "id", "roleId"],
    object: ["roleMemberInfo"],
  }),
};

/** @see https://learn.microsoft.com/graph/api/resources/directoryroletemplate#properties */
export const directoryRoleTemplateType: EntityType = {
  name: "directoryRoleTemplate",
  ...propertiesByKind({ text: ["description", "displayName", "id"], date: ["deletedDateTime"] }),
};

/** @see https://learn.microsoft.com/graph/api/resources/federatedidentitycredential#properties */
export const federatedCredentialType: EntityType = {
  name: "federatedIdentityCredential",
  ...propertiesByKind({
    text: [
      "description",
      "id filterable",
      "issuer filterable",
      "name filterable",
      "subject filterable",
    ],
    texts: ["audiences"],
    object: ["claimsMatchingExpression"],
  }),
};

/** @see https://learn.microsoft.com/graph/api/resources/domain#properties */
export const domainType: EntityType = {
  name: "domain",
  ...propertiesByKind({
    text: [
      "authenticationType readOnly",
      "availabilityStatus readOnly",
      "id filterable readOnly",
      "manufacturer readOnly",
      "model readOnly",
    ],
    boolean: [
      "isAdminManaged readOnly",
      "isDefault",
      "isInitial readOnly",
      "isRoot readOnly",
      "isVerified readOnly",
    ],
    number: ["passwordNotificationWindowInDays", "passwordValidityPeriodInDays"],
    texts: ["supportedServices"],
    object: ["state readOnly"],
  }),
};

/** @see https://learn.microsoft.com/graph/api/resources/organization#properties */
export const organizationType: EntityType = {
  name: "organization",
  ...propertiesByKind({
    text: [
      "city readOnly",
      "country readOnly",
      "countryLetterCode readOnly",
      "defaultUsageLocation readOnly",
      "displayName readOnly",
      "id readOnly",
      "mobileDeviceManagementAuthority readOnly",
      "partnerTenantType readOnly",
      "postalCode readOnly",
      "preferredLanguage readOnly",
      "state readOnly",
      "street readOnly",
      "tenantType readOnly",
    ],
    boolean: ["onPremisesSyncEnabled readOnly"],
    date: [
      "createdDateTime readOnly",
      "deletedDateTime readOnly",
      "onPremisesLastSyncDateTime readOnly",
    ],
    texts: [
      "businessPhones readOnly",
      "marketingNotificationEmails",
      "securityComplianceNotificationMails",
      "securityComplianceNotificationPhones",
      "technicalNotificationMails",
    ],
    objects: ["assignedPlans readOnly", "provisionedPlans readOnly", "verifiedDomains readOnly"],
    object: ["directorySizeQuota readOnly", "privacyProfile"],
  }),
  defaults: {
    marketingNotificationEmails: [],
    privacyProfile: null,
    securityComplianceNotificationMails: [],
    securityComplianceNotificationPhones: [],
    technicalNotificationMails: [],
  },
};

/** @see https://learn.microsoft.com/graph/api/resources/appmanagementpolicy#properties */
export const appManagementPolicyType: EntityType = {
  name: "appManagementPolicy",
  ...propertiesByKind({
    text: ["description", "displayName", "id"],
    boolean: ["isEnabled"],
    object: ["applicationRestrictions", "restrictions", "servicePrincipalRestrictions"],
  }),
};
