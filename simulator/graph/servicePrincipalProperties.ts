import { servicePrincipalDefaults } from "../state/newEntities";
import type { WritableProperties } from "./properties";

/**
 * What a client can write of a service principal; the rest comes from its application.
 *
 * @see https://learn.microsoft.com/graph/api/resources/serviceprincipal#properties
 */
export const servicePrincipalProperties: WritableProperties = {
  resource: "ServicePrincipal",
  kinds: {
    accountEnabled: "boolean",
    addIns: "objectList",
    alternativeNames: "textList",
    appRoleAssignmentRequired: "boolean",
    description: "text",
    loginUrl: "text",
    logoutUrl: "text",
    notes: "text",
    notificationEmailAddresses: "textList",
    preferredSingleSignOnMode: "text",
    preferredTokenSigningKeyThumbprint: "text",
    samlMetadataUrl: "text",
    samlSingleSignOnSettings: "object",
    servicePrincipalType: "text",
    tags: "textList",
    tokenEncryptionKeyId: "text",
  },
  readOnly: [
    "appDescription",
    "appDisplayName",
    "appId",
    "appOwnerOrganizationId",
    "appRoles",
    "applicationTemplateId",
    "createdDateTime",
    "deletedDateTime",
    "disabledByMicrosoftStatus",
    "displayName",
    "homepage",
    "info",
    "oauth2PermissionScopes",
    "replyUrls",
    "resourceSpecificApplicationPermissions",
    "servicePrincipalNames",
    "signInAudience",
    "verifiedPublisher",
  ],
  defaults: servicePrincipalDefaults(),
};
