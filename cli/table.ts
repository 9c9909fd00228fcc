/**
 * Rows of text in columns as wide as their widest cell, each row a line that is indented by two. Where
 * a terminal is narrower, the widest column stands below its row, and the rest again in columns.
 *
 * @param columns Width of the terminal; `undefined` keeps each row on one line, as logs want it.
 * @example table([["Generation", "Days left"], ["2026-11", "20"]])
 */
export function table(rows: readonly (readonly string[])[], columns?: number): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const whole = widths.reduce((sum, width) => sum + width + 2, 0);
  if (columns !== undefined && whole > columns && widths.length > 1) {
    const widest = widths.indexOf(Math.max(...widths));
    const lines = table(
      rows.map((row) => row.filter((_, at) => at !== widest)),
      columns,
    ).split(/\n(?=  \S|$)/);
    return rows.map((row, at) => `${lines[at] ?? ""}\n    ${row[widest] ?? ""}\n`).join("");
  }
  return rows
    .map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd())
    .map((line) => `${line}\n`)
    .join("");
}
