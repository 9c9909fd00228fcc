/** A line below the column names. */
export interface CsvRow {
  /** Where it begins, counted as an editor does. */
  readonly line: number;
  /** By the name of its column in lower case. */
  readonly values: Readonly<Record<string, string>>;
}

/** What a CSV holds. */
export interface CsvTable {
  /** In lower case. */
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
  /** What makes it uncertain which value belongs to which column. */
  readonly faults: readonly string[];
}

/**
 * Reads comma-separated values with a line of column names; quotes as RFC 4180 has them. Excel's
 * semicolons and tabs are taken where the first line has them, and its `sep=` before that.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function parseCsv(text: string): CsvTable {
  const whole = text.replace(/^\uFEFF/, "");
  const [announced = "", sign] = /^sep=(.)\r?\n/i.exec(whole) ?? [];
  const content = whole.slice(announced.length);
  const [first = ""] = content.split(/\r?\n/);
  const comma = sign ?? [",", ";", "\t"].find((one) => first.includes(one)) ?? ",";
  let line = announced === "" ? 1 : 2;
  const rows = [{ line, cells: [""] }];
  let opened: number | undefined;
  for (const character of content) {
    const { cells } = rows.at(-1) as (typeof rows)[0];
    const last = cells.length - 1;
    line += character === "\n" ? 1 : 0;
    if (character === '"') {
      opened = opened === undefined ? line : undefined;
      // A doubled quote closes and opens again, with one quote between.
      if (opened !== undefined && cells[last] !== "") {
        cells[last] += '"';
      }
    } else if (character === comma && opened === undefined) {
      cells.push("");
    } else if (character === "\n" && opened === undefined) {
      rows.push({ line, cells: [""] });
    } else if (character !== "\r" || opened !== undefined) {
      cells[last] += character;
    }
  }
  const trimmed = rows.map((row) => ({ ...row, cells: row.cells.map((cell) => cell.trim()) }));
  const [head, ...others] = trimmed;
  const columns = (head?.cells ?? []).map((name) => name.toLowerCase());
  const filled = others.filter(({ cells }) => cells.some((cell) => cell !== ""));
  return {
    columns: columns.filter((name) => name !== ""),
    rows: filled.map((row) => ({
      line: row.line,
      values: Object.fromEntries(columns.map((name, at) => [name, row.cells[at] ?? ""])),
    })),
    faults: [
      ...columns
        .filter((name, at) => name !== "" && columns.indexOf(name) < at)
        .map((name) => `the column "${name}" is there twice. Keep one.`),
      ...(opened === undefined
        ? []
        : [`line ${opened}: a quote is opened and not closed. Close it, or double it.`]),
      ...filled
        .filter(({ cells }) => cells.some((cell, at) => cell !== "" && !columns[at]))
        .map(
          (row) =>
            `line ${row.line} has more values than there are columns. Put a value that has "${comma === "\t" ? "a tab" : comma}" in it into quotes.`,
        ),
    ],
  };
}
