import { unbrokenWords } from "../../system/unbrokenWords";

/** East Asian wide and full-width characters, and emoji: two columns each. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F000}-\u{1FAFF}\u{20000}-\u{3FFFD}\p{Emoji_Presentation}]/u;

/**
 * Columns a text takes in a terminal. It must hold no control characters.
 *
 * @example columnsOf("日本") // 4
 * @see https://www.unicode.org/reports/tr11/
 */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    columns += columnsOfCharacter(character);
  }
  return columns;
}

function columnsOfCharacter(character: string): number {
  if (character >= " " && character <= "~") {
    return 1;
  }
  if (/\p{M}/u.test(character)) {
    return 0;
  }
  return wide.test(character) ? 2 : 1;
}

/**
 * Breaks a text into lines of at most `width` columns, between words where there are any. A command stays
 * whole, however wide.
 *
 * @param first Indent of the first line.
 * @param following Indent of the others.
 */
export function wrapText(text: string, width: number, first = "", following = first): string[] {
  const lines: string[] = [];
  let line = first;
  let used = columnsOf(first);
  let empty = true;
  const breakLine = () => {
    lines.push(line);
    line = following;
    used = columnsOf(following);
    empty = true;
  };
  for (const word of unbrokenWords(text).filter((one) => one !== "")) {
    const size = columnsOf(word);
    if (!empty && used + 1 + size > width) {
      breakLine();
    }
    if (!empty) {
      line += " ";
      used += 1;
    }
    for (const character of size > width - used && !word.includes(" ") ? word : [word]) {
      const columns = columnsOf(character);
      if (!empty && character !== word && used + columns > width) {
        breakLine();
      }
      line += character;
      used += columns;
      empty = false;
    }
  }
  return empty && lines.length > 0 ? lines : [...lines, line];
}
