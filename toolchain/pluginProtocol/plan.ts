import { isEmpty } from "./diff";
import type { Schema } from "./schema";
import { type Properties, unknownValue, withoutBookkeeping } from "./values";

/** What a resource that is about to be created will be like: what the service fills in is unknown. */
export function plannedState(schema: Schema, inputs: Properties): Properties {
  const known = withoutBookkeeping(inputs) as Properties;
  const filled = Object.entries(schema)
    .filter(
      ([key, property]) => known[key] === undefined && (property.computed || property.outputOnly),
    )
    .map(([key]) => [key, unknownValue] as const);
  return { ...known, ...Object.fromEntries(filled) };
}

/** What a resource that is about to be updated will be like: what the service filled in stays. */
export function updatedState(schema: Schema, state: Properties, inputs: Properties): Properties {
  const known = withoutBookkeeping(inputs) as Properties;
  const kept = Object.entries(state).filter(
    ([key]) => schema[key]?.computed === true || schema[key]?.outputOnly === true,
  );
  return { ...Object.fromEntries(kept), ...known };
}

/**
 * The inputs that a state stands for: those that were given, with what they are now; or, for a
 * resource that is being imported, everything that is not empty.
 */
export function inputsOf(schema: Schema, state: Properties, given: Properties): Properties {
  const imported = Object.keys(given).length === 0;
  const keys = Object.keys(schema).filter((key) => {
    const property = schema[key];
    if (property === undefined || property.outputOnly === true) {
      return false;
    }
    return imported ? !isEmpty(property, state[key]) : key in given || changed(key);
  });
  function changed(key: string): boolean {
    const property = schema[key];
    return property !== undefined && property.computed !== true && !isEmpty(property, state[key]);
  }
  const inputs = keys
    .filter((key) => state[key] !== undefined)
    .map((key) => [key, state[key]] as const);
  return { ...Object.fromEntries(inputs), __defaults: given.__defaults ?? [] };
}
