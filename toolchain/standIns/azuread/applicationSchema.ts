import {
  refuseLengthOutside,
  refuseOtherThan,
  refuseOtherThanUuid,
  type Schema,
} from "../protocol/schema";

const appRole: Schema = {
  allowedMemberTypes: { type: "set", required: true },
  description: { type: "text", required: true },
  displayName: { type: "text", required: true },
  enabled: { type: "flag", default: true },
  id: { type: "text", required: true, refuse: refuseOtherThanUuid },
  value: { type: "text" },
};

const permissionScope: Schema = {
  adminConsentDescription: { type: "text" },
  adminConsentDisplayName: { type: "text" },
  enabled: { type: "flag", default: true },
  id: { type: "text", required: true, refuse: refuseOtherThanUuid },
  type: { type: "text", default: "User" },
  userConsentDescription: { type: "text" },
  userConsentDisplayName: { type: "text" },
  value: { type: "text" },
};

const optionalClaim: Schema = {
  additionalProperties: { type: "list" },
  essential: { type: "flag", default: false },
  name: { type: "text", required: true },
  source: { type: "text" },
};

const featureTag: Schema = {
  customSingleSignOn: { type: "flag" },
  enterprise: { type: "flag" },
  gallery: { type: "flag" },
  hide: { type: "flag" },
};

/**
 * Schema of `azuread:index/application:Application`, without gallery templates, passwords and
 * logos, which the stand-in does not serve.
 *
 * @see https://registry.terraform.io/providers/hashicorp/azuread/latest/docs/resources/application
 */
export const applicationSchema: Schema = {
  api: {
    type: "object",
    fields: {
      knownClientApplications: { type: "set" },
      mappedClaimsEnabled: { type: "flag" },
      oauth2PermissionScopes: { type: "set", fields: permissionScope },
      requestedAccessTokenVersion: { type: "number", default: 1, zero: 1 },
    },
  },
  appRoleIds: { type: "map", outputOnly: true },
  appRoles: { type: "set", fields: appRole },
  clientId: { type: "text", outputOnly: true },
  description: { type: "text", refuse: refuseLengthOutside(0, 1024) },
  deviceOnlyAuthEnabled: { type: "flag" },
  disabledByMicrosoft: { type: "text", outputOnly: true },
  displayName: { type: "text", required: true, refuse: refuseLengthOutside(1, 256) },
  fallbackPublicClientEnabled: { type: "flag" },
  featureTags: { type: "list", computed: true, fields: featureTag },
  groupMembershipClaims: { type: "set" },
  identifierUris: { type: "set" },
  logoUrl: { type: "text", outputOnly: true },
  marketingUrl: { type: "text" },
  notes: { type: "text" },
  oauth2PermissionScopeIds: { type: "map", outputOnly: true },
  oauth2PostResponseRequired: { type: "flag" },
  objectId: { type: "text", outputOnly: true },
  optionalClaims: {
    type: "object",
    fields: {
      accessTokens: { type: "list", fields: optionalClaim },
      idTokens: { type: "list", fields: optionalClaim },
      saml2Tokens: { type: "list", fields: optionalClaim },
    },
  },
  owners: { type: "set", refuse: refuseOtherThanUuid },
  preventDuplicateNames: { type: "flag" },
  privacyStatementUrl: { type: "text" },
  publicClient: { type: "object", fields: { redirectUris: { type: "set" } } },
  publisherDomain: { type: "text", outputOnly: true },
  requiredResourceAccesses: {
    type: "set",
    fields: {
      resourceAccesses: {
        type: "list",
        required: true,
        fields: {
          id: { type: "text", required: true, refuse: refuseOtherThanUuid },
          type: { type: "text", required: true, refuse: refuseOtherThan("Role", "Scope") },
        },
      },
      resourceAppId: { type: "text", required: true },
    },
  },
  serviceManagementReference: { type: "text" },
  signInAudience: {
    type: "text",
    default: "AzureADMyOrg",
    refuse: refuseOtherThan(
      "AzureADMyOrg",
      "AzureADMultipleOrgs",
      "AzureADandPersonalMicrosoftAccount",
      "PersonalMicrosoftAccount",
    ),
  },
  singlePageApplication: { type: "object", fields: { redirectUris: { type: "set" } } },
  supportUrl: { type: "text" },
  tags: { type: "set", computed: true },
  templateId: { type: "text", outputOnly: true },
  termsOfServiceUrl: { type: "text" },
  web: {
    type: "object",
    fields: {
      homepageUrl: { type: "text" },
      implicitGrant: {
        type: "object",
        fields: {
          accessTokenIssuanceEnabled: { type: "flag" },
          idTokenIssuanceEnabled: { type: "flag" },
        },
      },
      logoutUrl: { type: "text" },
      redirectUris: { type: "set" },
    },
  },
};
