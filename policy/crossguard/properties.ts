import { UnknownValueError } from "@pulumi/policy";
import { type Properties, unknownValue } from "../rules/values";

/**
 * Properties as the policy SDK shows them, with a mark in the place of every unknown value. The SDK
 * throws where a policy touches one, and then reports the policy as advisory, whatever its level;
 * a rule that meets the mark decides itself.
 *
 * @see https://www.pulumi.com/docs/insights/policy/
 */
export function propertiesWithMarks(properties: Readonly<Record<string, unknown>>): Properties {
  return Object.fromEntries(
    Object.keys(properties).map((key) => [key, visible(() => properties[key])]),
  );
}

function visible(read: () => unknown): unknown {
  let value: unknown;
  try {
    value = read();
  } catch (error) {
    if (error instanceof UnknownValueError) {
      return unknownValue;
    }
    throw error;
  }
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return Array.from({ length: list.length }, (_, index) => visible(() => list[index]));
  }
  return typeof value === "object" && value !== null
    ? propertiesWithMarks(value as Readonly<Record<string, unknown>>)
    : value;
}
