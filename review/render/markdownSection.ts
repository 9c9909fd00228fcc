import type { PermissionChange, PolicyViolation, StackReview } from "../documentShape";
import type { Risk } from "../model";
import { type Share, stacksInWords } from "./shares";
import { nameInUrn } from "../input/urn";
import { type Line, placePartsLast, reportLines, summaryInWords, violationTitle } from "./lines";
import { markdownCode, markdownProse } from "./markdownText";
import {
  actionSigns,
  actionVerbs,
  addCounts,
  countRisks,
  countsInWords,
  explanationsOf,
  incompleteText,
  kindTitles,
  linkOf,
  plural,
  restInWords,
  reviewTitle,
  sidesOf,
  namedSubjectOf,
} from "./wording";

/** One stack's part of a report, of which any number of rows can be shown. */
export interface Section {
  readonly review: StackReview;
  /** The stacks that it is about. */
  readonly stacks: readonly StackReview[];
  /** A row is a violated policy or a change. */
  readonly rowCount: number;
  /** Number of critical rows: they are the first ones. */
  readonly criticals: number;
  readonly hasDetails: boolean;
  /** At least the size of {@link withRows} with the blank line before it. */
  sizeWith(rows: number): number;
  /** Heading, table and, where rows are missing, a line that says how many. */
  withRows(rows: number): string;
  /** Number of rows by risk after the first ones, each as often as there are stacks. */
  countsAfter(rows: number): Record<Risk, number>;
  /** The folded part; empty where there is nothing to say. */
  details(): string;
}

const tableHead = "| Risk | Change | For | Before → after | Why |\n| --- | --- | --- | --- | --- |";

const noChange = "No permission change.";

/** Most characters of the sentence that says what the changes come to. */
export const decisionLimit = 500;

/** Most characters of the line that says how many rows are missing. */
const cutLineSize = 160;

/** What a fold of a table adds to it. */
const foldSize = 200;

/** Prepares a stack's section: every row is rendered once. */
export function sectionOf(review: StackReview): Section {
  return prepareSection({ review, stacks: [review] }, sectionHead(review), false);
}

/**
 * Prepares the section of what several stacks have in common. Below its worst risk everything is
 * folded.
 *
 * @param all Every stack of the report.
 */
export function sectionOfShare(share: Share, all: readonly StackReview[]): Section {
  const { decision } = share.review;
  const head = shareHead(share, all);
  return prepareSection(
    share,
    decision === undefined ? head : `${head}\n\n**${markdownProse(decision, decisionLimit)}**`,
    true,
  );
}

function prepareSection({ review, stacks }: Share, head: string, folds: boolean): Section {
  const all = reportLines(review);
  const { lines, shown } = placePartsLast(all, stacks[0] ?? review);
  const hasParts = shown < lines.length;
  const rows = lines.map(sectionRow);
  const sizes = [0];
  for (const row of rows) {
    sizes.push((sizes.at(-1) ?? 0) + row.length + 2);
  }
  const worst = lines.filter(({ risk }, at) => at < shown && risk === lines[0]?.risk).length;
  const open = hasParts ? shown : worst;
  const none = folds ? "" : noChange;
  const fixed = head.length + (rows.length > 0 ? tableHead.length : none.length) + 24;
  const countsAfter = (count: number) => countRisks(lines.slice(count));
  const folded = hasDetails(review);
  const fold = (count: number) => (folds || hasParts) && count > open;
  return {
    review,
    stacks,
    rowCount: rows.length,
    criticals: countRisks(lines).critical,
    hasDetails: folded,
    countsAfter: (count) => addCounts(stacks.map(() => countsAfter(count))),
    sizeWith: (count) =>
      fixed +
      (sizes[count] ?? 0) +
      (count < rows.length ? cutLineSize : 0) +
      (fold(count) ? tableHead.length + foldSize : 0),
    withRows: (count) =>
      [
        head,
        ...tables(
          rows.slice(0, count),
          fold(count) ? open : count,
          (from) =>
            `${hasParts ? "Its parts" : `Below ${lines[0]?.risk ?? "info"}`}: ${countsInWords(countRisks(lines.slice(from, count)))}`,
        ),
        ...(rows.length === 0 && none !== "" ? [none] : []),
        ...(count < rows.length
          ? [
              `… and ${plural(rows.length - count, review.violations.length > 0 ? "row" : "change")} more: ${countsInWords(countsAfter(count))}.`,
            ]
          : []),
      ].join("\n\n"),
    details: () => (folded ? detailsSection(review, lines) : ""),
  };
}

/** A table of the first rows, and a folded one of the others. */
function tables(
  rows: readonly string[],
  shown: number,
  summary: (shown: number) => string,
): string[] {
  const tableOf = (some: readonly string[]) => [tableHead, ...some].join("\n");
  const [first, others] = [rows.slice(0, shown), rows.slice(shown)];
  return [
    ...(first.length > 0 ? [tableOf(first)] : []),
    ...(others.length > 0
      ? [`<details><summary>${summary(shown)}</summary>\n\n${tableOf(others)}\n\n</details>`]
      : []),
  ];
}

/** Which stacks it is about: each is named, or all but those that are. */
function shareHead({ stacks }: Share, all: readonly StackReview[]): string {
  const [only] = stacks;
  if (stacks.length === 1 && only !== undefined) {
    return sectionHead({ ...only, complete: true });
  }
  return `### ${stacksInWords(stacks, all, (stack) => markdownCode(stack, 60))}`;
}

function sectionHead(review: StackReview): string {
  const stack =
    reviewTitle(review) === review.stack ? "" : ` (stack ${markdownCode(review.stack, 100)})`;
  const heading = `### ${markdownCode(reviewTitle(review), 120)}${stack}`;
  return review.complete ? heading : `${heading}\n\n**${markdownProse(incompleteText(review))}**`;
}

function sectionRow(line: Line): string {
  return "violation" in line
    ? markdownViolationRow(line.violation)
    : markdownChangeRow(line.change);
}

function markdownViolationRow(violation: PolicyViolation): string {
  const { severity, displayName, resource, message, remediation } = violation;
  const what = `${violationTitle(violation)} ${markdownProse(displayName)}`;
  const why = markdownProse(`${message} ${remediation}`, 700);
  return `| ${markdownRisk(severity)} | ${what} | ${markdownCode(nameInUrn(resource), 100)} |  | ${why} |`;
}

function markdownChangeRow(change: PermissionChange): string {
  const { risk, action, kind, target } = change;
  const what = `${actionVerbs[action]} ${kindTitles[kind]} ${markdownCode(namedSubjectOf(change))}`;
  const whom = target === undefined ? "" : markdownCode(target, 100);
  const sides = sidesOf(change, " → ", (text) => markdownCode(text, 200));
  const why = explanationsOf(change)
    .map((text) => markdownProse(text, 900))
    .join("<br>");
  return `| ${markdownRisk(risk)} | ${what} | ${whom} | ${sides} | ${why} |`;
}

function markdownRisk(risk: Risk): string {
  return risk === "critical" || risk === "high" ? `**${risk}**` : risk;
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

function detailsSection(review: StackReview, lines: readonly Line[]): string {
  const rest = restInWords(review.rest);
  const groups = [
    markdownList("Resources and sources", lines.map(lineDetail)),
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

function lineDetail(line: Line): string {
  const { source, resource } = "violation" in line ? line.violation : line.change;
  const link = linkOf(source);
  const page = link === undefined ? "" : ` ([source](<${link}>))`;
  const what =
    "violation" in line
      ? `policy ${markdownCode(line.violation.policy)}`
      : `${markdownCode(actionSigns[line.change.action])} ${markdownCode(namedSubjectOf(line.change))}`;
  return `${what}: ${markdownCode(resource, 400)}${page}`;
}

function markdownList(title: string, items: readonly string[]): string {
  return items.length === 0 ? "" : `**${title}**\n\n${items.map((item) => `- ${item}`).join("\n")}`;
}
