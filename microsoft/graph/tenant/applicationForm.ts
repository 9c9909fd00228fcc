import {
  isAbsent,
  isHidden,
  isObject,
  listOf,
  type Properties,
  propertiesOf,
} from "../../../policy/rules/values";
import type { GraphApplication, GraphServicePrincipal } from "./objects";

/**
 * The inputs with which the azuread provider would make a registration, as its own read sets them.
 * What nobody has set is left out: off, empty, or what a new application has anyway.
 *
 * @param owners Object ids.
 * @see https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/services/applications/application_resource.go
 */
export function applicationInputs(
  application: GraphApplication,
  owners: readonly string[],
): Properties {
  const { web, info, api } = application;
  return withoutDefaults({
    displayName: application.displayName,
    description: application.description,
    notes: application.notes,
    signInAudience: application.signInAudience,
    owners,
    requiredResourceAccesses: (application.requiredResourceAccess ?? []).map(
      ({ resourceAppId, resourceAccess }) => ({
        resourceAppId,
        resourceAccesses: resourceAccess.map(({ id, type }) => ({ id, type })),
      }),
    ),
    identifierUris: application.identifierUris,
    tags: application.tags,
    groupMembershipClaims: application.groupMembershipClaims?.split(","),
    serviceManagementReference: application.serviceManagementReference,
    fallbackPublicClientEnabled: application.isFallbackPublicClient,
    deviceOnlyAuthEnabled: application.isDeviceOnlyAuthSupported,
    marketingUrl: info?.marketingUrl,
    privacyStatementUrl: info?.privacyStatementUrl,
    supportUrl: info?.supportUrl,
    termsOfServiceUrl: info?.termsOfServiceUrl,
    web: withoutDefaults({
      homepageUrl: web?.homePageUrl,
      logoutUrl: web?.logoutUrl,
      redirectUris: web?.redirectUris,
      implicitGrant: withoutDefaults({
        accessTokenIssuanceEnabled: web?.implicitGrantSettings?.enableAccessTokenIssuance,
        idTokenIssuanceEnabled: web?.implicitGrantSettings?.enableIdTokenIssuance,
      }),
    }),
    singlePageApplication: withoutDefaults({ redirectUris: application.spa?.redirectUris }),
    publicClient: withoutDefaults({ redirectUris: application.publicClient?.redirectUris }),
    api: withoutDefaults({
      knownClientApplications: api?.knownClientApplications,
      mappedClaimsEnabled: api?.acceptMappedClaims,
      oauth2PermissionScopes: api?.oauth2PermissionScopes,
      requestedAccessTokenVersion: api?.requestedAccessTokenVersion,
    }),
    appRoles: application.appRoles,
    optionalClaims: {
      accessTokens: claimsOf(application.optionalClaims?.accessToken),
      idTokens: claimsOf(application.optionalClaims?.idToken),
      saml2Tokens: claimsOf(application.optionalClaims?.saml2Token),
    },
  });
}

/** The same of a service principal. */
export function servicePrincipalInputs(
  principal: GraphServicePrincipal,
  owners: readonly string[],
): Properties {
  return withoutDefaults({
    clientId: principal.appId,
    accountEnabled: principal.accountEnabled,
    appRoleAssignmentRequired: principal.appRoleAssignmentRequired,
    owners,
    description: principal.description,
    notes: principal.notes,
    tags: principal.tags,
    alternativeNames: principal.alternativeNames,
    notificationEmailAddresses: principal.notificationEmailAddresses,
    loginUrl: principal.loginUrl,
    preferredSingleSignOnMode: principal.preferredSingleSignOnMode,
    samlSingleSignOn: principal.samlSingleSignOnSettings,
  });
}

function claimsOf(claims: unknown): Properties[] {
  return listOf(claims).map((claim) => withoutDefaults(propertiesOf(claim)));
}

/** What only tells the provider how to go about it, or is a resource of its own for it. */
const notOfTheTenant: ReadonlySet<string> = new Set([
  "__defaults",
  "featureTags",
  "features",
  "logoImage",
  "password",
  "passwords",
  "preventDuplicateNames",
  "useExisting",
]);

/** Declared inputs in the same form: without what says the same as leaving it out. */
export function comparableInputs(inputs: Properties): Properties {
  return withoutDefaults(
    Object.fromEntries(Object.entries(inputs).filter(([key]) => !notOfTheTenant.has(key))),
  );
}

/** What a property is where nobody has set it, other than off or empty. */
const defaults: Properties = {
  signInAudience: "AzureADMyOrg",
  accountEnabled: true,
  requestedAccessTokenVersion: 1,
  // Of what no resource of the provider holds.
  parentalControlSettings: { legalAgeGroupRule: "Allow" },
};

/** Without what nobody has set, also in the objects within. */
function withoutDefaults(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties)
      .map(([key, value]): [string, unknown] => [
        key,
        isObject(value) ? withoutDefaults(value) : value,
      ])
      .filter(([key, value]) =>
        key in defaults
          ? !isAbsent(value) && JSON.stringify(value) !== JSON.stringify(defaults[key])
          : !isUnset(value),
      ),
  );
}

/** Off, empty or not set. */
function isUnset(value: unknown): boolean {
  if (typeof value === "object" && value !== null && !isHidden(value)) {
    return Object.values(value).every(isUnset);
  }
  return isAbsent(value) || value === false;
}

/** Properties of an application or a service principal that a resource holds, or that say what it is. */
const heldProperties: ReadonlySet<string> = new Set([
  ...["id", "appId", "displayName", "description", "notes", "tags", "info", "api", "appRoles"],
  ...["createdDateTime", "deletedDateTime", "createdByAppId", "publisherDomain", "certification"],
  ...["keyCredentials", "passwordCredentials", "requiredResourceAccess", "signInAudience"],
  ...["web", "spa", "publicClient", "identifierUris", "groupMembershipClaims", "optionalClaims"],
  ...["isFallbackPublicClient", "isDeviceOnlyAuthSupported", "serviceManagementReference"],
  ...["accountEnabled", "appRoleAssignmentRequired", "alternativeNames", "servicePrincipalType"],
  ...["notificationEmailAddresses", "loginUrl", "preferredSingleSignOnMode"],
  ...["samlSingleSignOnSettings", "applicationTemplateId", "appOwnerOrganizationId"],
  // A service principal has these of its application.
  ...["appDescription", "appDisplayName", "homepage", "logoutUrl", "replyUrls"],
  ...["servicePrincipalNames", "oauth2PermissionScopes", "resourceSpecificApplicationPermissions"],
]);

/**
 * What somebody has set in the tenant, by Graph's names, that no resource of the provider holds.
 *
 * @see https://learn.microsoft.com/graph/api/resources/application#properties
 */
export function propertiesBeyondProvider(
  object: GraphApplication | GraphServicePrincipal,
): Properties {
  const { preAuthorizedApplications } = propertiesOf("api" in object ? object.api : undefined);
  const others = Object.entries(object).filter(([key]) => !heldProperties.has(key));
  return withoutDefaults({
    ...Object.fromEntries(others.filter(([key]) => !key.includes("@"))),
    preAuthorizedApplications,
  });
}
