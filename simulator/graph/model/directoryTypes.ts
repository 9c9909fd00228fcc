import {
  applicationDefaults,
  groupDefaults,
  servicePrincipalDefaults,
} from "../../state/newEntities";
import { type EntityType, propertiesByKind } from "./entityType";

/** Of the addresses for information, those that lists are filtered by. */
const informationalUrls = ["info/logoUrl", "info/termsOfServiceUrl"].map(
  (path) => `${path} advancedFilters`,
);

/** @see https://learn.microsoft.com/graph/api/resources/application#properties */
export const applicationType: EntityType = {
  name: "application",
  ...propertiesByKind({
    text: [
      "appId filterable readOnly",
      "applicationTemplateId filterable readOnly",
      "createdByAppId readOnly",
      "defaultRedirectUri",
      "description advancedFilters searchable",
      "disabledByMicrosoftStatus filterable readOnly",
      "displayName filterable searchable required",
      "groupMembershipClaims",
      "id filterable",
      ...informationalUrls,
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
    texts: [
      "identifierUris filterable",
      "publicClient/redirectUris advancedFilters",
      "spa/redirectUris advancedFilters",
      "tags filterable",
      "web/redirectUris advancedFilters",
    ],
    objects: [
      "addIns",
      "appRoles",
      "keyCredentials filterable readOnly",
      "passwordCredentials readOnly",
      "requiredResourceAccess filterable",
    ],
    object: [
      "api",
      "authenticationBehaviors onlyWhenSelected",
      "certification readOnly",
      "info",
      "onPremisesPublishing onlyWhenSelected",
      "optionalClaims replaced",
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
      "description advancedFilters searchable",
      "disabledByMicrosoftStatus readOnly",
      "displayName filterable searchable readOnly",
      "homepage filterable readOnly",
      "id filterable",
      ...informationalUrls,
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
    object: [
      "customSecurityAttributes onlyWhenSelected readOnly",
      "info readOnly",
      "samlSingleSignOnSettings replaced",
      "verifiedPublisher readOnly",
    ],
  }),
  advancedQueries: true,
  defaults: servicePrincipalDefaults(),
};

/** @see https://learn.microsoft.com/graph/api/resources/group#properties */
export const groupType: EntityType = {
  name: "group",
  ...propertiesByKind({
    text: [
      "classification filterable",
      "description filterable searchable",
      "displayName filterable searchable required",
      "id filterable",
      "mail filterable readOnly",
      "mailNickname filterable required",
      "membershipRule filterable",
      "membershipRuleProcessingState",
      "onPremisesDomainName readOnly",
      "onPremisesNetBiosName readOnly",
      "onPremisesSamAccountName advancedFilters readOnly",
      "onPremisesSecurityIdentifier advancedFilters readOnly",
      "preferredDataLocation",
      "preferredLanguage advancedFilters",
      "securityIdentifier readOnly",
      "theme",
      "uniqueName filterable",
      "visibility",
    ],
    boolean: [
      ...["hasMembersWithLicenseErrors filterable", "isArchived", "isSubscribedByMail"].map(
        (name) => `${name} onlyWhenSelected readOnly`,
      ),
      "allowExternalSenders onlyWhenSelected",
      "autoSubscribeNewMembers onlyWhenSelected",
      "hideFromAddressLists onlyWhenSelected",
      "hideFromOutlookClients onlyWhenSelected",
      "isAssignableToRole filterable",
      "isManagementRestricted",
      "mailEnabled filterable",
      "onPremisesSyncEnabled filterable readOnly",
      "securityEnabled filterable",
    ],
    date: [
      "createdDateTime filterable readOnly",
      "deletedDateTime readOnly",
      "expirationDateTime advancedFilters readOnly",
      "onPremisesLastSyncDateTime filterable readOnly",
      "renewedDateTime filterable readOnly",
    ],
    texts: [
      "creationOptions",
      "groupTypes filterable",
      "proxyAddresses filterable readOnly",
      "resourceBehaviorOptions",
      "resourceProvisioningOptions filterable",
    ],
    objects: [
      "assignedLabels",
      "assignedLicenses filterable readOnly",
      "onPremisesProvisioningErrors filterable readOnly",
      "serviceProvisioningErrors readOnly",
    ],
    object: ["licenseProcessingState onlyWhenSelected readOnly", "writebackConfiguration"],
  }),
  advancedQueries: true,
  sortable: ["displayName"],
  defaults: groupDefaults(),
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
