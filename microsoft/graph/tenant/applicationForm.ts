import { isAbsent, isHidden, type Properties } from "../../../policy/rules/values";
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
    }),
    appRoles: application.appRoles,
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
  });
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
const defaults: Properties = { signInAudience: "AzureADMyOrg", accountEnabled: true };

function withoutDefaults(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(([key, value]) =>
      key in defaults ? !isAbsent(value) && value !== defaults[key] : !isUnset(value),
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
