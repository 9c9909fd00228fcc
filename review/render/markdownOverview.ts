import type { StackReview } from "../documentShape";
import { reportLines, summaryInWords } from "./lines";
import { markdownCode, markdownProse } from "./markdownText";
import { countRisks, plural, restInWords, reviewTitle } from "./wording";

/**
 * One table of all stacks, a row for each: its worst risk and how much of what changes. Where not all
 * rows fit, the first ones, which are the worst, and how many there are besides.
 *
 * @param reviews The worst first.
 */
export function overviewTable(reviews: readonly StackReview[], room: number): string {
  const head = "| Stack | Tenant | Worst | Changes | Besides |\n| --- | --- | --- | --- | --- |";
  const rows: string[] = [];
  let left = room - head.length - 120;
  for (const review of reviews) {
    const row = overviewRow(review);
    left -= row.length + 2;
    if (left < 0) {
      break;
    }
    rows.push(row);
  }
  const more = reviews.length - rows.length;
  return [
    [head, ...rows].join("\n"),
    ...(more === 0 ? [] : [`… and ${plural(more, "stack")} more, none of them worse.`]),
  ].join("\n\n");
}

function overviewRow(review: StackReview): string {
  const { stack, changes, violations, rest, complete } = review;
  const worst = reportLines(review)[0]?.risk ?? "none";
  const tenant = reviewTitle(review) === stack ? "" : markdownCode(reviewTitle(review), 100);
  const cells = [
    markdownCode(stack, 60),
    tenant,
    `${worst === "critical" || worst === "high" ? `**${worst}**` : worst}${complete ? "" : ", **incomplete**"}`,
    summaryInWords(countRisks(changes), violations.length),
    markdownProse(restInWords(rest), 120),
  ];
  return `| ${cells.join(" | ")} |`;
}
