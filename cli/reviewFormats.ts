import { Option } from "@commander-js/extra-typings";
import type { StackReview } from "../review/documentShape";
import { driftHeading, renderHtml, type ReviewPage } from "../review/render/html";
import { renderJson } from "../review/render/json";
import { renderMarkdown } from "../review/render/markdown";
import { renderTerminal } from "../review/render/terminal";
import { jsonText } from "../system/visibleText";
import type { Io } from "./io";

/** Every form in which a review is written. */
export const reviewFormatOption = () =>
  new Option("-f, --format <format>", "form of the result")
    .choices(["terminal", "markdown", "json", "html"] as const)
    .default("terminal" as const);

/**
 * Writes reviews in the form that a person has asked for.
 *
 * @param heading What a page is called. @default "Permission changes"
 */
export function formatReviews(
  reviews: readonly StackReview[],
  format: "terminal" | "markdown" | "json" | "html",
  io: Io,
  { heading, about, drift, failed = [] }: ReviewPage = {},
): string {
  const isPage = format === "json" || format === "html";
  if (drift !== undefined && !isPage) {
    const isText = format === "terminal";
    const none = `${isText ? "  Nothing" : "Nothing"} was changed.\n`;
    const besides = drift.some(({ changes, complete }) => changes.length > 0 || !complete)
      ? formatReviews(drift, format, io, { heading: driftHeading })
      : `${isText ? "" : `## ${driftHeading}\n\n`}${none}`;
    const [first, second] = isText
      ? [`${driftHeading}:\n`, "What the settings change:\n"]
      : ["", ""];
    return `${first}${besides}\n${second}${formatReviews(reviews, format, io, { failed })}`;
  }
  switch (format) {
    case "terminal":
      return renderTerminal(reviews, { colour: io.colour, width: io.columns ?? 100 });
    case "markdown":
      return renderMarkdown(reviews, { failed, ...(heading === undefined ? {} : { heading }) });
    case "json":
      return `${jsonText(renderJson(reviews, about, drift, failed))}\n`;
    case "html":
      return renderHtml(reviews, { heading, about, drift, failed });
  }
}
