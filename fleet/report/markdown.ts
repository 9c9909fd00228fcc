import { markdownCode, markdownProse } from "../../review/render/markdownText";
import { countsInWords, plural } from "../../review/render/wording";
import { bands, type FleetReport } from "./documentShape";
import { summaryOfReport } from "./model";
import { type Cell, type Column, type ReportTable, reportTables } from "./tables";

/** How {@link renderReportMarkdown} renders. */
export interface ReportMarkdownOptions {
  /** Most rows of each table. @default all */
  readonly rows?: number;
}

/** Renders the report as GitHub Flavored Markdown, for a run's summary or a wiki. */
export function renderReportMarkdown(
  report: FleetReport,
  { rows = Infinity }: ReportMarkdownOptions = {},
): string {
  return `${[
    `## ${reportTitle(report)}`,
    ...summarySentences(report),
    ...report.notes.map((note) => markdownProse(note)),
    ...reportTables(report).flatMap((table) => tableParts(table, rows)),
  ].join("\n\n")}\n`;
}

/** @example reportTitle(report) // "50 tenants, 2 failed" */
export function reportTitle(report: FleetReport): string {
  const { tenants, failed } = summaryOfReport(report);
  return `${plural(tenants, "tenant")}, ${failed === 0 ? "all looked at" : `${failed} failed`}`;
}

/** What there is to know before any table, in plain sentences. */
export function summarySentences(report: FleetReport): string[] {
  const { risks, certificates, outliers } = summaryOfReport(report);
  const hasLooked = report.tenants.some(({ lookedBy }) =>
    lookedBy.some((command) => command !== "certificates"),
  );
  const soon = bands
    .slice(0, -1)
    .filter((band) => certificates[band] > 0)
    .map((band) => `${certificates[band]} ${band === "expired" ? band : `expire ${band}`}`);
  return [
    `Findings: ${report.findings.length > 0 ? countsInWords(risks) : hasLooked ? "none" : "no command has looked for any"}.`,
    `Active certificates: ${soon.join(", ") || "none expires within 60 days"}.`,
    `${plural(outliers, "tenant")} with other access than the common template.`,
  ];
}

function tableParts({ title, none, columns, rows }: ReportTable, most: number): string[] {
  if (rows.length === 0) {
    return [`### ${title}`, none];
  }
  const shown = rows.slice(0, most);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `### ${title}`,
    [
      line(columns.map((column) => column.title)),
      line(columns.map(({ kind }) => (kind === "number" ? "--:" : "---"))),
      ...shown.map((cells) => line(cells.map((cell, at) => markdownCell(cell, columns[at])))),
    ].join("\n"),
    ...(shown.length < rows.length
      ? [`… and ${plural(rows.length - shown.length, "row")} more.`]
      : []),
  ];
}

function markdownCell(cell: Cell, column: Column | undefined): string {
  if (typeof cell === "number" || cell === "") {
    return String(cell);
  }
  switch (column?.kind) {
    case "level":
      return cell === "critical" || cell === "high" || cell === "expired" ? `**${cell}**` : cell;
    case "choice":
      return markdownProse(cell);
    default:
      return /\s/.test(cell) ? markdownProse(cell) : markdownCode(cell);
  }
}
