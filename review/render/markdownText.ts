import { shortenText, visibleText } from "../../system/visibleText";

/**
 * What every parser takes literally in a code span, so that it can be read where Markdown is not
 * rendered: no character that ends the span or a table's cell, no two blanks in a row.
 */
const plain = /^(?! )(?!.*[wW]{3}\.)(?!.* $)(?!.* {2})(?!.*\/\/)[\p{L}\p{N} .,:;()'/⏎⟨⟩…→_+=-]+$/u;

/**
 * A text out of a stack as inline code in Markdown, usable in a table cell.
 *
 * One of plain characters stands in backticks as it is. In any other, characters that mean something
 * to Markdown or HTML become character references, which by the CommonMark specification never open
 * a structure; `<code>` keeps a forge from making mentions, references and links of what remains. A
 * code span of backticks would not do there: parsers differ in how they treat a pipe in it.
 *
 * @see https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references
 */
export function markdownCode(text: string, limit = 160): string {
  const visible = shortenText(visibleText(text), limit);
  if (plain.test(visible)) {
    return `\`${visible}\``;
  }
  return visible.trim() === ""
    ? "<code>(empty)</code>"
    : `<code>${references(visible, openersInCode)}</code>`;
}

/** A sentence in Markdown, usable in a table cell; nothing in it is taken as markup. */
export function markdownProse(text: string, limit = 400): string {
  return shortenText(visibleText(text), limit)
    .split(commitIds)
    .map((part, index) => (index % 2 === 0 ? references(part, openersInProse) : partDigits(part)))
    .join("");
}

/** What a forge takes for the id of a commit: the parts in between have an odd index. */
const commitIds = /(?<![\p{L}\p{N}])([0-9a-f]{7,64})(?![\p{L}\p{N}])/iu;

/** Digits in groups too short for the id of a commit. */
function partDigits(digits: string): string {
  return (digits.match(/.{1,6}/g) ?? []).join(gap);
}

/**
 * A text for a fenced code block, in which nothing but the closing fence means anything.
 */
export function markdownFenced(text: string, limit: number): string {
  return shortenText(visibleText(text), limit).replace(/[`~]/g, "'");
}

/** An empty comment parts what a forge would otherwise join to a mention, reference or address. */
const gap = "<!-- -->";

/** What opens a mention or a reference on GitHub, GitLab or Azure DevOps, and formulas and emoji. */
const openersInProse = "@#$:!%~&^";

/** The same within `<code>`, where forges look for nothing but addresses. */
const openersInCode = "@";

/** What means nothing in a sentence where it stands: it is left as it is, to be read as text too. */
function isPlainHere(character: string, at: number, text: string): boolean {
  const [before = "", after = ""] = [text.charAt(at - 1), text.charAt(at + 1)];
  switch (character) {
    case '"':
    case "?":
      return true;
    case "+":
    case "=":
      return at > 0;
    case ":":
      return after === "" || after === " ";
    case "_":
      return /[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after);
    default:
      return false;
  }
}

function references(text: string, openers: string): string {
  const reference = (character: string, at: number, whole: string) => {
    if (openers === openersInProse && isPlainHere(character, at, whole)) {
      return character;
    }
    const code = `&#${character.codePointAt(0) ?? 0};`;
    return openers.includes(character) ? `${gap}${code}${gap}` : code;
  };
  return (
    text
      .replace(/[^\p{L}\p{M}\p{N} ,.;()/'⏎⟨⟩…-]/gu, reference)
      .replace(/(&#58;)(?=\/)/g, `$1${gap}`)
      // Some renderers make links of bare domains and of what begins with two slashes.
      .replace(/(?<=\/)\//g, "&#47;")
      .replace(/(www)\./gi, `$1${gap}&#46;`)
      .replace(/(?<=[^\s.])\.(?=[^\s.])/g, "&#46;")
      .replace(/(\bGH)-/gi, `$1${gap}-`)
      .replace(/ {2,}/g, (spaces) => ` ${"&#160;".repeat(spaces.length - 1)}`)
      .replace(/^(?:[- ]|\d(?=\d*[.)]))/, (first) => `&#${first.charCodeAt(0)};`)
  );
}
