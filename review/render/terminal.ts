import pc from "picocolors";
import { nameInUrn } from "../input/urn";
import type { PermissionChange, PolicyViolation, StackReview } from "../documentShape";
import type { Risk } from "../model";
import { columnsOf, wrapText } from "./columns";
import { placePartsLast, reportLines, summaryInWords, violationTitle } from "./lines";
import { visibleText } from "../../system/visibleText";
import {
  actionPrepositions,
  actionSigns,
  addCounts,
  countRisks,
  explanationOf,
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

type Colours = ReturnType<typeof pc.createColors>;

/**
 * Renders reviews for a terminal, worst first. Control characters and terminal escapes out of the
 * stacks are written out, never sent.
 *
 * @example renderTerminal(reviews, { colour: process.stdout.isTTY, width: process.stdout.columns })
 */
export function renderTerminal(
  reviews: readonly StackReview[],
  options: TerminalOptions = {},
): string {
  const colours = pc.createColors(options.colour ?? false);
  const width = Math.max(options.width ?? 100, 40);
  const sorted = worstFirst(reviews);
  const sum = addCounts(sorted.map(({ changes }) => countRisks(changes)));
  const violations = sorted.reduce((count, review) => count + review.violations.length, 0);
  const parts = sorted.map((review) => stackLines(review, width, colours).join("\n"));
  const total =
    sorted.length === 1
      ? []
      : [colours.bold(`${plural(sorted.length, "stack")}: ${summaryInWords(sum, violations)}`)];
  return `${[...parts, ...total].join("\n\n")}\n`;
}

function stackLines(review: StackReview, width: number, colours: Colours): string[] {
  const rest = restInWords(review.rest);
  const { lines, shown } = placePartsLast(reportLines(review), review);
  const name =
    reviewTitle(review) === review.stack
      ? review.stack
      : `${reviewTitle(review)} (stack ${review.stack})`;
  return [
    ...wrapText(
      `${visibleText(name)}: ${summaryInWords(countRisks(review.changes), review.violations.length)}`,
      width,
    ).map((line) => colours.bold(line)),
    ...(review.decision === undefined
      ? []
      : wrapText(visibleText(review.decision), width, "  ", "  ")),
    ...(review.complete
      ? []
      : wrapText("Incomplete preview: changes may be missing.", width).map((line) =>
          colours.red(line),
        )),
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
    ...(rest === ""
      ? []
      : wrapText(`without a permission change: ${visibleText(rest)}`, width, "  ", "    ").map(
          (line) => colours.dim(line),
        )),
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
  const why = visibleText(explanationOf(change));
  return [
    `  ${paint(change.risk, label, colours)} ${first}`,
    ...more.map((line) => `${" ".repeat(11)}${line}`),
    ...(sides === "" || isPart ? [] : wrapText(sides, width, indent, indent)),
    ...(isPart ? [] : wrapText(why, width, indent, indent).map((line) => colours.dim(line))),
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
