import type { PropertySchema, Schema } from "./schema";
import { isProperties, isUnknown, type Properties, type Value } from "./values";

/** A property that is refused, and why. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** Inputs with their defaults, as the bridge records them, and what is refused. */
export interface CheckResult {
  readonly inputs: Properties;
  readonly failures: CheckFailure[];
}

/**
 * Checks the inputs of a resource against its schema and fills in defaults. As the bridge does, a
 * default that was filled in before stays what it has become since: where a refresh has found another
 * value, only a program that names the property has it put back.
 *
 * @param olds Inputs of the resource as it is, where there is one.
 * @see https://github.com/pulumi/pulumi-terraform-bridge/blob/main/pkg/tfbridge/schema.go
 */
export function check(schema: Schema, inputs: Properties, olds: Properties = {}): CheckResult {
  const failures: CheckFailure[] = [];
  return { inputs: checkFields(schema, inputs, "", failures, olds), failures };
}

function checkFields(
  schema: Schema,
  inputs: Properties,
  path: string,
  failures: CheckFailure[],
  olds: Properties = {},
): Properties {
  const filled = Array.isArray(olds.__defaults) ? olds.__defaults : [];
  const checked: Properties = {};
  const defaults: string[] = [];
  for (const key of Object.keys(inputs)) {
    if (!(key in schema) && !key.startsWith("__")) {
      failures.push({
        property: path + key,
        reason: `The stand-in plugin does not know the property "${path + key}". Use the official plugin for it.`,
      });
    }
  }
  for (const [key, property] of Object.entries(schema)) {
    const given = inputs[key] ?? undefined;
    if (given !== undefined && property.outputOnly !== true) {
      checked[key] = checkValue(property, given, path + key, failures);
    } else if (property.default !== undefined) {
      checked[key] = (filled.includes(key) ? olds[key] : undefined) ?? property.default;
      defaults.push(key);
    } else if (property.required === true) {
      failures.push({
        property: path + key,
        reason: `Missing required argument. The argument "${key}" is required, but no definition was found.`,
      });
    }
  }
  return { ...checked, __defaults: defaults.sort() };
}

function checkValue(
  property: PropertySchema,
  value: Value,
  path: string,
  failures: CheckFailure[],
): Value {
  if (isUnknown(value)) {
    return value;
  }
  const { fields, refuse } = property;
  if ((property.type === "list" || property.type === "set") && Array.isArray(value)) {
    return value.map((item: Value, index) => {
      const at = `${path}[${index}]`;
      if (fields !== undefined && isProperties(item)) {
        return checkFields(fields, item, `${at}.`, failures);
      }
      refuseItem(refuse, item, at, failures);
      return item;
    });
  }
  if (property.type === "object" && fields !== undefined && isProperties(value)) {
    return checkFields(fields, value, `${path}.`, failures);
  }
  const expected = { text: "string", flag: "boolean", number: "number" }[property.type as string];
  if (expected !== undefined && typeof value !== expected) {
    failures.push({ property: path, reason: `expected a ${expected}, got ${typeof value}` });
    return value;
  }
  refuseItem(refuse, value, path, failures);
  return value;
}

function refuseItem(
  refuse: PropertySchema["refuse"],
  value: Value,
  property: string,
  failures: CheckFailure[],
): void {
  const reason = isUnknown(value) ? undefined : refuse?.(value);
  if (reason !== undefined) {
    failures.push({ property, reason: `${reason}. Examine values at '${property}'.` });
  }
}
