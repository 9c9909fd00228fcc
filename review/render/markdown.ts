import type { FailedStack, StackReview } from "../documentShape";
import { compactCriticals } from "./markdownCompact";
import { summaryInWords } from "./lines";
import { overviewTable } from "./markdownOverview";
import { decisionLimit, type Section, sectionOf, sectionOfShare } from "./markdownSection";
import { markdownCode, markdownProse } from "./markdownText";
import { sharesOf } from "./shares";
import {
  addCounts,
  countRisks,
  countsInWords,
  failedTitle,
  incompleteStacksText,
  plural,
  worstFirst,
} from "./wording";

/** Most characters GitHub takes for a comment. */
export const commentLimit = 65_536;

/** Fewest characters with which a cut report still says what was cut. */
const smallestLimit = 2_000;

/** Kept free for the heading and the notice of what was cut. */
const reserve = 1_000;

/** How {@link renderMarkdown} renders. */
export interface MarkdownOptions {
  /**
   * Most characters of the result, at least 2,000. A line break counts as two, as a form sends it.
   *
   * @default 65536
   */
  readonly limit?: number;
  /** @default "Permission changes" */
  readonly heading?: string;
  /** Stacks that could not be looked at. @default none */
  readonly failed?: readonly FailedStack[];
}

/**
 * Renders reviews as GitHub Flavored Markdown: of one stack a table, and the details folded; of
 * several one table of all, and then what changes, each said once with the stacks it concerns,
 * everything below its worst folded. Text out of the stacks cannot become markup, a link or a
 * mention.
 *
 * Where not all fits, details go first, then the mildest changes; the result says how many. A
 * critical change is never left out: if even the tables of the critical changes do not fit, they
 * become a compact list that names each.
 *
 * @throws {RangeError} If `limit` is below 2,000.
 * @example renderMarkdown([review(parsePreviewText(text))])
 * @see https://github.github.com/gfm/
 */
export function renderMarkdown(
  reviews: readonly StackReview[],
  options: MarkdownOptions = {},
): string {
  const { limit = commentLimit, heading, failed = [] } = options;
  const missing = failedPart(failed, Math.floor(limit / 8));
  const room = limit - missing.reduce((sum, part) => sum + sizeOf(part) + 4, 0);
  const [head = "", ...rest] = markdownParts(reviews, room, heading);
  return `${[head, ...missing, ...rest].join("\n\n")}\n`;
}

/** The parts of {@link renderMarkdown}, between which a blank line belongs: the heading is the first. */
export function markdownParts(
  reviews: readonly StackReview[],
  limit: number,
  heading = "Permission changes",
): string[] {
  if (!Number.isInteger(limit) || limit < smallestLimit) {
    throw new RangeError(
      `limit ${limit} is not a whole number of at least ${smallestLimit} characters. Leave it out for the ${commentLimit} of a GitHub comment.`,
    );
  }
  const sorted = worstFirst(reviews);
  const head = reportHead(sorted, heading);
  const budget = limit - reserve - sizeOf(head.join("\n\n"));
  const several = sorted.length > 1;
  const sections = several
    ? sharesOf(sorted).map((share) => sectionOfShare(share, sorted))
    : sorted.map(sectionOf);
  const minimum = sections.reduce((sum, section) => sum + leastSize(section), 0);
  if (minimum > budget) {
    return [...head, compactCriticals(sorted.map(sectionOf), budget)];
  }
  // What is critical has its place first; of the rest, a third at most goes to the overview.
  const room = Math.max(0, Math.floor((budget - minimum) / 3));
  const overview = several ? [overviewTable(sorted, room)] : [];
  const used = overview.reduce((sum, part) => sum + sizeOf(part) + 4, 0);
  return [...head, ...overview, ...fill(sections, budget - used, minimum)];
}

/** What could not be looked at, each in one line; where that takes too much room, how many more there are. */
function failedPart(failed: readonly FailedStack[], room: number): string[] {
  if (failed.length === 0) {
    return [];
  }
  const lines: string[] = [];
  let used = 0;
  for (const { stack, failure } of failed) {
    const line = `> - ${markdownCode(stack, 100)}: ${markdownProse(failure, decisionLimit)}`;
    used += sizeOf(line) + 2;
    if (used > room) {
      break;
    }
    lines.push(line);
  }
  const more = failed.length - lines.length;
  const rest = more === 0 ? [] : [`> - and ${more} more`];
  return [[`> **Incomplete.** ${failedTitle(failed)}`, ">", ...lines, ...rest].join("\n")];
}

/** Characters of a text when every line break counts as two, as a form sends it. */
export function sizeOf(text: string): number {
  let breaks = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    breaks += 1;
  }
  return text.length + breaks;
}

function reportHead(reviews: readonly StackReview[], heading: string): string[] {
  const counts = addCounts(reviews.map(({ changes }) => countRisks(changes)));
  const of = reviews.length === 1 ? "" : ` in ${plural(reviews.length, "stack")}`;
  const incomplete = incompleteStacksText(reviews);
  const violations = reviews.reduce((sum, review) => sum + review.violations.length, 0);
  const lines = [`## ${heading}: ${summaryInWords(counts, violations)}${of}`];
  const [only] = reviews.length === 1 ? reviews : [];
  if (only?.decision !== undefined) {
    lines.push(`**${markdownProse(only.decision, decisionLimit)}**`);
  }
  if (incomplete !== undefined) {
    lines.push(`> **Incomplete.** ${incomplete}`);
  }
  return lines;
}

/** Only critical changes have their place for certain. */
function leastSize(section: Section): number {
  return section.criticals > 0 ? section.sizeWith(section.criticals) : 0;
}

/** A section that is left out. */
const hidden = -1;

/**
 * Sections in order, each with as many rows as fit, at least its critical ones; then, as far as
 * they fit, the details.
 */
function fill(sections: readonly Section[], budget: number, minimum: number): string[] {
  let left = budget - minimum;
  const rows = sections.map((section) => {
    const { count, size } = rowsWithin(section, left + leastSize(section));
    left -= size - leastSize(section);
    return count;
  });
  let folded = 0;
  const parts = sections.flatMap((section, index) => {
    const count = rows[index] ?? hidden;
    const details = count === section.rowCount ? section.details() : "";
    const size = details === "" ? 0 : sizeOf(details) + 4;
    const fits = details !== "" && size <= left;
    left -= fits ? size : 0;
    folded += fits || !section.hasDetails ? 0 : 1;
    return count === hidden ? [] : [section.withRows(count), ...(fits ? [details] : [])];
  });
  const notice = noticeOf(sections, rows, folded);
  return notice === undefined ? parts : [notice, ...parts];
}

/** The most rows of a section within a size; all of them, or those that leave room for the line that says how many miss. */
function rowsWithin(section: Section, room: number): { count: number; size: number } {
  const whole = section.sizeWith(section.rowCount);
  if (whole <= room) {
    return { count: section.rowCount, size: whole };
  }
  let count = section.criticals;
  while (count + 1 < section.rowCount && section.sizeWith(count + 1) <= room) {
    count += 1;
  }
  return count === 0 ? { count: hidden, size: 0 } : { count, size: section.sizeWith(count) };
}

function noticeOf(
  sections: readonly Section[],
  rows: readonly number[],
  folded: number,
): string | undefined {
  const rowsOf = (index: number) => Math.max(rows[index] ?? hidden, 0);
  const cut = addCounts(sections.map((section, index) => section.countsAfter(rowsOf(index))));
  const cutStacks = new Set(
    sections
      .filter(({ rowCount }, index) => rowsOf(index) < rowCount)
      .flatMap(({ stacks }) => stacks),
  ).size;
  const sentences = [
    ...(cutStacks > 0
      ? [
          `Left out: ${countsInWords(cut)} of ${plural(cutStacks, "stack")}; no critical change is left out.`,
        ]
      : []),
    ...(folded > 0 ? ["Some details are left out."] : []),
  ];
  return sentences.length === 0
    ? undefined
    : `> **Cut to fit a comment.** ${sentences.join(" ")} The JSON and HTML forms hold everything.`;
}
