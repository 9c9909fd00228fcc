/**
 * Text out of a stack made harmless for every renderer: what a reader cannot see, or what moves,
 * hides or reverses other text, is written out as its code point, and line breaks become a sign.
 *
 * @example visibleText("a\u202Eb\nc") // "a⟨U+202E⟩b⏎c"
 * @see https://trojansource.codes/
 */
export function visibleText(text: string): string {
  return text
    .replace(/\r\n|[\r\n\u0085\u2028\u2029]/g, "⏎")
    .replace(/\t/g, " ")
    .replace(invisible, (character) => codePoint(character));
}

/**
 * Control, format (bidi, zero-width, tags), private and unassigned characters, spaces that are not
 * the plain one, fillers that draw nothing, variation selectors, and combining marks beyond the
 * three that a writing system may need in a row.
 */
const invisible =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]|(?! )\p{Zs}|[\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2800\u3164\uFFA0\uFE00-\uFE0F\u{E0100}-\u{E01EF}]|(?<=\p{M}{3})\p{M}/gu;

function codePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `⟨U+${hex}⟩`;
}

/**
 * The first characters of a text, never half a character, with an ellipsis where it was longer.
 *
 * @param limit Most UTF-16 units of the result.
 */
export function shortened(text: string, limit: number): string {
  return text.length <= limit
    ? text
    : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
