import { type EntityType, kinds } from "./entityType";

/** @see https://learn.microsoft.com/graph/api/resources/approleassignment#properties */
export const appRoleAssignmentType: EntityType = {
  name: "appRoleAssignment",
  properties: kinds({
    text: ["id", "principalDisplayName", "principalType", "resourceDisplayName"],
    guid: ["appRoleId", "principalId", "resourceId"],
    date: ["createdDateTime", "deletedDateTime"],
  }),
  filterable: ["principalId", "resourceId"],
};

/** @see https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant#properties */
export const oauth2PermissionGrantType: EntityType = {
  name: "oAuth2PermissionGrant",
  properties: kinds({
    text: ["clientId", "consentType", "id", "principalId", "resourceId", "scope"],
  }),
  filterable: ["clientId", "consentType", "principalId", "resourceId", "scope"],
};

/** @see https://learn.microsoft.com/graph/api/resources/unifiedroleassignment#properties */
export const roleAssignmentType: EntityType = {
  name: "unifiedRoleAssignment",
  properties: kinds({
    text: ["appScopeId", "condition", "directoryScopeId", "id", "principalId", "roleDefinitionId"],
  }),
  filterable: ["directoryScopeId", "principalId", "roleDefinitionId"],
};

/** @see https://learn.microsoft.com/graph/api/resources/unifiedroledefinition#properties */
export const roleDefinitionType: EntityType = {
  name: "unifiedRoleDefinition",
  properties: kinds({
    text: ["description", "displayName", "id", "templateId", "version"],
    boolean: ["isBuiltIn", "isEnabled", "isPrivileged"],
    texts: ["resourceScopes"],
    objects: ["rolePermissions"],
  }),
  filterable: ["displayName", "id", "isBuiltIn", "isPrivileged", "templateId"],
};

/** @see https://learn.microsoft.com/graph/api/resources/directoryrole#properties */
export const directoryRoleType: EntityType = {
  name: "directoryRole",
  properties: kinds({
    text: ["description", "displayName", "id", "roleTemplateId"],
    date: ["deletedDateTime"],
  }),
  filterable: ["displayName", "id", "roleTemplateId"],
};

/** @see https://learn.microsoft.com/graph/api/resources/directoryroletemplate#properties */
export const directoryRoleTemplateType: EntityType = {
  name: "directoryRoleTemplate",
  properties: kinds({ text: ["description", "displayName", "id"], date: ["deletedDateTime"] }),
  filterable: [],
};

/** @see https://learn.microsoft.com/graph/api/resources/federatedidentitycredential#properties */
export const federatedCredentialType: EntityType = {
  name: "federatedIdentityCredential",
  properties: kinds({
    text: ["description", "id", "issuer", "name", "subject"],
    texts: ["audiences"],
    object: ["claimsMatchingExpression"],
  }),
  filterable: ["id", "issuer", "name", "subject"],
};

/** @see https://learn.microsoft.com/graph/api/resources/domain#properties */
export const domainType: EntityType = {
  name: "domain",
  properties: kinds({
    text: ["authenticationType", "availabilityStatus", "id", "manufacturer", "model"],
    boolean: ["isAdminManaged", "isDefault", "isInitial", "isRoot", "isVerified"],
    number: ["passwordNotificationWindowInDays", "passwordValidityPeriodInDays"],
    texts: ["supportedServices"],
    object: ["state"],
  }),
  filterable: ["id"],
};

/** @see https://learn.microsoft.com/graph/api/resources/organization#properties */
export const organizationType: EntityType = {
  name: "organization",
  properties: kinds({
    text: ["countryLetterCode", "displayName", "id", "tenantType"],
    date: ["createdDateTime", "deletedDateTime"],
    objects: ["verifiedDomains"],
  }),
  filterable: [],
};

/** @see https://learn.microsoft.com/graph/api/resources/appmanagementpolicy#properties */
export const appManagementPolicyType: EntityType = {
  name: "appManagementPolicy",
  properties: kinds({
    text: ["description", "displayName", "id"],
    boolean: ["isEnabled"],
    object: ["applicationRestrictions", "restrictions", "servicePrincipalRestrictions"],
  }),
  filterable: [],
};
