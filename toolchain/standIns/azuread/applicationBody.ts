import {
  items,
  nested,
  type Properties,
  text,
  texts,
  withoutBookkeeping,
} from "../protocol/values";
import { appRoles, featureTags, idsByValue, permissionScopes, tagsOf } from "./appRoles";
import type { Json } from "./graph";

const orNull = (properties: Properties, key: string) => text(properties, key) || null;
const flag = (properties: Properties, key: string) => properties[key] === true;

/** What creates and updates send alike. */
export function commonBody(inputs: Properties): Json {
  const web = nested(inputs, "web");
  const grant = nested(web, "implicitGrant");
  const claims = texts(inputs, "groupMembershipClaims");
  return {
    "@odata.type": "#microsoft.graph.application",
    api: apiBody(inputs),
    description: orNull(inputs, "description"),
    displayName: text(inputs, "displayName"),
    groupMembershipClaims: claims.length > 0 ? claims.join(",") : null,
    info: {
      marketingUrl: orNull(inputs, "marketingUrl"),
      privacyStatementUrl: orNull(inputs, "privacyStatementUrl"),
      supportUrl: orNull(inputs, "supportUrl"),
      termsOfServiceUrl: orNull(inputs, "termsOfServiceUrl"),
    },
    isDeviceOnlyAuthSupported: flag(inputs, "deviceOnlyAuthEnabled"),
    isFallbackPublicClient: flag(inputs, "fallbackPublicClientEnabled"),
    notes: orNull(inputs, "notes"),
    publicClient: { redirectUris: texts(nested(inputs, "publicClient"), "redirectUris") },
    serviceManagementReference: orNull(inputs, "serviceManagementReference"),
    signInAudience: text(inputs, "signInAudience"),
    spa: { redirectUris: texts(nested(inputs, "singlePageApplication"), "redirectUris") },
    tags: Array.isArray(inputs.featureTags)
      ? tagsOf(items(inputs, "featureTags")[0])
      : texts(inputs, "tags"),
    web: {
      homePageUrl: orNull(web, "homepageUrl"),
      implicitGrantSettings: {
        enableAccessTokenIssuance: flag(grant, "accessTokenIssuanceEnabled"),
        enableIdTokenIssuance: flag(grant, "idTokenIssuanceEnabled"),
      },
      logoutUrl: orNull(web, "logoutUrl"),
      redirectUris: texts(web, "redirectUris"),
    },
  };
}

function apiBody(inputs: Properties): Json {
  const api = nested(inputs, "api");
  return {
    acceptMappedClaims: flag(api, "mappedClaimsEnabled"),
    knownClientApplications: texts(api, "knownClientApplications"),
    oauth2PermissionScopes: items(api, "oauth2PermissionScopes").map(({ enabled, ...scope }) => ({
      ...(withoutBookkeeping(scope) as Json),
      isEnabled: enabled,
    })),
    requestedAccessTokenVersion: api.requestedAccessTokenVersion ?? 1,
  };
}

/** What a create always sends, and an update only where it changes. */
export const changeableBody: Readonly<Record<string, (inputs: Properties) => Json>> = {
  appRoles: (inputs) => ({
    appRoles: items(inputs, "appRoles").map(({ enabled, ...role }) => ({
      ...(withoutBookkeeping(role) as Json),
      isEnabled: enabled,
    })),
  }),
  identifierUris: (inputs) => ({ identifierUris: texts(inputs, "identifierUris") }),
  optionalClaims: (inputs) => ({ optionalClaims: optionalClaimsBody(inputs) }),
  requiredResourceAccesses: (inputs) => ({
    requiredResourceAccess: items(inputs, "requiredResourceAccesses").map((access) => ({
      resourceAccess: items(access, "resourceAccesses").map(({ id, type }) => ({ id, type })),
      resourceAppId: access.resourceAppId,
    })),
  }),
};

function optionalClaimsBody(inputs: Properties): Json {
  const claims = nested(inputs, "optionalClaims");
  const body = { accessTokens: "accessToken", idTokens: "idToken", saml2Tokens: "saml2Token" };
  return Object.fromEntries(
    Object.entries(body)
      .filter(([key]) => claims[key] !== undefined)
      .map(([key, name]) => [name, items(claims, key).map(withoutBookkeeping)]),
  );
}

/** An application as Graph returns it, as properties. */
export function applicationProperties(
  application: Json,
  beta: Json,
  owners: string[],
  known: Properties,
): Properties {
  const api = nested(application, "api");
  const info = nested(application, "info");
  const web = nested(application, "web");
  const grant = nested(web, "implicitGrantSettings");
  const claims = text(application, "groupMembershipClaims");
  return {
    api: {
      knownClientApplications: texts(api, "knownClientApplications"),
      mappedClaimsEnabled: flag(api, "acceptMappedClaims"),
      oauth2PermissionScopes: permissionScopes(api.oauth2PermissionScopes),
      requestedAccessTokenVersion: api.requestedAccessTokenVersion ?? 1,
    },
    appRoleIds: idsByValue(application.appRoles),
    appRoles: appRoles(application.appRoles),
    clientId: text(application, "appId"),
    description: text(application, "description"),
    deviceOnlyAuthEnabled: flag(application, "isDeviceOnlyAuthSupported"),
    // The official plugin prints what Graph leaves empty in Go's words.
    disabledByMicrosoft: text(application, "disabledByMicrosoftStatus") || "",
    displayName: text(application, "displayName"),
    fallbackPublicClientEnabled: flag(application, "isFallbackPublicClient"),
    featureTags: featureTags(application.tags),
    groupMembershipClaims: claims === "" ? [] : claims.split(","),
    identifierUris: texts(application, "identifierUris"),
    logoImage: "",
    logoUrl: text(info, "logoUrl"),
    marketingUrl: text(info, "marketingUrl"),
    notes: text(application, "notes"),
    oauth2PermissionScopeIds: idsByValue(api.oauth2PermissionScopes),
    oauth2PostResponseRequired: flag(beta, "oauth2RequirePostResponse"),
    objectId: text(application, "id"),
    optionalClaims: {
      accessTokens: optionalClaims(application, "accessToken"),
      idTokens: optionalClaims(application, "idToken"),
      saml2Tokens: optionalClaims(application, "saml2Token"),
    },
    owners,
    preventDuplicateNames: flag(known, "preventDuplicateNames"),
    privacyStatementUrl: text(info, "privacyStatementUrl"),
    publicClient: { redirectUris: texts(nested(application, "publicClient"), "redirectUris") },
    publisherDomain: text(application, "publisherDomain"),
    requiredResourceAccesses: items(application, "requiredResourceAccess").map((access) => ({
      resourceAccesses: items(access, "resourceAccess").map(({ id, type }) => ({ id, type })),
      resourceAppId: text(access, "resourceAppId"),
    })),
    serviceManagementReference: text(application, "serviceManagementReference"),
    signInAudience: text(application, "signInAudience"),
    singlePageApplication: { redirectUris: texts(nested(application, "spa"), "redirectUris") },
    supportUrl: text(info, "supportUrl"),
    tags: texts(application, "tags"),
    templateId: text(application, "applicationTemplateId"),
    termsOfServiceUrl: text(info, "termsOfServiceUrl"),
    web: {
      homepageUrl: text(web, "homePageUrl"),
      implicitGrant: {
        accessTokenIssuanceEnabled: flag(grant, "enableAccessTokenIssuance"),
        idTokenIssuanceEnabled: flag(grant, "enableIdTokenIssuance"),
      },
      logoutUrl: text(web, "logoutUrl"),
      redirectUris: texts(web, "redirectUris"),
    },
  };
}

function optionalClaims(application: Json, key: string): Properties[] {
  return items(nested(application, "optionalClaims"), key).map((claim) => ({
    additionalProperties: texts(claim, "additionalProperties"),
    essential: flag(claim, "essential"),
    name: text(claim, "name"),
    source: text(claim, "source"),
  }));
}
