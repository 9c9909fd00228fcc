import { type Acceptance, type ChangedCode, type GateVerdict, isOpen } from "../gate";
import { summaryInWords } from "./lines";
import type { StackReview } from "../documentShape";
import type { Risk } from "../model";
import { visibleText } from "../../system/visibleText";
import { commentLimit, markdownParts, sizeOf } from "./markdown";
import { markdownCode, markdownProse } from "./markdownText";
import { addCounts, countRisks, plural } from "./wording";

/** What became of one stack that was to be reviewed. */
export interface ReviewOutcome {
  readonly stack: string;
  /** What its preview changes, as far as there is one. */
  readonly review?: StackReview;
  /** Why it could not be previewed, or not as a whole, and what to do. May hold hostile text. */
  readonly problem?: string;
}

/** All that is said of a pull request. */
export interface PullRequestReport {
  /** In any order. */
  readonly outcomes: readonly ReviewOutcome[];
  /** Stacks whose settings the pull request removes. */
  readonly removed: readonly string[];
  /** What the pull request changes besides settings and documentation. */
  readonly code: readonly ChangedCode[];
  /** What the gate says; absent where there is none. */
  readonly verdict?: GateVerdict;
  /** By which line, and how, a person accepts what trips the gate; absent where nothing is to be. */
  readonly acceptable?: { readonly line: string; readonly way: string };
  /** Risk from which on the gate trips. */
  readonly failOn?: Risk;
  /** Commit that was reviewed. */
  readonly head: string;
  readonly runUrl?: string;
}

/** Most characters of the line that names the code, so that it stays one that is read. */
const codeLimit = 2_000;

/** Most characters of one stack's problem. */
const problemLimit = 400;

/**
 * Renders everything on a pull request as one report in Markdown: first of all the code that changes
 * besides settings, then a verdict, what could not be previewed, each tenant's changes, and a last line with the commit and the run.
 *
 * @param limit Most characters, at least 4,000; line breaks count twice. @default 65536
 */
export function renderPullRequest(report: PullRequestReport, limit = commentLimit): string {
  const reviews = report.outcomes.flatMap(({ review }) => (review === undefined ? [] : [review]));
  const share = Math.floor(limit / 8);
  const code = codeLine(report, Math.min(share, codeLimit));
  const own = [
    verdictInWords(report),
    wayToAccept(report),
    missingReviews(report, share),
    settingsRemoved(report, share),
  ];
  const footer = footerOf(report);
  const used = [code, ...own, footer].reduce((sum, part) => sum + sizeOf(part) + 4, 0);
  const nothing = report.outcomes.length > 0 ? "not known" : "none";
  const [heading = "", ...changes] =
    reviews.length > 0
      ? markdownParts(reviews, limit - used)
      : [`## Permission changes: ${nothing}`];
  const isWhole = report.outcomes.every(({ problem }) => problem === undefined);
  const title = isWhole || reviews.length === 0 ? heading : seenSoFar(heading);
  return [code, title, ...own, ...changes, footer].filter((part) => part !== "").join("\n\n");
}

/** What was seen is never told as all there is. */
function seenSoFar(heading: string): string {
  return heading.replace(": ", ": not known; seen so far: ");
}

/** The files by what they are, in one line; where it takes too much room, how many more there are. */
function codeLine({ code }: PullRequestReport, room: number): string {
  if (code.length === 0) {
    return "";
  }
  const named: string[] = [];
  let used = 0;
  for (const { path, kind, detail = "" } of code) {
    const text = `${kind} ${markdownCode(path, 200)} ${detail}`.trimEnd();
    used += text.length + 2;
    if (used > room) {
      break;
    }
    named.push(text);
  }
  const more = code.length - named.length;
  const rest =
    more === 0 ? [] : [`${named.length === 0 ? "" : "and "}${plural(more, "file")} more`];
  return `**Code changes, of which the review shows nothing:** ${[...named, ...rest].join(", ")}. Read them as code.`;
}

/**
 * The same for a terminal, with a line break; empty where no code changes.
 *
 * @example codeInWords([{ path: "index.ts", kind: "program" }])
 */
export function codeInWords(code: readonly ChangedCode[]): string {
  const files = code.map(({ path, kind, detail = "" }) =>
    `${kind} ${visibleText(path)} ${detail}`.trimEnd(),
  );
  return files.length === 0
    ? ""
    : `Code changes, of which the review shows nothing: ${files.join(", ")}. Read them as code.\n\n`;
}

/**
 * What a report comes to, in some words that hold nothing out of a stack.
 *
 * @example resultInWords(report) // "check failed: 1 critical, 2 high; 1 stack not previewed; code changes"
 */
export function resultInWords({ outcomes, verdict, code }: PullRequestReport): string {
  const reviews = outcomes.flatMap(({ review }) => (review === undefined ? [] : [review]));
  const missing = outcomes.filter(({ problem }) => problem !== undefined).length;
  const violations = reviews.reduce((sum, review) => sum + review.violations.length, 0);
  const counts = addCounts(reviews.map(({ changes }) => countRisks(changes)));
  const check = verdict === undefined ? "" : isOpen(verdict) ? "check passed: " : "check failed: ";
  const parts = [
    ...(reviews.length > 0 ? [summaryInWords(counts, violations)] : []),
    ...(missing > 0 ? [`${plural(missing, "stack")} not previewed`] : []),
    ...(code.length > 0 ? ["code changes"] : []),
  ];
  return `${check}${parts.join("; ") || "no stack is touched"}`;
}

function verdictInWords({ outcomes, verdict, failOn }: PullRequestReport): string {
  if (outcomes.length === 0) {
    const stops = (verdict?.code.length ?? 0) > 0;
    return `${stops ? "**Check failed:** code changes. " : ""}This pull request touches no stack.`;
  }
  const missing = outcomes.filter(({ problem }) => problem !== undefined).length;
  const unseen = missing === 0 ? "" : `${plural(missing, "stack")} could not be previewed`;
  if (verdict === undefined) {
    return unseen === "" ? "" : `**${unseen}.**`;
  }
  const least = failOn === "critical" ? "critical" : `${failOn ?? "low"} or worse`;
  const limits = [
    ...(verdict.code.length > 0 ? ["code changes"] : []),
    ...(verdict.by.some(({ cause }) => "risk" in cause)
      ? [`a change is ${least}`]
      : verdict.by.length > 0
        ? [`a mandatory policy is violated, whose severity is ${least}`]
        : []),
  ];
  switch (verdict.kind) {
    case "passed":
      return `**Check passed:** no change is ${least}.`;
    case "incomplete":
      return `**Check failed:** ${unseen}.`;
    case "accepted":
      return `**Check passed:** ${acceptanceInWords(verdict.acceptance)} ${limits.join(", and ")}.`;
    case "tripped":
      return `**Check failed:** ${[...(unseen === "" ? [] : [unseen]), ...limits].join(", and ")}.`;
  }
}

/** Who, when and at which commit, for whoever reads the report later. */
function acceptanceInWords(acceptance: Acceptance | undefined): string {
  const { by = "", at = "", commit, fingerprint = "" } = acceptance ?? {};
  const of = commit === undefined ? "" : ` at commit ${commit.slice(0, 12)}`;
  return `accepted by ${markdownCode(by, 100)} on ${markdownProse(at, 40)}${of}, as ${fingerprint.slice(0, 12)}:`;
}

function wayToAccept({ acceptable, verdict }: PullRequestReport): string {
  return acceptable === undefined || verdict?.kind === "accepted"
    ? ""
    : [
        `Somebody other than the author who has read all of this, and accepts it, ${acceptable.way}, and runs the failed check again:`,
        `\`\`\`text\n${acceptable.line}\n\`\`\``,
        "It accepts exactly this: what is changed afterwards has another line.",
      ].join("\n\n");
}

function missingReviews({ outcomes }: PullRequestReport, room: number): string {
  const missing = outcomes.filter(({ problem }) => problem !== undefined);
  return listUnder(
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
  return listUnder(
    "### Settings removed\n\nWhat these stacks manage stays in the tenant until `pulumi destroy`:",
    lines,
    lines,
    room,
  );
}

/** A list under a heading; where it takes too much room, the short lines, then how many miss. */
function listUnder(
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
