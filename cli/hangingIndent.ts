import { unbrokenWords } from "../system/unbrokenWords";
import { asTypedHere } from "./typedCommands";

/**
 * Breaks a line, with its commands as they are typed here, at spaces so that no row is wider than a terminal; rows after the first are
 * indented. A word that is wider stays whole, and so does a command.
 *
 * @param columns Width of the terminal; `undefined` leaves the line whole, as logs want it.
 * @example hangingIndent("  ✗ role  the role is missing", 10, 20)
 */
export function hangingIndent(text: string, indent: number, columns: number | undefined): string {
  const line = asTypedHere(text);
  if (columns === undefined || columns < indent + 20 || line.length <= columns) {
    return line;
  }
  const rows: string[] = [];
  const [first = "", ...words] = unbrokenWords(line.slice(indent));
  let row = line.slice(0, indent) + first;
  for (const word of words) {
    if (row.length + 1 + word.length > columns) {
      rows.push(row.trimEnd());
      row = " ".repeat(indent) + word;
    } else {
      row = `${row} ${word}`;
    }
  }
  return [...rows, row].join("\n");
}
