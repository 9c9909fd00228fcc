/**
 * A line of comma-separated values. A text that a spreadsheet would take for a formula gets an
 * apostrophe in front; signs of full width count, and what cannot be seen before them does not. What
 * another separator would part, a semicolon as in many countries, is quoted.
 *
 * @example csvLine(["a,b", 1, "=2"]) // "\"a,b\",1,'=2\r\n"
 * @see https://www.rfc-editor.org/rfc/rfc4180
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(cell: string | number): string {
  if (typeof cell === "number") {
    return String(cell);
  }
  const plain = /^([\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|[\t\r])/u.test(cell) ? `'${cell}` : cell;
  return /[",;\t\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
