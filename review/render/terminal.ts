import { createColors } from "picocolors";
import { nameInUrn } from "../input/urn";
import type { PermissionChange, PolicyViolation, StackReview } from "../documentShape";
import type { Risk } from "../model";
import { columnsOf, wrapText } from "./columns";
import { type Share, sharesOf, stacksInWords } from "./shares";
import { placePartsLast, reportLines, summaryInWords, violationTitle } from "./lines";
import { visibleText } from "../../system/visibleText";
import {
  actionPrepositions,
  actionSigns,
  addCounts,
  countRisks,
  explanationsOf,
  incompleteText,
  kindTitles,
  plural,
  restInWords,
  reviewTitle,
  sidesOf,
  worstFirst,
  namedSubjectOf,
} from "./wording";

/** How {@link renderTerminal} renders. */
export interface TerminalOptions {
  /**
   * Whether to colour.
   *
   * @default false
   */
  readonly colour?: boolean;
  /**
   * Columns of the terminal, at least 40.
   *
   * @default 100
   */
  readonly width?: number;
}

type Colours = ReturnType<typeof createColors>;

/**
 * Renders reviews for a terminal, worst first: of several stacks one line of each, and then what changes,
 * each said once with the stacks it concerns. Control characters and terminal escapes out of the
 * stacks are written out, never sent.
 *
 * @example renderTerminal(reviews, { colour: process.stdout.isTTY, width: process.stdout.columns })
 */
export function renderTerminal(
  reviews: readonly StackReview[],
  options: TerminalOptions = {},
): string {
  const colours = createColors(options.colour ?? false);
  const width = Math.max(options.width ?? 100, 40);
  const sorted = worstFirst(reviews);
  if (sorted.length === 0) {
    // Why there is none is told by whoever has failed.
    return "";
  }
  const sum = addCounts(sorted.map(({ changes }) => countRisks(changes)));
  const violations = sorted.reduce((count, review) => count + review.violations.length, 0);
  const parts =
    sorted.length === 1
      ? sorted.map((review) => stackLines(review, width, colours))
      : [
          sorted.flatMap((review) => overviewLines(review, width, colours)),
          ...sharesOf(sorted).map((share) => shareLines(share, sorted, width, colours)),
          ...restOfSeveral(sorted, width, colours),
        ];
  const total =
    sorted.length === 1
      ? []
      : [
          colours.bold(`${plural(sorted.length, "stack")}: ${summaryInWords(sum, violations)}`) +
            incompleteLines(sorted, width, colours),
        ];
  return `${[...parts.map((lines) => lines.join("\n")), ...total].join("\n\n")}\n`;
}

function stackLines(review: StackReview, width: number, colours: Colours): string[] {
  return [
    ...headLines(review, width, colours),
    ...detailLines(review, review, width, colours),
    ...restLines(review, width, colours),
  ];
}

/** What stacks have in common, below their names. */
function shareLines(
  { review, stacks }: Share,
  all: readonly StackReview[],
  width: number,
  colours: Colours,
): string[] {
  const [first = review] = stacks;
  const title =
    stacks.length === 1 ? titleWithStack(first) : stacksInWords(stacks, all, visibleText);
  return [
    ...wrapText(`${title}:`, width).map((line) => colours.bold(line)),
    ...detailLines(review, first, width, colours),
  ];
}

function titleWithStack(review: StackReview): string {
  const title = reviewTitle(review);
  return visibleText(title === review.stack ? title : `${title} (stack ${review.stack})`);
}

/** One of several stacks: its name, how much changes, and whether that is all. */
function overviewLines(review: StackReview, width: number, colours: Colours): string[] {
  const counts = summaryInWords(countRisks(review.changes), review.violations.length);
  const text = `${titleWithStack(review)}: ${counts}${review.complete ? "" : ", incomplete"}`;
  return [
    ...wrapText(text, width).map((line) =>
      review.complete ? colours.bold(line) : colours.bold(colours.red(line)),
    ),
  ];
}

/** What is done besides, each said once with its stacks. What stays as it is needs no word among many. */
function restOfSeveral(
  reviews: readonly StackReview[],
  width: number,
  colours: Colours,
): string[][] {
  const stacks = new Map<string, StackReview[]>();
  for (const review of reviews) {
    const words = restInWords({ ...review.rest, same: 0 });
    stacks.set(words, [...(stacks.get(words) ?? []), review]);
  }
  stacks.delete("");
  return [...stacks].map(([words, some]) => {
    const [first] = some;
    const whose =
      some.length === 1 && first !== undefined
        ? visibleText(first.stack)
        : stacksInWords(some, reviews, visibleText);
    const text = `${whose}: without a permission change: ${visibleText(words)}`;
    return wrapText(text, width, "", "  ").map((line) => colours.dim(line));
  });
}

/** Said once of however many stacks. */
function incompleteLines(reviews: readonly StackReview[], width: number, colours: Colours): string {
  const incomplete = reviews.filter(({ complete }) => !complete).length;
  return incomplete === 0
    ? ""
    : wrapText(
        `${plural(incomplete, "stack")} could not be looked at as a whole: changes may be missing.`,
        width,
      )
        .map((line) => `\n${colours.red(line)}`)
        .join("");
}

/** The name of a stack, how much changes, and whether that is all. */
function headLines(review: StackReview, width: number, colours: Colours): string[] {
  const counts = summaryInWords(countRisks(review.changes), review.violations.length);
  return [
    ...wrapText(`${titleWithStack(review)}: ${counts}`, width).map((line) => colours.bold(line)),
    ...(review.complete
      ? []
      : wrapText(visibleText(incompleteText(review)), width).map((line) => colours.red(line))),
  ];
}

function restLines({ rest }: Pick<StackReview, "rest">, width: number, colours: Colours): string[] {
  const words = restInWords(rest);
  return words === ""
    ? []
    : wrapText(`without a permission change: ${visibleText(words)}`, width, "  ", "    ").map(
        (line) => colours.dim(line),
      );
}

/** @param whose The review that tells what the parts of a decision are. */
function detailLines(
  review: StackReview,
  whose: StackReview,
  width: number,
  colours: Colours,
): string[] {
  const { lines, shown } = placePartsLast(reportLines(review), whose);
  return [
    ...(review.decision === undefined
      ? []
      : wrapText(visibleText(review.decision), width, "  ", "  ")),
    ...lines.flatMap((line, at) =>
      "violation" in line
        ? violationLines(line.violation, width, colours)
        : changeLines(line.change, width, colours, at >= shown),
    ),
    ...review.replacements.flatMap(({ resource, consequence }) =>
      wrapText(
        `replaced ${visibleText(nameInUrn(resource))}: ${visibleText(consequence)}`,
        width,
        "  ",
        "    ",
      ),
    ),
    ...review.warnings.flatMap((warning) =>
      wrapText(`warning: ${visibleText(warning)}`, width, "  ", "    ").map((line) =>
        colours.yellow(line),
      ),
    ),
  ];
}

const indent = " ".repeat(14);

/** @param isPart Whether the decision has told already whom it concerns, and why it matters. */
function changeLines(
  change: PermissionChange,
  width: number,
  colours: Colours,
  isPart: boolean,
): string[] {
  const label = change.risk.padEnd(8);
  const target =
    change.target === undefined || (isPart && change.kind !== "owner")
      ? ""
      : ` ${actionPrepositions[change.action]} ${visibleText(change.target)}`;
  const what = `${actionSigns[change.action].padEnd(2)} ${kindTitles[change.kind]} ${visibleText(namedSubjectOf(change))}${target}`;
  const [first = "", ...more] = wrapText(what, width - columnsOf(indent) + 3, "", "   ");
  const sides = sidesOf(change, " -> ", visibleText);
  return [
    `  ${paint(change.risk, label, colours)} ${first}`,
    ...more.map((line) => `${" ".repeat(11)}${line}`),
    ...(sides === "" || isPart ? [] : wrapText(sides, width, indent, indent)),
    ...(isPart
      ? []
      : explanationsOf(change).flatMap((text) =>
          wrapText(visibleText(text), width, indent, indent).map((line) => colours.dim(line)),
        )),
  ];
}

function violationLines(violation: PolicyViolation, width: number, colours: Colours): string[] {
  const { severity, displayName, resource, message, remediation } = violation;
  const what = `! ${violationTitle(violation)} ${visibleText(displayName)}: ${visibleText(nameInUrn(resource))}`;
  const [first = "", ...more] = wrapText(what, width - columnsOf(indent) + 3, "", "   ");
  return [
    `  ${paint(severity, severity.padEnd(8), colours)} ${first}`,
    ...more.map((line) => `${" ".repeat(11)}${line}`),
    ...wrapText(visibleText(message), width, indent, indent),
    ...wrapText(visibleText(remediation), width, indent, indent).map((line) => colours.dim(line)),
  ];
}

function paint(risk: Risk, text: string, colours: Colours): string {
  switch (risk) {
    case "critical":
      return colours.bold(colours.red(text));
    case "high":
      return colours.red(text);
    case "medium":
      return colours.yellow(text);
    default:
      return colours.dim(text);
  }
}
