import { commentLimit, renderMarkdown } from "../review/render/markdown";
import { markdownCode, markdownProse } from "../review/render/markdownText";
import type { Risk, StackReview } from "../review/model";

/** What became of one stack that was to be reviewed. */
export interface StackOutcome {
  readonly stack: string;
  /** What its preview changes, as far as there is one. */
  readonly review?: StackReview;
  /** Why it could not be previewed, or not as a whole, and what to do. May hold hostile text. */
  readonly problem?: string;
}

/** All that is said of a pull request. */
export interface PullRequestReport {
  /** In any order. */
  readonly outcomes: readonly StackOutcome[];
  /** Stacks whose settings the pull request removes. */
  readonly removed: readonly string[];
  readonly gate: "passed" | "tripped" | "off";
  /** Risk from which on the gate trips. */
  readonly failOn?: Risk;
  /** Commit that was reviewed. */
  readonly head: string;
  readonly runUrl?: string;
}

/** Most characters of one stack's problem. */
const problemLimit = 400;

/**
 * Renders everything on a pull request as one report in Markdown: a verdict, what could not be
 * previewed, each tenant's changes, and a last line with the commit and the run.
 *
 * @param limit Most characters, at least 4,000; line breaks count twice. @default 65536
 */
export function renderReport(report: PullRequestReport, limit = commentLimit): string {
  const reviews = report.outcomes.flatMap(({ review }) => (review === undefined ? [] : [review]));
  const share = Math.floor(limit / 8);
  const own = [verdictOf(report), notPreviewed(report, share), settingsRemoved(report, share)];
  const footer = footerOf(report);
  const used = [...own, footer].reduce((sum, part) => sum + sizeOf(part) + 4, 0);
  const changes =
    reviews.length > 0
      ? renderMarkdown(reviews, { limit: limit - used })
      : `## Permission changes: ${report.outcomes.length > 0 ? "not known" : "none"}\n`;
  const cut = changes.indexOf("\n");
  const [heading, rest] = [changes.slice(0, cut), changes.slice(cut).trim()];
  return [heading, ...own, rest, footer].filter((part) => part !== "").join("\n\n");
}

function verdictOf({ outcomes, gate, failOn }: PullRequestReport): string {
  const missing = outcomes.filter(({ problem }) => problem !== undefined).length;
  if (outcomes.length === 0) {
    return "This pull request touches no stack.";
  }
  const unseen = missing === 0 ? "" : `${stacks(missing)} could not be previewed`;
  const least = failOn === "critical" ? "critical" : `${failOn ?? "low"} or worse`;
  const limit = hasSeen(outcomes, failOn)
    ? `a change is ${least}`
    : `a mandatory policy is violated, whose severity is ${least}`;
  switch (gate) {
    case "off":
      return unseen === "" ? "" : `**${unseen}.**`;
    case "passed":
      return `**Check passed:** no change is ${least}.`;
    case "tripped":
      return unseen === ""
        ? `**Check failed:** ${limit}.`
        : `**Check failed:** ${unseen}${hasSeen(outcomes, failOn) || violates(outcomes, failOn) ? `, and ${limit}` : ""}.`;
  }
}

function hasSeen(outcomes: readonly StackOutcome[], failOn: Risk | undefined): boolean {
  return outcomes.some(({ review }) => review?.changes.some(({ risk }) => reaches(risk, failOn)));
}

function violates(outcomes: readonly StackOutcome[], failOn: Risk | undefined): boolean {
  return outcomes.some(({ review }) =>
    review?.violations.some(
      ({ severity, enforcementLevel }) =>
        enforcementLevel === "mandatory" && reaches(severity, failOn),
    ),
  );
}

function reaches(risk: Risk, failOn: Risk | undefined): boolean {
  const order: readonly Risk[] = ["critical", "high", "medium", "low", "info"];
  return order.indexOf(risk) <= order.indexOf(failOn ?? "info");
}

function notPreviewed({ outcomes }: PullRequestReport, room: number): string {
  const missing = outcomes.filter(({ problem }) => problem !== undefined);
  return listed(
    "### Not previewed",
    missing.map(
      ({ stack, problem }) =>
        `- ${markdownCode(stack, 100)}: ${markdownProse((problem ?? "").replace(/\s+/g, " "), problemLimit)}`,
    ),
    missing.map(({ stack }) => `- ${markdownCode(stack, 100)}`),
    room,
  );
}

function settingsRemoved({ removed }: PullRequestReport, room: number): string {
  const lines = removed.map((stack) => `- ${markdownCode(stack, 100)}`);
  return listed(
    "### Settings removed\n\nWhat these stacks manage stays in the tenant until `pulumi destroy`:",
    lines,
    lines,
    room,
  );
}

/** A list under a heading; where it takes too much room, the short lines, then how many miss. */
function listed(
  heading: string,
  lines: readonly string[],
  short: readonly string[],
  room: number,
): string {
  if (lines.length === 0) {
    return "";
  }
  const fits = (some: readonly string[]) =>
    some.reduce((sum, one) => sum + one.length + 2, 0) <= room;
  const chosen = fits(lines) ? lines : short;
  const kept = [...chosen];
  while (kept.length > 0 && !fits(kept)) {
    kept.length = Math.floor(kept.length * 0.9);
  }
  const more = chosen.length - kept.length;
  const rest = more === 0 ? [] : [`- … and ${more} more`];
  return `${heading}\n\n${[...kept, ...rest].join("\n")}`;
}

function footerOf({ head, runUrl }: PullRequestReport): string {
  const run =
    runUrl !== undefined && /^https?:\/\/[\w.:/?=%&~-]+$/.test(runUrl)
      ? ` in [this run](<${runUrl}>)`
      : "";
  return `<sub>Commit ${head.slice(0, 12)}, reviewed by apponly${run}.</sub>`;
}

function stacks(count: number): string {
  return `${count} stack${count === 1 ? "" : "s"}`;
}

/** Characters with line breaks counted twice, as the renderer counts them. */
function sizeOf(text: string): number {
  return text.length + text.split("\n").length - 1;
}
