import { type PermissionChange, type Risk, type StackReview } from "../model";
import { markdownCode, markdownProse } from "./markdownText";
import {
  actionSigns,
  actionVerbs,
  addCounts,
  countRisks,
  countsInWords,
  hasSides,
  kindTitles,
  linkOf,
  plural,
  restInWords,
  textOfValue,
  titleOf,
  wordOf,
} from "./wording";

/** One stack's part of a report, of which any number of rows can be shown. */
export interface Section {
  readonly review: StackReview;
  readonly counts: Readonly<Record<Risk, number>>;
  readonly rowCount: number;
  /** Number of critical changes: they are the first rows. */
  readonly criticals: number;
  readonly hasDetails: boolean;
  /** At least the size of {@link withRows} with the blank line before it. */
  sizeWith(rows: number): number;
  /** Heading, table and, where rows are missing, a line that says how many. */
  withRows(rows: number): string;
  /** Number of changes by risk after the first rows. */
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
  const changes = criticalsFirst(review.changes);
  const counts = countRisks(changes);
  const rows = changes.map(rowOf);
  const sizes = [0];
  for (const row of rows) {
    sizes.push((sizes.at(-1) ?? 0) + row.length + 2);
  }
  const head = headOf(review);
  const fixed = head.length + (rows.length > 0 ? tableHead.length : noChange.length) + 24;
  const countsAfter = (count: number) => countRisks(changes.slice(count));
  const folded = hasDetails(review);
  return {
    review,
    counts,
    rowCount: rows.length,
    criticals: counts.critical,
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
              `… and ${plural(rows.length - count, "change")} more: ${countsInWords(countsAfter(count))}.`,
            ]
          : []),
      ].join("\n\n"),
    details: () => (folded ? detailsOf(review, changes) : ""),
  };
}

/** Changes come worst first; a caller's own order must not cost a critical one its place. */
function criticalsFirst(changes: readonly PermissionChange[]): readonly PermissionChange[] {
  const critical = changes.filter(({ risk }) => risk === "critical");
  return changes.slice(0, critical.length).every(({ risk }) => risk === "critical")
    ? changes
    : [...critical, ...changes.filter(({ risk }) => risk !== "critical")];
}

function headOf(review: StackReview): string {
  const stack =
    titleOf(review) === review.stack ? "" : ` (stack ${markdownCode(review.stack, 100)})`;
  const heading = `### ${markdownCode(titleOf(review), 120)}${stack}`;
  return review.complete
    ? heading
    : `${heading}\n\n**Incomplete preview:** changes may be missing.`;
}

function rowOf(change: PermissionChange): string {
  const { risk, action, kind, subject, target, before, after, reason, consequence } = change;
  const what = `${actionVerbs[action]} ${kindTitles[kind]} ${markdownCode(subject)}`;
  const whom = target === undefined ? "" : markdownCode(target, 100);
  const sides = hasSides(change) ? `${sideOf(before)} → ${sideOf(after)}` : "";
  const why = markdownProse([reason, consequence].filter(Boolean).join(" "), 500);
  const mark = risk === "critical" || risk === "high" ? `**${risk}**` : risk;
  return `| ${mark} | ${what} | ${whom} | ${sides} | ${why} |`;
}

function sideOf(value: PermissionChange["before"]): string {
  return wordOf(value) ?? markdownCode(textOfValue(value), 200);
}

function hasDetails(review: StackReview): boolean {
  return (
    review.changes.length > 0 ||
    review.replacements.length > 0 ||
    review.warnings.length > 0 ||
    restInWords(review.rest) !== ""
  );
}

function detailsOf(review: StackReview, changes: readonly PermissionChange[]): string {
  const rest = restInWords(review.rest);
  const groups = [
    listOf(
      "Resources and sources",
      changes.map((change) => {
        const link = linkOf(change.source);
        const source = link === undefined ? "" : ` ([source](<${link}>))`;
        return `${markdownCode(actionSigns[change.action])} ${markdownCode(change.subject)}: ${markdownCode(change.resource, 400)}${source}`;
      }),
    ),
    listOf(
      "Replaced, which breaks",
      review.replacements.map(
        ({ resource, consequence }) =>
          `${markdownCode(resource, 400)}: ${markdownProse(consequence)}`,
      ),
    ),
    listOf(
      "Warnings",
      review.warnings.map((warning) => markdownProse(warning, 600)),
    ),
    rest === "" ? "" : `Without a permission change: ${markdownProse(rest)}.`,
  ].filter((group) => group !== "");
  const total = countsInWords(addCounts([countRisks(changes)]));
  return `<details><summary>Details: ${total}</summary>\n\n${groups.join("\n\n")}\n\n</details>`;
}

function listOf(title: string, items: readonly string[]): string {
  return items.length === 0 ? "" : `**${title}**\n\n${items.map((item) => `- ${item}`).join("\n")}`;
}
