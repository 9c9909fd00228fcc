import { readFileSync } from "node:fs";
import { join } from "node:path";
import { escapedHtml, htmlPage } from "../../review/render/htmlPage";
import { jsonText } from "../../system/visibleText";
import { reportStyle } from "./htmlStyle";
import { expiryTimeline } from "./htmlTimeline";
import { reportTitle, summarySentences } from "./markdown";
import type { FleetReport } from "./documentShape";
import { reportTables } from "./tables";

/**
 * Renders the report as one HTML page that needs nothing else and asks nobody for anything: tables
 * that filter, sort and turn pages by the page's own program, which keeps no more than one page of
 * each in the document.
 */
export function renderReportHtml(report: FleetReport): string {
  const tables = reportTables(report);
  const script = readFileSync(join(__dirname, "page.js"), "utf8");
  // In a script element nothing but its own end means anything.
  const data = jsonText({ tables }, 0).replaceAll("<", "\\u003c");
  const title = reportTitle(report);
  return htmlPage(
    { title, style: reportStyle, script },
    `<h1>${title}</h1>`,
    `<p class="made">Made ${escapedHtml(report.generated.slice(0, 16).replace("T", " "))} UTC by apponly.</p>`,
    `<ul class="summary">${summarySentences(report)
      .map((sentence) => `<li>${sentence}</li>`)
      .join("")}</ul>`,
    ...report.notes.map((note) => `<p class="note">${escapedHtml(note)}</p>`),
    '<p class="filter"><label>Filter all tables <input id="everywhere" type="search" autocomplete="off"></label></p>',
    `<nav aria-label="Tables">${tables
      .map(({ id, title: name, rows }) => `<a href="#${id}">${name} (${rows.length})</a>`)
      .join(" ")}</nav>`,
    "<noscript><p>The tables need JavaScript. The Markdown, CSV and JSON forms of the report do not.</p></noscript>",
    ...tables.flatMap(({ id, title: name, about }) => [
      `<section id="${id}">`,
      `<h2>${name}</h2>`,
      `<p>${about}</p>`,
      ...(id === "expiry" ? [expiryTimeline(report)] : []),
      '<div class="table"></div>',
      "</section>",
    ]),
    `<script type="application/json" id="report">${data}</script>`,
  );
}
