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
export function shortenText(text: string, limit: number): string {
  return text.length <= limit
    ? text
    : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/**
 * Makes text harmless in the log of a pipeline, where a line may be a command: `::name::` of GitHub
 * Actions, and `##[name]` and `##vso[name]` of both GitHub Actions and Azure Pipelines, `##teamcity[`.
 *
 * The text stays readable: what would begin a command is parted by a space.
 *
 * @example withoutCommands("::error::x") // ": :error::x"
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 * @see https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */
export function withoutCommands(text: string): string {
  // White space, and colours, are looked at only within their line: otherwise line breaks in a row cost their square.
  return text
    .replace(/##(?=\[|vso\[|teamcity\[)/gi, "# #")
    .replace(
      /(^|[\r\n\u0085\u2028\u2029])((?:[^\S\r\n\u2028\u2029]|\u001b\[\d+m)*):(?=:)/g,
      "$1$2: ",
    );
}

/**
 * What the commands print, several lines of it: what hides or moves other text is written out as its
 * code point, and nothing is a command to the runner of a pipeline. Of escape sequences only the
 * colours stay that the commands themselves use, and those only where they are asked for.
 */
export function printableText(text: string, colour = false): string {
  const parts = text
    .replace(/\r\n/g, "\n")
    .split(colour ? /(\u001b\[(?:1|2|22|3[1-6]|39)m)/ : /$^/);
  const shown = parts.map((part, at) => (at % 2 === 1 ? part : part.replace(acting, escapeOf)));
  return withoutCommands(shown.join(""));
}

/** What {@link visibleText} writes out, save what only draws in an unusual way, and line breaks. */
const acting = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

function escapeOf(character: string): string {
  return character === "\t" ? " " : codePoint(character);
}

/**
 * A value as JSON that may be printed anywhere: what a terminal, an editor or the runner of a
 * pipeline would act on is written as an escape, so that what is parsed is unchanged.
 *
 * @param indent Spaces per level; 0 leaves everything in one line.
 */
export function jsonText(value: unknown, indent = 2): string {
  const text = JSON.stringify(value, undefined, indent);
  return text
    .replace(/(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu, (character) =>
      [...Array(character.length).keys()]
        .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
        .join(""),
    )
    .replace(/##(?=\[|vso\[|teamcity\[)/gi, "#\\u0023");
}

/** Whether a text is one line of which nothing is hidden, and which moves or reverses nothing. */
export function isPlainLine(text: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
}

/** The same for a text that may have several lines, and tabulators. */
export function isPlainText(text: string): boolean {
  return isPlainLine(text.replace(/\r?\n|\t/g, ""));
}
