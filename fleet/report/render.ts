import { csvLine } from "../../system/csv";
import { jsonText } from "../../system/visibleText";
import { renderReportHtml } from "./html";
import { renderReportMarkdown } from "./markdown";
import type { FleetReport } from "./documentShape";
import { renderOpenMetrics } from "./openMetrics";
import { reportTables } from "./tables";

/** Forms of the report. */
export const reportFormats = ["markdown", "html", "json", "csv", "openmetrics"] as const;

/** One of {@link reportFormats}. */
export type ReportFormat = (typeof reportFormats)[number];

/** Renders the report in a form. */
export function renderReport(report: FleetReport, format: ReportFormat): string {
  switch (format) {
    case "markdown":
      return renderReportMarkdown(report);
    case "html":
      return renderReportHtml(report);
    case "json":
      return `${jsonText(report)}\n`;
    case "csv":
      return renderCsv(report);
    case "openmetrics":
      return renderOpenMetrics(report);
  }
}

/** Every table, one after the other: a line with its title, one with its columns, its rows and an empty line. */
function renderCsv(report: FleetReport): string {
  return reportTables(report)
    .flatMap(({ title, columns, rows }) => [
      [title],
      columns.map((column) => column.title),
      ...rows,
      [],
    ])
    .map(csvLine)
    .join("");
}
