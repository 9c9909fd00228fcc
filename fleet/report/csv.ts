import type { FleetReport } from "./model";
import { type Cell, reportTables } from "./tables";

/**
 * Every table as comma-separated values, one after the other: each has a line with its title, one
 * with its columns, its rows and an empty line.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function renderCsv(report: FleetReport): string {
  return reportTables(report)
    .map(({ title, columns, rows }) =>
      [[title], columns.map((column) => column.title), ...rows, []].map(csvLine).join(""),
    )
    .join("");
}

function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/**
 * A cell that a spreadsheet takes for text: what would begin a formula gets an apostrophe.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function csvCell(cell: Cell): string {
  if (typeof cell === "number") {
    return String(cell);
  }
  const plain = /^\s*[=+\-@]/.test(cell) ? `'${cell}` : cell;
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
