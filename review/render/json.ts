import type { StackReview } from "../model";
import type { ReviewDocument } from "./jsonShape";
import { addCounts, countRisks } from "./wording";

/** Raised whenever a property of {@link ReviewDocument} is renamed, removed or changes its meaning. */
const reviewDocumentVersion = 1;

/**
 * Reviews as a document for programs. Texts are as they are in the stacks: who shows them has to
 * escape them.
 *
 * @example JSON.stringify(renderJson(reviews), undefined, 2)
 */
export function renderJson(reviews: readonly StackReview[]): ReviewDocument {
  return {
    version: reviewDocumentVersion,
    summary: addCounts(reviews.map(({ changes }) => countRisks(changes))),
    complete: reviews.every(({ complete }) => complete),
    stacks: reviews,
  };
}

/**
 * The document as text that is safe to print: characters which a terminal or an editor would act
 * on, or hide, are written as JSON escapes, so that the parsed text is unchanged.
 */
export function jsonText(document: ReviewDocument): string {
  const text = JSON.stringify(document, undefined, 2);
  return text.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
