import { commentLimit, sizeOf } from "../review/render/markdown";
import { markdownCode, markdownProse } from "../review/render/markdownText";
import { type CommentPart, markerSize, partName, withMarker, withTable } from "./marker";

/** Said in the place of what does not fit. */
const notice = "> **Cut to fit a comment.** The summary of its run holds everything.";

/**
 * The text of a comment: of one part the part itself, of several a table of them and then each, with
 * the same room for all, so that runs agree on it whoever has written last. Where one does not fit, its
 * details go first, then what stands last, which is mildest.
 *
 * @param parts In the order in which they are shown.
 */
export function bodyOf(key: string, parts: readonly CommentPart[]): string {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) {
    return withMarker(only);
  }
  const table = tableOfParts(parts);
  const room = Math.floor((commentLimit - sizeOf(table) - 400) / parts.length) - markerSize;
  return withTable(
    key,
    table,
    parts.map((part) => ({ ...part, text: cutTo(room, part.text) })),
  );
}

function tableOfParts(parts: readonly CommentPart[]): string {
  return [
    `## Permission changes in ${parts.length} parts`,
    "",
    "| Part | Result |",
    "| --- | --- |",
    ...parts.map(
      (part) => `| ${markdownCode(partName(part), 100)} | ${markdownProse(part.says, 150)} |`,
    ),
  ].join("\n");
}

/** A report with at most so many characters: the same of the whole as of what was cut already. */
function cutTo(room: number, text: string): string {
  if (sizeOf(text) <= room) {
    return text;
  }
  const lines = text.split("\n").filter((line) => line !== notice);
  const withNotice = () => [...lines, notice].join("\n");
  while (sizeOf(withNotice()) > room) {
    const end = lines.lastIndexOf("</details>");
    if (end < 0) {
      break;
    }
    const start = lines.slice(0, end).findLastIndex((line) => line.startsWith("<details>"));
    lines.splice(Math.max(start, 0), end - Math.max(start, 0) + 1);
  }
  while (lines.length > 0 && sizeOf(withNotice()) > room) {
    lines.pop();
  }
  return withNotice();
}
