import {
  refuseLengthOutside,
  refuseOtherThan,
  refuseOtherThanUuid,
} from "../../pluginProtocol/schema";
import type { Fields } from "./fields";
import { appRoleFields, featureTags, idsByValueAt, permissionScopeFields } from "./sharedFields";

const optionalClaim: Fields = {
  additionalProperties: { type: "list", graph: "additionalProperties" },
  essential: { type: "flag", default: false, graph: "essential" },
  name: { type: "text", required: true, graph: "name" },
  source: { type: "text", graph: "source" },
};

const redirectUris: Fields = { redirectUris: { type: "set", graph: "redirectUris" } };

/**
 * Schema of `azuread:index/application:Application`, without gallery templates, passwords and
 * logos, which the stand-in does not serve.
 *
 * @see https://registry.terraform.io/providers/hashicorp/azuread/latest/docs/resources/application
 */
export const applicationSchema: Fields = {
  api: {
    type: "object",
    graph: "api",
    fields: {
      knownClientApplications: { type: "set", graph: "knownClientApplications" },
      mappedClaimsEnabled: { type: "flag", graph: "acceptMappedClaims" },
      oauth2PermissionScopes: {
        type: "set",
        fields: permissionScopeFields,
        graph: "oauth2PermissionScopes",
      },
      requestedAccessTokenVersion: {
        type: "number",
        default: 1,
        zero: 1,
        graph: "requestedAccessTokenVersion",
      },
    },
  },
  appRoleIds: idsByValueAt("appRoles"),
  appRoles: { type: "set", fields: appRoleFields, graph: "appRoles", sentWhenChanged: true },
  clientId: { type: "text", outputOnly: true, graph: "appId" },
  description: { type: "text", refuse: refuseLengthOutside(0, 1024), graph: "description" },
  deviceOnlyAuthEnabled: { type: "flag", graph: "isDeviceOnlyAuthSupported" },
  disabledByMicrosoft: { type: "text", outputOnly: true, graph: "disabledByMicrosoftStatus" },
  displayName: {
    type: "text",
    required: true,
    refuse: refuseLengthOutside(1, 256),
    graph: "displayName",
  },
  fallbackPublicClientEnabled: { type: "flag", graph: "isFallbackPublicClient" },
  featureTags,
  groupMembershipClaims: {
    type: "set",
    graph: "groupMembershipClaims",
    toGraph: (value) => (Array.isArray(value) && value.length > 0 ? value.join(",") : null),
    fromGraph: (value) => (typeof value === "string" && value !== "" ? value.split(",") : []),
  },
  identifierUris: { type: "set", graph: "identifierUris", sentWhenChanged: true },
  logoUrl: { type: "text", outputOnly: true, graph: "info/logoUrl" },
  marketingUrl: { type: "text", graph: "info/marketingUrl" },
  notes: { type: "text", graph: "notes" },
  oauth2PermissionScopeIds: idsByValueAt("api/oauth2PermissionScopes"),
  oauth2PostResponseRequired: {
    type: "flag",
    graph: "oauth2RequirePostResponse",
    receivedOnly: true,
  },
  objectId: { type: "text", outputOnly: true, graph: "id" },
  optionalClaims: {
    type: "object",
    sparse: true,
    sentWhenChanged: true,
    graph: "optionalClaims",
    fields: {
      accessTokens: { type: "list", fields: optionalClaim, graph: "accessToken" },
      idTokens: { type: "list", fields: optionalClaim, graph: "idToken" },
      saml2Tokens: { type: "list", fields: optionalClaim, graph: "saml2Token" },
    },
  },
  owners: { type: "set", refuse: refuseOtherThanUuid },
  preventDuplicateNames: { type: "flag" },
  privacyStatementUrl: { type: "text", graph: "info/privacyStatementUrl" },
  publicClient: { type: "object", fields: redirectUris, graph: "publicClient" },
  publisherDomain: { type: "text", outputOnly: true, graph: "publisherDomain" },
  requiredResourceAccesses: {
    type: "set",
    graph: "requiredResourceAccess",
    sentWhenChanged: true,
    fields: {
      resourceAccesses: {
        type: "list",
        required: true,
        graph: "resourceAccess",
        fields: {
          id: { type: "text", required: true, refuse: refuseOtherThanUuid, graph: "id" },
          type: {
            type: "text",
            required: true,
            refuse: refuseOtherThan("Role", "Scope"),
            graph: "type",
          },
        },
      },
      resourceAppId: { type: "text", required: true, graph: "resourceAppId" },
    },
  },
  serviceManagementReference: { type: "text", graph: "serviceManagementReference" },
  signInAudience: {
    type: "text",
    default: "AzureADMyOrg",
    graph: "signInAudience",
    refuse: refuseOtherThan(
      "AzureADMyOrg",
      "AzureADMultipleOrgs",
      "AzureADandPersonalMicrosoftAccount",
      "PersonalMicrosoftAccount",
    ),
  },
  singlePageApplication: { type: "object", fields: redirectUris, graph: "spa" },
  supportUrl: { type: "text", graph: "info/supportUrl" },
  tags: { type: "set", computed: true, graph: "tags", receivedOnly: true },
  templateId: { type: "text", outputOnly: true, graph: "applicationTemplateId" },
  termsOfServiceUrl: { type: "text", graph: "info/termsOfServiceUrl" },
  web: {
    type: "object",
    graph: "web",
    fields: {
      homepageUrl: { type: "text", graph: "homePageUrl" },
      implicitGrant: {
        type: "object",
        graph: "implicitGrantSettings",
        fields: {
          accessTokenIssuanceEnabled: { type: "flag", graph: "enableAccessTokenIssuance" },
          idTokenIssuanceEnabled: { type: "flag", graph: "enableIdTokenIssuance" },
        },
      },
      logoutUrl: { type: "text", graph: "logoutUrl" },
      ...redirectUris,
    },
  },
};
