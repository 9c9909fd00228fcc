import type { PropertySchema, Schema } from "./schema";
import { isProperties, isUnknown, type Properties, type Value, withoutBookkeeping } from "./values";

/** How one property changes. */
export interface PropertyChange {
  /** Path in the inputs, for example `web.redirectUris[0]`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  readonly replace: boolean;
}

/**
 * How the wanted inputs differ from a state. What the service fills in is compared only where it
 * is given, sets are compared as sets, and an empty value counts as none.
 */
export function diff(schema: Schema, state: Properties, inputs: Properties): PropertyChange[] {
  return diffFields(schema, state, inputs, "", false);
}

function diffFields(
  schema: Schema,
  state: Properties,
  inputs: Properties,
  prefix: string,
  replace: boolean,
): PropertyChange[] {
  return Object.entries(schema).flatMap(([key, property]) =>
    property.outputOnly === true
      ? []
      : diffProperty(
          property,
          state[key] ?? undefined,
          inputs[key] ?? undefined,
          prefix + key,
          replace || property.forceNew === true,
        ),
  );
}

function diffProperty(
  property: PropertySchema,
  before: Value,
  after: Value,
  path: string,
  replace: boolean,
): PropertyChange[] {
  if (isUnknown(after)) {
    return [{ path, kind: before === undefined ? "add" : "update", replace }];
  }
  if (after === undefined) {
    return property.computed === true || isEmpty(property, before)
      ? []
      : [{ path, kind: "delete", replace }];
  }
  if (isEmpty(property, before) && isEmpty(property, after)) {
    return [];
  }
  switch (property.type) {
    case "set":
      return diffSet(property, asList(before), asList(after), path, replace);
    case "list":
      return diffList(property, asList(before), asList(after), path, replace);
    case "object":
      return diffFields(
        property.fields ?? {},
        isProperties(before) ? before : {},
        isProperties(after) ? after : {},
        `${path}.`,
        replace,
      );
    default:
      if (comparableText(before) === comparableText(after)) {
        return [];
      }
      return [{ path, kind: before === undefined ? "add" : "update", replace }];
  }
}

function diffSet(
  property: PropertySchema,
  before: Value[],
  after: Value[],
  path: string,
  replace: boolean,
): PropertyChange[] {
  const had = new Set(before.map((item) => comparableText(item, property)));
  const wanted = new Set(after.map((item) => comparableText(item, property)));
  const changes = new Map<number, PropertyChange["kind"]>();
  before.forEach((item, index) => {
    if (!wanted.has(comparableText(item, property))) {
      changes.set(index, "delete");
    }
  });
  after.forEach((item, index) => {
    if (!had.has(comparableText(item, property))) {
      changes.set(index, changes.has(index) ? "update" : "add");
    }
  });
  return [...changes].map(([index, kind]) => ({ path: `${path}[${index}]`, kind, replace }));
}

function diffList(
  property: PropertySchema,
  before: Value[],
  after: Value[],
  path: string,
  replace: boolean,
): PropertyChange[] {
  const length = Math.max(before.length, after.length);
  return Array.from({ length }, (_, index) => index).flatMap((index): PropertyChange[] => {
    const at = `${path}[${index}]`;
    const [was, is] = [before[index], after[index]];
    if (was === undefined || is === undefined) {
      return [{ path: at, kind: was === undefined ? "add" : "delete", replace }];
    }
    if (property.fields !== undefined && isProperties(was) && isProperties(is)) {
      return diffFields(property.fields, was, is, `${at}.`, replace);
    }
    return comparableText(was) === comparableText(is)
      ? []
      : [{ path: at, kind: "update", replace }];
  });
}

/** Whether giving a value and leaving it out is the same. */
export function isEmpty(property: PropertySchema, value: Value): boolean {
  if (value === undefined || value === null || value === "" || value === false) {
    return true;
  }
  if (value === property.zero || (value === 0 && property.zero === undefined)) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.length === 0;
  }
  if (!isProperties(value)) {
    return false;
  }
  return Object.entries(withoutBookkeeping(value) as Properties).every(([key, inner]) =>
    isEmpty(property.fields?.[key] ?? { type: "text" }, inner),
  );
}

function asList(value: Value): Value[] {
  return Array.isArray(value) ? (value as Value[]) : [];
}

/** One text for values that are the same: keys in order, sets in order, empty values left out. */
function comparableText(value: Value, property?: PropertySchema): string {
  if (isProperties(value)) {
    const fields = property?.fields ?? {};
    const entries = Object.entries(withoutBookkeeping(value) as Properties)
      .filter(([key, inner]) => !isEmpty(fields[key] ?? { type: "text" }, inner))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => `${JSON.stringify(key)}:${comparableText(inner, fields[key])}`);
    return `{${entries.join(",")}}`;
  }
  if (Array.isArray(value)) {
    const each = value.map((item) => comparableText(item, property));
    return `[${(property?.type === "set" ? each.sort() : each).join(",")}]`;
  }
  return JSON.stringify(value);
}
