import { isJsonObject, type Json, type JsonObject } from "../json";
import { graphErrors } from "./errors";

/** What kind of value a property takes. */
type Kind = "text" | "boolean" | "textList" | "objectList" | "object";

/** The properties of a resource that a client can write. */
export interface WritableProperties {
  /** For errors: `Application`, `ServicePrincipal`, … */
  readonly resource: string;
  readonly kinds: Readonly<Record<string, Kind>>;
  /** Properties of the resource that clients must not set. */
  readonly readOnly: readonly string[];
  /** Properties whose value must not be null or empty. */
  readonly required?: readonly string[];
  /** What a property is when a client sets it to null. */
  readonly defaults: JsonObject;
}

/**
 * Applies what a client sent to the properties of a resource, as PATCH does: a complex value is
 * merged, a list replaced, null puts the default back. Annotations (`@odata.…`) are left out.
 *
 * @returns The new properties; nothing is changed in place.
 * @see https://learn.microsoft.com/graph/api/application-update
 */
export function mergeProperties(
  current: JsonObject,
  sent: JsonObject,
  writable: WritableProperties,
): JsonObject {
  const merged = { ...current };
  for (const [name, value] of Object.entries(sent)) {
    if (name.includes("@odata.")) {
      continue;
    }
    const kind = writable.kinds[name];
    if (kind === undefined) {
      throw writable.readOnly.includes(name)
        ? graphErrors.readOnlyProperty(name, writable.resource)
        : graphErrors.invalidProperty(name);
    }
    if (value === null) {
      if (writable.required?.includes(name) === true) {
        throw graphErrors.missingProperty(name, writable.resource);
      }
      merged[name] = structuredClone(writable.defaults[name] ?? null);
      continue;
    }
    if (!isOfKind(value, kind) || (value === "" && writable.required?.includes(name) === true)) {
      throw graphErrors.invalidValue(name, writable.resource);
    }
    merged[name] = kind === "object" ? mergeObject(merged[name], value) : value;
  }
  return merged;
}

function isOfKind(value: Json, kind: Kind): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "object":
      return isJsonObject(value);
    case "textList":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "objectList":
      return Array.isArray(value) && value.every(isJsonObject);
  }
}

function mergeObject(current: Json | undefined, sent: Json): Json {
  if (!isJsonObject(sent)) {
    return sent;
  }
  const merged: JsonObject = isJsonObject(current) ? { ...current } : {};
  for (const [name, value] of Object.entries(sent)) {
    if (!name.includes("@odata.")) {
      merged[name] = isJsonObject(value) ? mergeObject(merged[name], value) : value;
    }
  }
  return merged;
}
