import type { PropertySchema } from "../../pluginProtocol/schema";
import {
  isProperties,
  items,
  type Properties,
  text,
  texts,
  type Value,
} from "../../pluginProtocol/values";
import type { Json } from "./graph";

/** A property of a resource, and where Graph has it. */
export interface Field extends PropertySchema {
  /** Path in Graph's object, for example `info/logoUrl`. Default: Graph does not have it. */
  readonly graph?: string;
  readonly fields?: Fields;
  /** Only read from Graph here; it is sent in a way of its own, or not at all. */
  readonly receivedOnly?: boolean;
  /** An update sends it only where it changes. */
  readonly sentWhenChanged?: boolean;
  /** Of its fields only those that are given are sent. */
  readonly sparse?: boolean;
  readonly toGraph?: (value: Value) => unknown;
  readonly fromGraph?: (value: unknown) => Value;
}

export type Fields = Readonly<Record<string, Field>>;

/** The part of a body that properties stand for; what was not given is sent empty. */
export function toGraph(
  fields: Fields,
  inputs: Properties,
  options: { sparse?: boolean; changed?: ReadonlySet<string> } = {},
): Json {
  const body: Json = {};
  for (const [key, field] of Object.entries(fields)) {
    const given = inputs[key] ?? undefined;
    const left =
      field.graph === undefined ||
      field.outputOnly === true ||
      field.receivedOnly === true ||
      (options.sparse === true && given === undefined) ||
      (field.sentWhenChanged === true && options.changed?.has(key) === false);
    if (!left) {
      placeValue(body, field.graph.split("/"), valueToSend(field, inputs, key));
    }
  }
  return body;
}

function valueToSend(field: Field, inputs: Properties, key: string): unknown {
  if (field.toGraph !== undefined) {
    return field.toGraph(inputs[key]);
  }
  switch (field.type) {
    case "flag":
      return inputs[key] === true;
    case "number":
      return inputs[key] ?? field.default;
    case "text":
      return text(inputs, key) || null;
    case "object": {
      const value = inputs[key];
      const sparse = field.sparse === true;
      return toGraph(field.fields ?? {}, isProperties(value) ? value : {}, { sparse });
    }
    default:
      return field.fields === undefined
        ? texts(inputs, key)
        : items(inputs, key).map((item) => toGraph(field.fields!, item, { sparse: true }));
  }
}

/** The properties that an object of Graph's stands for; what it lacks is empty. */
export function fromGraph(fields: Fields, found: Json): Properties {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, { graph }]) => graph !== undefined)
      .map(([key, field]) => [key, valueReceived(field, fieldAt(found, field.graph!.split("/")))]),
  );
}

function valueReceived(field: Field, value: unknown): Value {
  if (field.fromGraph !== undefined) {
    return field.fromGraph(value);
  }
  const wrapped = { value };
  switch (field.type) {
    case "flag":
      return value === true;
    case "number":
      return value ?? field.default;
    case "text":
      return text(wrapped, "value");
    case "object":
      return fromGraph(field.fields ?? {}, isProperties(value) ? value : {});
    default:
      return field.fields === undefined
        ? texts(wrapped, "value")
        : items(wrapped, "value").map((item) => fromGraph(field.fields!, item));
  }
}

function placeValue(body: Json, [name = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    body[name] = value;
    return;
  }
  const inner = (body[name] ?? {}) as Json;
  placeValue(inner, rest, value);
  body[name] = inner;
}

function fieldAt(found: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (isProperties(inner) ? inner[name] : undefined),
    found,
  );
}
