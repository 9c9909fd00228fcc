/** A pattern that finds a text as it is: `RegExp.escape` is in none of the supported versions of Node. */
export function escapedPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
