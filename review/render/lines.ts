import type { PermissionChange, PolicyViolation, StackReview } from "../documentShape";
import { partsOfDecision } from "../decision";
import { compareRisk, type Risk } from "../model";
import { countsInWords, plural } from "./wording";

/** One line of a report: a policy that is violated, or a change. */
export type Line =
  | { readonly risk: Risk; readonly violation: PolicyViolation }
  | { readonly risk: Risk; readonly change: PermissionChange };

/**
 * What a report has to say of a stack, worst first and in the order given within a risk; violations
 * come before changes of the same risk, because they say what must not be.
 */
export function reportLines({ violations, changes }: StackReview): Line[] {
  const lines: Line[] = [
    ...violations.map((violation) => ({ risk: violation.severity, violation })),
    ...changes.map((change) => ({ risk: change.risk, change })),
  ];
  return lines.sort((a, b) => compareRisk(a.risk, b.risk));
}

/**
 * Lines with those behind that a decision says already, and how many come before them.
 *
 * @param review The stack whose decision it is.
 */
export function placePartsLast(
  lines: readonly Line[],
  { decision, changes }: StackReview,
): { readonly lines: readonly Line[]; readonly shown: number } {
  const parts = decision === undefined ? new Set() : partsOfDecision(changes);
  const isPart = (line: Line) => "change" in line && parts.has(line.change);
  const others = lines.filter((line) => !isPart(line));
  return { lines: [...others, ...lines.filter(isPart)], shown: others.length };
}

/** @example violationTitle(violation) // "violates the mandatory policy" */
export function violationTitle({ enforcementLevel }: PolicyViolation): string {
  return `violates the ${enforcementLevel} policy`;
}

/**
 * What a heading says.
 *
 * @example summaryInWords(counts, 2) // "1 critical, 2 high; 2 policy violations"
 */
export function summaryInWords(counts: Readonly<Record<Risk, number>>, violations: number): string {
  const changes = countsInWords(counts);
  return violations === 0 ? changes : `${changes}; ${plural(violations, "policy violation")}`;
}
