import {
  isAbsent,
  isHidden,
  isObject,
  isSecret,
  isUnknown,
  listOf,
  type Properties,
  textsOf,
} from "../policy/rules/values";
import type { ShownValue } from "./documentShape";

const absent: ShownValue = { state: "absent" };
export const secret: ShownValue = { state: "secret" };
export const unknown: ShownValue = { state: "unknown" };

/** A value with its text. */
export const knownValue = (text: string): ShownValue => ({ state: "known", text });

/** One side of a change, of any property. */
export function valueOf(value: unknown): ShownValue {
  if (isHidden(value)) {
    return isSecret(value) ? secret : unknown;
  }
  return isAbsent(value) ? absent : knownValue(textInFull(value));
}

/**
 * Whether two values are the same, whatever the order of their keys and of their lists: no list of
 * the azuread provider means anything by its order.
 */
export function sameValue(a: unknown, b: unknown): boolean {
  return (isAbsent(a) && isAbsent(b)) || canonical(a) === canonical(b);
}

/** Whether there is a secret anywhere in a value. */
export function holdsSecret(value: unknown): boolean {
  return (
    isSecret(value) ||
    (typeof value === "object" && value !== null && Object.values(value).some(holdsSecret))
  );
}

/** A list whose order means nothing, as far as a preview knows it. */
export interface TextSet {
  readonly known: ReadonlySet<string>;
  /** Whether elements, or the whole list, are only known after the update, or secret. */
  readonly partlyUnknown: boolean;
}

/**
 * Reads a list of texts as a set.
 *
 * @param normalise Applied to each text, for example to compare ids without case.
 */
export function textSetOf(
  value: unknown,
  normalise: (text: string) => string = (text) => text,
): TextSet {
  const texts = textsOf(value).filter((text) => text !== "");
  return {
    known: new Set(texts.map(normalise)),
    partlyUnknown: Array.isArray(value) ? listOf(value).some(isHidden) : !isAbsent(value),
  };
}

/** What one set has and the other has not. */
export function setDifference(
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
): { added: string[]; removed: string[] } {
  return {
    added: [...after].filter((one) => !before.has(one)),
    removed: [...before].filter((one) => !after.has(one)),
  };
}

function textInFull(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(maskedValue(value));
}

function maskedValue(value: unknown): unknown {
  if (isHidden(value)) {
    return isUnknown(value) ? "[unknown]" : "[secret]";
  }
  if (Array.isArray(value)) {
    return value.map(maskedValue);
  }
  return isObject(value) ? mapProperties(value, maskedValue) : value;
}

function canonical(value: unknown): string {
  return JSON.stringify(orderedValue(value)) ?? "";
}

function orderedValue(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(canonical).sort();
  }
  return isObject(value) ? mapProperties(value, orderedValue) : value;
}

/** Without the bridge's own `__defaults`, which say nothing about the tenant. */
function mapProperties(
  properties: Properties,
  map: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(properties)
      .filter((key) => key !== "__defaults" && properties[key] !== undefined)
      .sort()
      .map((key) => [key, map(properties[key])]),
  );
}
