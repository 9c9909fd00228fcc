import type { FailedStack, StackReview } from "../documentShape";
import type { ReviewAbout, ReviewDocument } from "../documentShape";
import { addCounts, countRisks } from "./wording";

/** Raised whenever a property of {@link ReviewDocument} is renamed, removed or changes its meaning. */
const reviewDocumentVersion = 1;

/**
 * Reviews as a document for programs. Texts are as they are in the stacks: who shows them has to
 * escape them.
 *
 * @example jsonText(renderJson(reviews))
 */
export function renderJson(
  reviews: readonly StackReview[],
  about?: ReviewAbout,
  drift?: readonly StackReview[],
  failed: readonly FailedStack[] = [],
): ReviewDocument {
  return {
    version: reviewDocumentVersion,
    summary: addCounts(reviews.map(({ changes }) => countRisks(changes))),
    complete:
      failed.length === 0 && [...reviews, ...(drift ?? [])].every(({ complete }) => complete),
    ...(about === undefined ? {} : { about }),
    stacks: reviews,
    ...(failed.length === 0 ? {} : { failed }),
    ...(drift === undefined ? {} : { drift }),
  };
}
