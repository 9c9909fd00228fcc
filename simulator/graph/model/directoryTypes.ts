import { applicationDefaults, servicePrincipalDefaults } from "../../state/newEntities";
import { type EntityType, propertiesByKind } from "./entityType";

/** @see https://learn.microsoft.com/graph/api/resources/application#properties */
export const applicationType: EntityType = {
  name: "application",
  ...propertiesByKind({
    text: [
      "appId filterable readOnly",
      "applicationTemplateId readOnly",
      "createdByAppId readOnly",
      "defaultRedirectUri",
      "description searchable",
      "disabledByMicrosoftStatus filterable readOnly",
      "displayName filterable searchable required",
      "groupMembershipClaims",
      "id filterable",
      "nativeAuthenticationApisEnabled",
      "notes",
      "publisherDomain filterable readOnly",
      "samlMetadataUrl",
      "serviceManagementReference",
      "signInAudience filterable",
      "tokenEncryptionKeyId",
      "uniqueName filterable",
    ],
    boolean: [
      "isDeviceOnlyAuthSupported",
      "isFallbackPublicClient",
      "oauth2RequirePostResponse onlyWhenSelected",
    ],
    date: ["createdDateTime filterable readOnly", "deletedDateTime readOnly"],
    texts: ["identifierUris filterable", "tags filterable"],
    objects: [
      "addIns",
      "appRoles",
      "keyCredentials filterable readOnly",
      "passwordCredentials readOnly",
      "requiredResourceAccess filterable",
    ],
    object: [
      "api",
      "certification readOnly",
      "info",
      "optionalClaims",
      "parentalControlSettings",
      "publicClient",
      "requestSignatureVerification",
      "servicePrincipalLockConfiguration",
      "spa",
      "verifiedPublisher readOnly",
      "web",
    ],
  }),
  advancedQueries: true,
  defaults: applicationDefaults(),
};

/** @see https://learn.microsoft.com/graph/api/resources/serviceprincipal#properties */
export const servicePrincipalType: EntityType = {
  name: "servicePrincipal",
  ...propertiesByKind({
    text: [
      "appDescription readOnly",
      "appDisplayName readOnly",
      "appId filterable readOnly",
      "applicationTemplateId filterable readOnly",
      "description searchable",
      "disabledByMicrosoftStatus readOnly",
      "displayName filterable searchable readOnly",
      "homepage filterable readOnly",
      "id filterable",
      "loginUrl",
      "logoutUrl",
      "notes",
      "preferredSingleSignOnMode",
      "preferredTokenSigningKeyThumbprint",
      "samlMetadataUrl onlyWhenSelected",
      "servicePrincipalType filterable",
      "signInAudience filterable readOnly",
      "tokenEncryptionKeyId",
    ],
    guid: ["appOwnerOrganizationId filterable readOnly"],
    boolean: ["accountEnabled filterable", "appRoleAssignmentRequired filterable"],
    date: ["createdDateTime filterable readOnly", "deletedDateTime readOnly"],
    texts: [
      "alternativeNames filterable",
      "notificationEmailAddresses",
      "replyUrls readOnly",
      "servicePrincipalNames filterable readOnly",
      "tags filterable",
    ],
    objects: [
      "addIns",
      "appRoles readOnly",
      "keyCredentials filterable readOnly",
      "oauth2PermissionScopes readOnly",
      "passwordCredentials readOnly",
      "resourceSpecificApplicationPermissions readOnly",
    ],
    object: ["info readOnly", "samlSingleSignOnSettings", "verifiedPublisher readOnly"],
  }),
  advancedQueries: true,
  defaults: servicePrincipalDefaults(),
};

/** @see https://learn.microsoft.com/graph/api/resources/group#properties */
export const groupType: EntityType = {
  name: "group",
  ...propertiesByKind({
    text: [
      "classification",
      "description filterable searchable",
      "displayName filterable searchable required",
      "id filterable",
      "mail readOnly",
      "mailNickname filterable required",
      "membershipRule",
      "membershipRuleProcessingState",
      "visibility",
    ],
    boolean: [
      "isAssignableToRole filterable",
      "mailEnabled filterable",
      "securityEnabled filterable",
    ],
    date: ["createdDateTime filterable readOnly", "deletedDateTime readOnly"],
    texts: ["groupTypes filterable", "proxyAddresses readOnly"],
  }),
  advancedQueries: true,
  defaults: {
    classification: null,
    description: null,
    groupTypes: [],
    isAssignableToRole: false,
    mail: null,
    membershipRule: null,
    membershipRuleProcessingState: null,
    proxyAddresses: [],
    visibility: null,
  },
};

/** @see https://learn.microsoft.com/graph/api/resources/administrativeunit#properties */
export const administrativeUnitType: EntityType = {
  name: "administrativeUnit",
  ...propertiesByKind({
    text: [
      "description filterable searchable",
      "displayName filterable searchable required",
      "id filterable",
      "membershipRule",
      "membershipRuleProcessingState",
      "membershipType",
      "visibility",
    ],
    boolean: ["isMemberManagementRestricted filterable"],
    date: ["deletedDateTime readOnly"],
  }),
  advancedQueries: true,
  defaults: {
    description: null,
    isMemberManagementRestricted: null,
    membershipRule: null,
    membershipRuleProcessingState: null,
    membershipType: null,
    visibility: null,
  },
};
