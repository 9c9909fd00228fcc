/**
 * Breaks a line at spaces so that no row is wider than a terminal; rows after the first are
 * indented. A word that is wider stays whole.
 *
 * @param columns Width of the terminal; `undefined` leaves the line whole, as logs want it.
 * @example hangingIndent("  ✗ role  the role is missing", 10, 20)
 */
export function hangingIndent(line: string, indent: number, columns: number | undefined): string {
  if (columns === undefined || columns < indent + 20 || line.length <= columns) {
    return line;
  }
  const rows: string[] = [];
  let row = line.slice(0, indent);
  for (const word of line.slice(indent).split(" ")) {
    const joined = row.trim() === "" || row.length === indent ? `${row}${word}` : `${row} ${word}`;
    if (joined.length > columns && row.trim() !== "") {
      rows.push(row.trimEnd());
      row = " ".repeat(indent) + word;
    } else {
      row = joined;
    }
  }
  return [...rows, row].join("\n");
}
