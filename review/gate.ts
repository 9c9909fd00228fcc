import { compareRisk, type Risk, type StackReview } from "./model";

/**
 * Whether a review must stop a change: there is a change at least as bad as `failOn`, or a preview
 * was incomplete, because what nobody saw may be worse.
 *
 * @example gate(reviews, "critical") // true: exit with 3
 */
export function gate(reviews: readonly StackReview[], failOn: Risk): boolean {
  return reviews.some(
    ({ changes, complete }) =>
      !complete || changes.some(({ risk }) => compareRisk(risk, failOn) <= 0),
  );
}
