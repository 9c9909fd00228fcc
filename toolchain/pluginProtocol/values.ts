import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A property as it travels between the engine and a plugin. */
export type Value = unknown;

/** The properties of a resource. */
export type Properties = Record<string, Value>;

/**
 * What the engine sends for a value that is not known at preview.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go
 */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const unknowns = new Set([
  unknownValue,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether a value is not known yet. */
export function isUnknown(value: Value): boolean {
  return typeof value === "string" && unknowns.has(value);
}

/** Whether a value is a set of properties. */
export function isProperties(value: Value): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value without the bridge's own bookkeeping, which belongs to inputs only. */
export function withoutBookkeeping(value: Value): Value {
  if (Array.isArray(value)) {
    return value.map(withoutBookkeeping);
  }
  if (!isProperties(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, inner]) => [key, withoutBookkeeping(inner)]),
  );
}

/** The text of a property that may be absent. */
export function text(properties: Properties, key: string): string {
  const value = properties[key];
  return typeof value === "string" ? value : "";
}

/** The texts of a list that may be absent. */
export function texts(properties: Properties, key: string): string[] {
  const value = properties[key];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** The items of a list of properties that may be absent. */
export function items(properties: Properties, key: string): Properties[] {
  const value = properties[key];
  return Array.isArray(value) ? value.filter(isProperties) : [];
}

/** The properties of a nested object that may be absent. */
export function nestedProperties(properties: Properties, key: string): Properties {
  const value = properties[key];
  return isProperties(value) ? value : {};
}

/** Properties out of the message in which they travel. */
export function fromStruct(struct: Struct | undefined): Properties {
  return struct === undefined ? {} : struct.toJavaScript();
}

/** Properties in the message in which they travel, without what is undefined: it has no form there. */
export function structOf(properties: Properties): Struct {
  return Struct.fromJavaScript(
    JSON.parse(JSON.stringify(properties)) as Parameters<typeof Struct.fromJavaScript>[0],
  );
}
