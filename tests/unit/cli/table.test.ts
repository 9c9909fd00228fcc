/** Tables at the width of a terminal: no row is broken by it. */
import { table } from "../../../cli/table";

const rows = [
  ["Generation", "Thumbprint", "Expires", "Active"],
  ["2026-11", "75029089F20CE8175832697BF16659EAFA3AC937", "2027-11-26", ""],
  ["2026-11b", "FA3EBDB1F01D15BA59E3EF60E49396D3B8DAEE4C", "2027-11-26", "yes"],
];

test("a log has each row on one line, however long", () => {
  expect(table(rows).split("\n")).toHaveLength(4);
  expect(table(rows)).toBe(table(rows, 200));
});

test("in a terminal that is narrower the widest column stands below its row", () => {
  expect(table(rows, 60)).toBe(
    [
      "  Generation  Expires     Active",
      "    Thumbprint",
      "  2026-11     2027-11-26",
      "    75029089F20CE8175832697BF16659EAFA3AC937",
      "  2026-11b    2027-11-26  yes",
      "    FA3EBDB1F01D15BA59E3EF60E49396D3B8DAEE4C",
      "",
    ].join("\n"),
  );
});

test.each([20, 30, 50, 79, 80])("no row is wider than %d columns unless a cell is", (columns) => {
  const lines = table(rows, columns).split("\n");
  const widestCell = 44;
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(
    Math.max(columns, widestCell),
  );
  for (const cell of rows.flat().filter((one) => one !== "")) {
    expect(lines.some((line) => line.includes(cell))).toBe(true);
  }
});
