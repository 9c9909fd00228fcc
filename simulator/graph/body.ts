import type { SimulatorContext } from "../http/context";
import { asText, isJsonObject, type Json, type JsonObject } from "../json";
import { graphErrors } from "./errors";

/** The JSON object a client sent. Throws 400 for anything else. */
export function jsonBody(c: SimulatorContext): JsonObject {
  let body: Json;
  try {
    body = JSON.parse(c.var.request.text) as Json;
  } catch {
    throw graphErrors.malformedJson();
  }
  if (!isJsonObject(body)) {
    throw graphErrors.malformedJson();
  }
  return body;
}

/** A text property that must be there. Throws 400 otherwise. */
export function requiredText(body: JsonObject, name: string, resource: string): string {
  const value = body[name];
  if (value === undefined || value === null || value === "") {
    throw graphErrors.missingProperty(name, resource);
  }
  if (typeof value !== "string") {
    throw graphErrors.invalidValue(name, resource);
  }
  return value;
}

/** A GUID property that must be there, in lower case. Throws 400 otherwise. */
export function requiredGuid(body: JsonObject, name: string, resource: string): string {
  const value = requiredText(body, name, resource);
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) {
    throw graphErrors.invalidValue(name, resource);
  }
  return value.toLowerCase();
}

/**
 * The object ids that `owners@odata.bind` or `@odata.id` point at: the last segment of each
 * address, whatever host it names, as proxies and emulators need it.
 */
export function referencedIds(value: Json | undefined): string[] {
  return [value ?? []].flat().map((address) => {
    const id = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/i.exec(asText(address))?.[1];
    if (id === undefined) {
      throw graphErrors.badRequest(
        "A valid reference is required: '@odata.id' must be the address of a directory object.",
      );
    }
    return id.toLowerCase();
  });
}
