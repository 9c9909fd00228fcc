import type { SimulatorContext } from "../http/context";
import { asText, isGuid, isJsonObject, type Json, type JsonObject } from "../json";
import { graphErrors } from "./errors";

/**
 * The JSON object a client sent. Throws 400 for anything else, also for JSON that is not called so.
 *
 * @see https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/6337
 */
export function jsonBody(c: SimulatorContext): JsonObject {
  const { json, mediaType, refused } = c.var.request.body;
  if (refused === "tooLarge") {
    throw graphErrors.bodyTooLarge();
  }
  if (refused === "encoding") {
    throw graphErrors.encodingUnsupported();
  }
  if (!isJsonObject(json) || !/^application\/(.+\+)?json$/.test(mediaType)) {
    throw graphErrors.malformedJson();
  }
  return json;
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
  if (!isGuid(value)) {
    throw graphErrors.invalidValue(name, resource);
  }
  return value.toLowerCase();
}

/**
 * The object ids that `owners@odata.bind` or `@odata.id` point at, whatever host the address names, as
 * proxies and emulators need it. Throws 400 for what is none.
 */
export function referencedIds(value: Json | undefined): string[] {
  return [value ?? []].flat().map((address) => {
    const id = idInAddress(asText(address));
    if (id === undefined) {
      throw graphErrors.badRequest(
        "A valid reference is required: '@odata.id' must be the address of a directory object.",
      );
    }
    return id;
  });
}

/** The id at the end of an address, behind which Graph itself writes the type of the object. */
export function idInAddress(address: string): string | undefined {
  return /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:'\))?(?:\/Microsoft\.\w+\.\w+)?\/?$/i
    .exec(address)?.[1]
    ?.toLowerCase();
}
