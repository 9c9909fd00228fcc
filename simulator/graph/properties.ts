import { NotSimulated } from "../http/protocolError";
import { isGuid, isJsonObject, type Json, type JsonObject } from "../json";
import { isExtensionName, mostExtensionValues } from "./directoryExtensions";
import { graphErrors } from "./errors";
import { type EntityType, type Kind, resourceName } from "./model/entityType";

/**
 * Applies what a client sent to the properties of a resource, as PATCH does: a complex value is
 * merged, a list replaced, null puts the default back, or takes the value of a directory extension
 * away. Annotations (`@odata.…`) are left out.
 *
 * @returns The new properties; nothing is changed in place.
 * @see https://learn.microsoft.com/graph/api/application-update
 */
export function mergeProperties(
  current: JsonObject,
  sent: JsonObject,
  type: EntityType,
): JsonObject {
  const merged = { ...current };
  const resource = resourceName(type);
  for (const [name, value] of Object.entries(sent)) {
    if (name.endsWith("@odata.bind")) {
      throw new NotSimulated("the property", name);
    }
    if (name.includes("@odata.")) {
      continue;
    }
    const kind = type.properties[name];
    if (kind === undefined && isExtensionName(name)) {
      throw graphErrors.extensionUnavailable(name);
    }
    if (kind === undefined || name === "id" || type.readOnly?.includes(name) === true) {
      throw kind === undefined
        ? graphErrors.invalidProperty(name)
        : graphErrors.readOnlyProperty(name, resource);
    }
    const required = type.required?.includes(name) === true;
    if (value === null) {
      if (required) {
        throw graphErrors.missingProperty(name, resource);
      }
      merged[name] = structuredClone(type.defaults?.[name] ?? null);
      if (isExtensionName(name)) {
        delete merged[name];
      }
      continue;
    }
    const keep = type.kept?.[name] ?? ((one: Json) => (isOfKind(one, kind) ? one : undefined));
    const kept = keep(value);
    if (kept === undefined || (value === "" && required)) {
      throw graphErrors.invalidValue(name, resource);
    }
    const isMerged = kind === "object" && type.replaced?.includes(name) !== true;
    merged[name] = isMerged ? mergeObject(merged[name], kept) : kept;
  }
  if (Object.keys(merged).filter(isExtensionName).length > mostExtensionValues) {
    throw graphErrors.tooManyExtensionValues(mostExtensionValues);
  }
  return merged;
}

/**
 * What was sent, less the read-only properties that are as they were shown: clients send back whole
 * objects, and only another value is refused.
 */
export function withoutUnchanged(
  { readOnly = [] }: EntityType,
  sent: JsonObject,
  shown: JsonObject,
): JsonObject {
  return Object.fromEntries(
    Object.entries(sent).filter(
      ([name, value]) =>
        !(name === "id" || readOnly.includes(name)) || !isAsShown(value, shown[name] ?? null),
    ),
  );
}

/** Whether a value is what was shown, or a part of it; ids are taken in any case. */
function isAsShown(sent: Json, shown: Json): boolean {
  if (Array.isArray(sent)) {
    return (
      Array.isArray(shown) &&
      sent.length === shown.length &&
      sent.every((one, index) => isAsShown(one, shown[index]!))
    );
  }
  if (isJsonObject(sent)) {
    const known = isJsonObject(shown) ? shown : {};
    return Object.entries(sent).every(
      ([name, value]) => name.includes("@odata.") || isAsShown(value, known[name] ?? null),
    );
  }
  return typeof sent === "string" && typeof shown === "string"
    ? sent === shown || (isGuid(sent) && sent.toLowerCase() === shown.toLowerCase())
    : sent === shown;
}

function isOfKind(value: Json, kind: Kind): boolean {
  switch (kind) {
    case "text":
    case "guid":
    case "date":
      return typeof value === "string";
    case "boolean":
    case "number":
      return typeof value === kind;
    case "object":
      return isJsonObject(value);
    case "texts":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "objects":
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

/** Throws 400 where a write has a property that an object of its kind lacks. */
export function refuseForeign(sent: JsonObject, object: JsonObject): void {
  const foreign = Object.keys(sent).find((name) => !name.includes("@odata.") && !(name in object));
  if (foreign !== undefined) {
    throw graphErrors.invalidProperty(foreign);
  }
}
