import { nameInUrn } from "../input/urn";
import type {
  FailedStack,
  PermissionChange,
  PolicyViolation,
  ReviewAbout,
  StackReview,
} from "../documentShape";
import type { Risk } from "../model";
import { codeOf, escapedHtml, htmlPage } from "./htmlPage";
import { style } from "./htmlStyle";
import { type Line, placePartsLast, reportLines, summaryInWords, violationTitle } from "./lines";
import {
  actionVerbs,
  addCounts,
  countRisks,
  countsInWords,
  explanationsOf,
  incompleteStacksText,
  incompleteText,
  failedTitle,
  kindTitles,
  linkOf,
  plural,
  restInWords,
  reviewTitle,
  sidesOf,
  worstFirst,
  namedSubjectOf,
} from "./wording";

/** What a page has beside its reviews. */
export interface ReviewPage {
  /** @default "Permission changes" */
  readonly heading?: string | undefined;
  /** What makes the page evidence. @default left out */
  readonly about?: ReviewAbout | undefined;
  /** What was changed in the tenants besides the stacks. @default not asked for */
  readonly drift?: readonly StackReview[] | undefined;
  /** Stacks that could not be looked at, which is no proof that nothing changes there. @default none */
  readonly failed?: readonly FailedStack[] | undefined;
}

/** What heads that which was changed besides the stacks. */
export const driftHeading = "Changed in the tenant besides the stack";

/**
 * Renders reviews as one HTML page that needs nothing else: no script, no request, readable in light and
 * dark. Everything out of the stacks is escaped, and nothing is cut.
 *
 * @see https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP
 */
export function renderHtml(
  reviews: readonly StackReview[],
  { heading = "Permission changes", about, drift, failed = [] }: ReviewPage = {},
): string {
  const sorted = worstFirst(reviews);
  const sum = addCounts(sorted.map(({ changes }) => countRisks(changes)));
  const incomplete = incompleteStacksText(sorted);
  const violations = sorted.reduce((count, review) => count + review.violations.length, 0);
  const title = `${heading}: ${summaryInWords(sum, violations)}`;
  return htmlPage(
    { title, style },
    `<h1>${title}</h1>`,
    ...(sorted.length === 1 ? [] : [`<p>${plural(sorted.length, "stack")}.</p>`]),
    ...(incomplete === undefined ? [] : [`<p class="incomplete">${incomplete}</p>`]),
    ...(failed.length > 0
      ? [
          `<p class="incomplete">${failedTitle(failed)}</p>`,
          "<ul>",
          ...failed.map(
            ({ stack, failure }) => `<li>${codeOf(stack)}: ${escapedHtml(failure)}</li>`,
          ),
          "</ul>",
        ]
      : []),
    ...(about?.gate === undefined
      ? []
      : [
          `<p class="${about.gate.verdict === "failed" ? "incomplete" : "passed"}">${escapedHtml(about.gate.text)}</p>`,
        ]),
    ...(drift === undefined
      ? []
      : [
          `<h2>${driftHeading}</h2>`,
          ...(drift.length === 0 ? ["<p>Nothing was changed.</p>"] : drift.map(stackSection)),
          "<h2>What the settings change</h2>",
        ]),
    ...sorted.map(stackSection),
    ...(about === undefined ? [] : [aboutLine(about)]),
  );
}

/** What an auditor asks of a page that was kept. */
function aboutLine({ createdAt, toolVersion, commit }: ReviewAbout): string {
  const of = commit === undefined ? "" : ` of the commit ${codeOf(commit)}`;
  return `<footer><p>Review${of}, made at ${escapedHtml(createdAt)} by apponly ${escapedHtml(toolVersion)}.</p></footer>`;
}

function stackSection(review: StackReview): string {
  const rest = restInWords(review.rest);
  const { lines, shown } = placePartsLast(reportLines(review), review);
  const [open, parts] = [lines.slice(0, shown), lines.slice(shown)];
  return [
    "<section>",
    `<h2>${codeOf(reviewTitle(review))}</h2>`,
    ...(review.decision === undefined
      ? []
      : [`<p class="decision">${escapedHtml(review.decision)}</p>`]),
    ...(review.tenantId === undefined ? [] : [`<p>Tenant id ${codeOf(review.tenantId)}.</p>`]),
    `<p>Stack ${codeOf(review.stack)}: ${summaryInWords(countRisks(review.changes), review.violations.length)}.</p>`,
    ...(review.complete
      ? []
      : [`<p class="incomplete">${escapedHtml(incompleteText(review))}</p>`]),
    ...(open.length === 0 ? [] : [tableOf(open)]),
    ...(parts.length === 0
      ? []
      : [
          `<details class="parts"><summary>Its parts: ${countsInWords(countRisks(parts))}</summary>`,
          tableOf(parts),
          "</details>",
        ]),
    htmlList(
      "Replaced, which breaks",
      review.replacements.map(
        ({ resource, consequence }) => `${codeOf(resource)}: ${escapedHtml(consequence)}`,
      ),
    ),
    htmlList("Warnings", review.warnings.map(escapedHtml)),
    ...(rest === "" ? [] : [`<p>Without a permission change: ${escapedHtml(rest)}.</p>`]),
    "</section>",
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function tableOf(lines: readonly Line[]): string {
  const heads = ["Risk", "Change", "For", "Before → after", "Why"];
  return [
    '<div class="wide"><table>',
    `<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead>`,
    "<tbody>",
    ...lines.map((line) =>
      "violation" in line ? htmlViolationRow(line.violation) : htmlChangeRow(line.change),
    ),
    "</tbody></table></div>",
  ].join("\n");
}

function htmlViolationRow(violation: PolicyViolation): string {
  const { severity, policy, displayName, resource, message, remediation, source } = violation;
  const cells = [
    `<td class="${classes[severity]}">${severity}</td>`,
    `<td>${violationTitle(violation)} ${escapedHtml(displayName)}<details><summary>Resource</summary>${codeOf(resource)} ${codeOf(policy)}</details></td>`,
    `<td>${codeOf(nameInUrn(resource))}</td>`,
    "<td></td>",
    `<td>${escapedHtml(`${message} ${remediation}`)}${linkTo(source)}</td>`,
  ];
  return `<tr>${cells.join("")}</tr>`;
}

function htmlChangeRow(change: PermissionChange): string {
  const { risk, kind, action, target, resource } = change;
  const cells = [
    `<td class="${classes[risk]}">${risk}</td>`,
    `<td>${actionVerbs[action]} ${kindTitles[kind]} ${codeOf(namedSubjectOf(change))}<details><summary>Resource</summary>${codeOf(resource)}</details></td>`,
    `<td>${target === undefined ? "" : codeOf(target)}</td>`,
    `<td>${sidesOf(change, " → ", codeOf)}</td>`,
    `<td>${explanationsOf(change).map(escapedHtml).join("<br>")}${linkTo(change.source)}</td>`,
  ];
  return `<tr>${cells.join("")}</tr>`;
}

function linkTo(source: string | undefined): string {
  const link = linkOf(source);
  return link === undefined
    ? ""
    : ` <a href="${escapedHtml(link)}" rel="noopener noreferrer">Source</a>`;
}

const classes: Readonly<Record<Risk, string>> = {
  critical: "critical",
  high: "high",
  medium: "medium",
  low: "low",
  info: "info",
};

function htmlList(title: string, items: readonly string[]): string {
  return items.length === 0
    ? ""
    : `<h3>${title}</h3>\n<ul>\n${items.map((item) => `<li>${item}</li>`).join("\n")}\n</ul>`;
}
