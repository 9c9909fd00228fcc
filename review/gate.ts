import { compareRisk, type Risk, type StackReview } from "./model";

/**
 * Whether a review must stop a change: there is a change at least as bad as `failOn`, a mandatory
 * policy of that severity is violated, or a preview was incomplete, because what nobody saw may be
 * worse.
 *
 * @example gate(reviews, "critical") // true: exit with 3
 */
export function gate(reviews: readonly StackReview[], failOn: Risk): boolean {
  const stops = (risk: Risk) => compareRisk(risk, failOn) <= 0;
  return reviews.some(
    ({ changes, violations, complete }) =>
      !complete ||
      changes.some(({ risk }) => stops(risk)) ||
      violations.some(
        ({ severity, enforcementLevel }) => enforcementLevel === "mandatory" && stops(severity),
      ),
  );
}
