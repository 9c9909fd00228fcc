import type { PermissionChange, PolicyViolation, StackReview } from "../documentShape";
import type { Risk } from "../model";
import { nameInUrn } from "../input/urn";
import { type Line, reportLines, summaryInWords, violationTitle } from "./lines";
import { markdownCode, markdownProse } from "./markdownText";
import {
  actionSigns,
  actionVerbs,
  countRisks,
  countsInWords,
  hasSides,
  kindTitles,
  linkOf,
  plural,
  restInWords,
  textOfValue,
  reviewTitle,
  wordOf,
} from "./wording";

/** One stack's part of a report, of which any number of rows can be shown. */
export interface Section {
  readonly review: StackReview;
  /** Number of changes by risk. */
  readonly counts: Readonly<Record<Risk, number>>;
  /** A row is a violated policy or a change. */
  readonly rowCount: number;
  /** Number of critical rows: they are the first ones. */
  readonly criticals: number;
  readonly hasDetails: boolean;
  /** At least the size of {@link withRows} with the blank line before it. */
  sizeWith(rows: number): number;
  /** Heading, table and, where rows are missing, a line that says how many. */
  withRows(rows: number): string;
  /** Number of rows by risk after the first ones. */
  countsAfter(rows: number): Record<Risk, number>;
  /** The folded part; empty where there is nothing to say. */
  details(): string;
}

const tableHead = "| Risk | Change | For | Before → after | Why |\n| --- | --- | --- | --- | --- |";

const noChange = "No permission change.";

/** Most characters of the line that says how many rows are missing. */
const cutLineSize = 160;

/** Prepares a stack's section: every row is rendered once. */
export function sectionOf(review: StackReview): Section {
  const lines = reportLines(review);
  const rows = lines.map(rowOf);
  const sizes = [0];
  for (const row of rows) {
    sizes.push((sizes.at(-1) ?? 0) + row.length + 2);
  }
  const head = sectionHead(review);
  const fixed = head.length + (rows.length > 0 ? tableHead.length : noChange.length) + 24;
  const countsAfter = (count: number) => countRisks(lines.slice(count));
  const folded = hasDetails(review);
  return {
    review,
    counts: countRisks(review.changes),
    rowCount: rows.length,
    criticals: countRisks(lines).critical,
    hasDetails: folded,
    countsAfter,
    sizeWith: (count) => fixed + (sizes[count] ?? 0) + (count < rows.length ? cutLineSize : 0),
    withRows: (count) =>
      [
        head,
        ...(count > 0 ? [[tableHead, ...rows.slice(0, count)].join("\n")] : []),
        ...(rows.length === 0 ? [noChange] : []),
        ...(count < rows.length
          ? [
              `… and ${plural(rows.length - count, review.violations.length > 0 ? "row" : "change")} more: ${countsInWords(countsAfter(count))}.`,
            ]
          : []),
      ].join("\n\n"),
    details: () => (folded ? detailsOf(review, lines) : ""),
  };
}

function sectionHead(review: StackReview): string {
  const stack =
    reviewTitle(review) === review.stack ? "" : ` (stack ${markdownCode(review.stack, 100)})`;
  const heading = `### ${markdownCode(reviewTitle(review), 120)}${stack}`;
  return review.complete
    ? heading
    : `${heading}\n\n**Incomplete preview:** changes may be missing.`;
}

function rowOf(line: Line): string {
  return "violation" in line ? violationRow(line.violation) : changeRow(line.change);
}

function violationRow(violation: PolicyViolation): string {
  const { severity, displayName, resource, message, remediation } = violation;
  const what = `${violationTitle(violation)} ${markdownProse(displayName)}`;
  const why = markdownProse(`${message} ${remediation}`, 700);
  return `| ${markOf(severity)} | ${what} | ${markdownCode(nameInUrn(resource), 100)} |  | ${why} |`;
}

function changeRow(change: PermissionChange): string {
  const { risk, action, kind, subject, target, before, after, reason, consequence } = change;
  const what = `${actionVerbs[action]} ${kindTitles[kind]} ${markdownCode(subject)}`;
  const whom = target === undefined ? "" : markdownCode(target, 100);
  const sides = hasSides(change) ? `${sideOf(before)} → ${sideOf(after)}` : "";
  const why = markdownProse([reason, consequence].filter(Boolean).join(" "), 500);
  return `| ${markOf(risk)} | ${what} | ${whom} | ${sides} | ${why} |`;
}

function markOf(risk: Risk): string {
  return risk === "critical" || risk === "high" ? `**${risk}**` : risk;
}

function sideOf(value: PermissionChange["before"]): string {
  return wordOf(value) ?? markdownCode(textOfValue(value), 200);
}

function hasDetails(review: StackReview): boolean {
  return (
    review.changes.length > 0 ||
    review.violations.length > 0 ||
    review.replacements.length > 0 ||
    review.warnings.length > 0 ||
    restInWords(review.rest) !== ""
  );
}

function detailsOf(review: StackReview, lines: readonly Line[]): string {
  const rest = restInWords(review.rest);
  const groups = [
    markdownList("Resources and sources", lines.map(detailOf)),
    markdownList(
      "Replaced, which breaks",
      review.replacements.map(
        ({ resource, consequence }) =>
          `${markdownCode(resource, 400)}: ${markdownProse(consequence)}`,
      ),
    ),
    markdownList(
      "Warnings",
      review.warnings.map((warning) => markdownProse(warning, 600)),
    ),
    rest === "" ? "" : `Without a permission change: ${markdownProse(rest)}.`,
  ].filter((group) => group !== "");
  const total = summaryInWords(countRisks(review.changes), review.violations.length);
  return `<details><summary>Details: ${total}</summary>\n\n${groups.join("\n\n")}\n\n</details>`;
}

function detailOf(line: Line): string {
  const { source, resource } = "violation" in line ? line.violation : line.change;
  const link = linkOf(source);
  const page = link === undefined ? "" : ` ([source](<${link}>))`;
  const what =
    "violation" in line
      ? `policy ${markdownCode(line.violation.policy)}`
      : `${markdownCode(actionSigns[line.change.action])} ${markdownCode(line.change.subject)}`;
  return `${what}: ${markdownCode(resource, 400)}${page}`;
}

function markdownList(title: string, items: readonly string[]): string {
  return items.length === 0 ? "" : `**${title}**\n\n${items.map((item) => `- ${item}`).join("\n")}`;
}
