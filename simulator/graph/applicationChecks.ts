import { isDeepStrictEqual } from "node:util";
import { asText, isGuid, isJsonObject, type JsonObject } from "../json";
import type { Tenant } from "../state/tenants";
import { graphErrors } from "./errors";

/**
 * How many characters texts can have.
 *
 * @see https://learn.microsoft.com/graph/api/resources/application#properties
 */
const longest = { displayName: 256, description: 1024, notes: 1024 };

/** Throws 400 for values of an application that Graph refuses. */
export function checkApplication(
  tenant: Tenant,
  properties: JsonObject,
  application?: { readonly id: string; readonly appId: string },
): void {
  const audience = asText(properties["signInAudience"]);
  const audiences = [
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
  ];
  if (!audiences.includes(audience)) {
    throw graphErrors.invalidValue("signInAudience", "Application");
  }
  for (const [name, most] of Object.entries(longest)) {
    const text = asText(properties[name] ?? undefined);

    if (text.length > most || /[\0-\x08]|\p{Surrogate}/u.test(text)) {
      throw graphErrors.invalidValue(name, "Application");
    }
  }
  checkRequiredResourceAccess(properties["requiredResourceAccess"]);
  checkAppRoles(properties["appRoles"]);
  checkRedirectUris(properties);
  checkIdentifierUris(tenant, properties["identifierUris"], application);
}

function checkRequiredResourceAccess(value: unknown): void {
  const seen = new Set<string>();
  for (const access of (value ?? []) as JsonObject[]) {
    const resource = asText(access["resourceAppId"]);
    const accesses = access["resourceAccess"];
    if (!isGuid(resource) || !Array.isArray(accesses) || seen.has(resource.toLowerCase())) {
      throw graphErrors.invalidValue("requiredResourceAccess", "Application");
    }
    seen.add(resource.toLowerCase());
    for (const one of accesses) {
      const known =
        isJsonObject(one) &&
        isGuid(asText(one["id"])) &&
        (one["type"] === "Role" || one["type"] === "Scope");
      if (!known) {
        throw graphErrors.invalidValue("requiredResourceAccess", "Application");
      }
    }
  }
}

function checkAppRoles(value: unknown): void {
  const ids = new Set<string>();
  const values = new Set<string>();
  for (const role of (value ?? []) as JsonObject[]) {
    const id = asText(role["id"]).toLowerCase();
    const name = role["value"];
    if (!isGuid(id) || ids.has(id) || (typeof name === "string" && values.has(name))) {
      throw graphErrors.invalidValue("appRoles", "Application");
    }
    ids.add(id);
    if (typeof name === "string") {
      values.add(name);
    }
  }
}

/** Schemes of the web platform, `http` being for this machine only. */
const webSchemes = ["https:", "http:", "urn:", "ms-appx-web:", "brk-multihub:"];

/**
 * @see https://learn.microsoft.com/entra/identity-platform/reply-url
 * @see https://registry.terraform.io/providers/hashicorp/azuread/latest/docs/resources/application#redirect_uris-4
 */
function checkRedirectUris(properties: JsonObject): void {
  const web = properties["web"];
  const uris = isJsonObject(web) && Array.isArray(web["redirectUris"]) ? web["redirectUris"] : [];
  for (const uri of uris) {
    const text = asText(uri);
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const local = ["localhost", "127.0.0.1"].includes(url?.hostname ?? "");
    const { protocol = "" } = url ?? {};
    if (!webSchemes.includes(protocol) || (protocol === "http:" && !local)) {
      throw graphErrors.invalidValue("redirectUris", "Application");
    }
  }
}

/** @see https://learn.microsoft.com/entra/identity-platform/identifier-uri-restrictions */
function checkIdentifierUris(
  tenant: Tenant,
  value: unknown,
  application?: { readonly id: string; readonly appId: string },
): void {
  for (const uri of (value ?? []) as string[]) {
    const taken = tenant.state.applications
      .all()
      .some(
        (other) =>
          other.id !== application?.id &&
          (other.properties["identifierUris"] as string[]).includes(uri),
      );
    if (taken) {
      throw graphErrors.sameValueExists("identifierUris");
    }
    const host = /^https:\/\/([^/]+)/.exec(uri)?.[1]?.toLowerCase();
    const domains = tenant.state.domains.all().map(({ id }) => id);
    if (
      host !== undefined &&
      !domains.some((domain) => host === domain || host.endsWith(`.${domain}`))
    ) {
      throw graphErrors.badRequest(
        `Values of identifierUris property must use a verified domain of the organization or its subdomain: '${uri}'`,
        [
          {
            code: "HostNameNotOnVerifiedDomain",
            target: "identifierUris",
            message: `Values of identifierUris property must use a verified domain of the organization or its subdomain: '${uri}'`,
          },
        ],
      );
    }
  }
}

/**
 * Throws 400 when an app role or a scope that is enabled is removed or changed: it has to be
 * disabled first, so that nobody loses it by accident.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/howto-add-app-roles-in-apps
 */
export function enforceDisabledFirst(before: JsonObject, after: JsonObject): void {
  compareScopes(before["appRoles"], after["appRoles"]);
  compareScopes(scopes(before), scopes(after));
}

function scopes(properties: JsonObject): unknown {
  const api = properties["api"];
  return isJsonObject(api) ? api["oauth2PermissionScopes"] : [];
}

function compareScopes(before: unknown, after: unknown): void {
  const remaining = new Map(objects(after).map((one) => [one["id"], one]));
  for (const entitlement of objects(before)) {
    const kept = remaining.get(entitlement["id"]);
    const unchanged =
      kept !== undefined &&
      isDeepStrictEqual({ ...kept, isEnabled: null }, { ...entitlement, isEnabled: null });
    if (entitlement["isEnabled"] === true && !unchanged) {
      throw graphErrors.entitlementEnabled();
    }
  }
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
