import { isAbsent, isSecret, isUnknown, knownText } from "./values";

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
  if (!Array.isArray(value)) {
    return { known: new Set(), partlyUnknown: !isAbsent(value) };
  }
  const elements: readonly unknown[] = value;
  return {
    known: new Set(
      elements.map(knownText).flatMap((text) => (text === undefined ? [] : [normalise(text)])),
    ),
    partlyUnknown: elements.some((one) => isUnknown(one) || isSecret(one)),
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
