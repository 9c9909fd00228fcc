import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type JsonObject } from "../json";
import { graphErrors } from "./errors";

/**
 * Throws 400 when an app role or a scope that is enabled is removed or changed: it has to be
 * disabled first, so that nobody loses it by accident.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/howto-add-app-roles-in-apps
 */
export function enforceDisabledFirst(before: JsonObject, after: JsonObject): void {
  compare(before["appRoles"], after["appRoles"]);
  compare(scopes(before), scopes(after));
}

function scopes(properties: JsonObject): unknown {
  const api = properties["api"];
  return isJsonObject(api) ? api["oauth2PermissionScopes"] : [];
}

function compare(before: unknown, after: unknown): void {
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
