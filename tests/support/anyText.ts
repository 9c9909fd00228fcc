import fc from "fast-check";

/** How many characters stand behind the surrogates, and where those begin. */
const [firstSurrogate, surrogates, last] = [0xd800, 0x800, 0x10ffff];

const character = fc
  .nat({ max: last - surrogates })
  .map((place) => String.fromCodePoint(place < firstSurrogate ? place : place + surrogates));

/**
 * Text of any characters at all. It is what the unit "binary" of fast-check draws, without the index
 * of all of them that fast-check builds for each such text, in half a second.
 */
export function anyText(
  length: { minLength?: number; maxLength?: number } = {},
): fc.Arbitrary<string> {
  return fc.string({ ...length, unit: character });
}
