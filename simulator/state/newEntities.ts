import { randomUUID } from "node:crypto";
import { asText, type JsonObject } from "../json";
import type {
  ApplicationRecord,
  GroupRecord,
  KeyCredentialRecord,
  PasswordCredentialRecord,
  ServicePrincipalRecord,
} from "./entities";

/**
 * What Graph answers for properties nobody has set.
 *
 * @see https://learn.microsoft.com/graph/api/application-get#response-1
 */
export function applicationDefaults(): JsonObject {
  return {
    description: null,
    groupMembershipClaims: null,
    identifierUris: [],
    isDeviceOnlyAuthSupported: null,
    isFallbackPublicClient: null,
    nativeAuthenticationApisEnabled: null,
    notes: null,
    serviceManagementReference: null,
    signInAudience: "AzureADMyOrg",
    tags: [],
    tokenEncryptionKeyId: null,
    uniqueName: null,
    samlMetadataUrl: null,
    defaultRedirectUri: null,
    oauth2RequirePostResponse: false,
    optionalClaims: null,
    servicePrincipalLockConfiguration: null,
    requestSignatureVerification: null,
    addIns: [],
    api: {
      acceptMappedClaims: null,
      knownClientApplications: [],
      requestedAccessTokenVersion: null,
      oauth2PermissionScopes: [],
      preAuthorizedApplications: [],
    },
    appRoles: [],
    info: {
      logoUrl: null,
      marketingUrl: null,
      privacyStatementUrl: null,
      supportUrl: null,
      termsOfServiceUrl: null,
    },
    parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
    publicClient: { redirectUris: [] },
    requiredResourceAccess: [],
    web: {
      homePageUrl: null,
      logoutUrl: null,
      redirectUris: [],
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
      redirectUriSettings: [],
    },
    spa: { redirectUris: [] },
  };
}

/** What Graph answers for a service principal's own properties that nobody has set. */
export function servicePrincipalDefaults(): JsonObject {
  return {
    accountEnabled: true,
    alternativeNames: [],
    appRoleAssignmentRequired: false,
    description: null,
    loginUrl: null,
    logoutUrl: null,
    notes: null,
    notificationEmailAddresses: [],
    preferredSingleSignOnMode: null,
    preferredTokenSigningKeyThumbprint: null,
    samlSingleSignOnSettings: null,
    samlMetadataUrl: null,
    servicePrincipalType: "Application",
    tags: [],
    tokenEncryptionKeyId: null,
    addIns: [],
  };
}

/** A new application with fresh ids. */
export function newApplication(
  createdDateTime: string,
  values: {
    properties: JsonObject & { displayName: string };
    keyCredentials?: KeyCredentialRecord[];
    passwordCredentials?: PasswordCredentialRecord[];
    owners?: readonly string[];
    /** Default: fresh ids. */
    id?: string;
    appId?: string;
  },
  createdByAppId: string | null,
): ApplicationRecord {
  const properties = { ...applicationDefaults(), ...values.properties };
  return {
    id: values.id ?? randomUUID(),
    appId: values.appId ?? randomUUID(),
    createdDateTime,
    createdByAppId,
    properties: { ...properties, signInAudience: asText(properties["signInAudience"]) },
    keyCredentials: values.keyCredentials ?? [],
    passwordCredentials: values.passwordCredentials ?? [],
    federatedCredentials: [],
    owners: [...(values.owners ?? [])],
  };
}

/** A new service principal, with a fresh id unless one is given. */
export function newServicePrincipal(
  createdDateTime: string,
  appId: string,
  values: JsonObject,
  owners: readonly string[],
  id: string = randomUUID(),
): ServicePrincipalRecord {
  const properties = { ...servicePrincipalDefaults(), ...values };
  return {
    id,
    appId: appId.toLowerCase(),
    createdDateTime,
    properties: {
      ...properties,
      accountEnabled: properties["accountEnabled"] !== false,
      appRoleAssignmentRequired: properties["appRoleAssignmentRequired"] === true,
    },
    keyCredentials: [],
    passwordCredentials: [],
    owners: [...owners],
  };
}

/** @see https://learn.microsoft.com/graph/api/resources/groups-overview */
export const isMicrosoft365Group = ({ properties: { groupTypes } }: GroupRecord) =>
  Array.isArray(groupTypes) && groupTypes.includes("Unified");

/**
 * What Graph answers for properties of a group that nobody has set.
 *
 * @see https://learn.microsoft.com/graph/api/group-get#response-1
 */
export function groupDefaults(): JsonObject {
  return {
    assignedLabels: [],
    classification: null,
    creationOptions: [],
    description: null,
    expirationDateTime: null,
    groupTypes: [],
    isAssignableToRole: false,
    mail: null,
    membershipRule: null,
    membershipRuleProcessingState: null,
    onPremisesDomainName: null,
    onPremisesLastSyncDateTime: null,
    onPremisesNetBiosName: null,
    onPremisesProvisioningErrors: [],
    onPremisesSamAccountName: null,
    onPremisesSecurityIdentifier: null,
    onPremisesSyncEnabled: null,
    preferredDataLocation: null,
    preferredLanguage: null,
    proxyAddresses: [],
    renewedDateTime: null,
    resourceBehaviorOptions: [],
    resourceProvisioningOptions: [],
    theme: null,
    visibility: null,
  };
}
