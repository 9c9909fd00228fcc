/**
 * Reads comma-separated values with a line of column names; quotes as RFC 4180 has them. Excel's
 * semicolons are taken where the first line has them.
 *
 * @returns A record for each line, by the name of its column in lower case.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function parseCsv(text: string): Record<string, string>[] {
  const content = text.replace(/^\uFEFF/, "");
  const [first = ""] = content.split(/\r?\n/);
  const comma = first.includes(";") && !first.includes(",") ? ";" : ",";
  const rows: string[][] = [[""]];
  let quoted = false;
  for (const character of content) {
    const row = rows.at(-1) ?? [];
    const last = row.length - 1;
    if (character === '"') {
      quoted = !quoted;
      // A doubled quote closes and opens again, with one quote between.
      if (quoted && row[last] !== "") {
        row[last] += '"';
      }
    } else if (character === comma && !quoted) {
      row.push("");
    } else if (character === "\n" && !quoted) {
      rows.push([""]);
    } else if (character !== "\r" || quoted) {
      row[last] += character;
    }
  }
  const [names = [], ...lines] = rows;
  return lines
    .filter((row) => row.some((cell) => cell.trim() !== ""))
    .map((row) =>
      Object.fromEntries(
        names.map((name, at) => [name.trim().toLowerCase(), row[at]?.trim() ?? ""]),
      ),
    );
}
