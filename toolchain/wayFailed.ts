/** A way to get the CLI that did not work. The message is a clause without a full stop. */
export class WayFailed extends Error {
  override readonly name = "WayFailed";
}

/** The last lines of what a program said, as one, without the credentials that addresses carry. */
export function lastLines(lines: readonly string[], count = 3): string {
  const said = lines
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(-count)
    .join(" ")
    .replace(/:\/\/[^/\s@]*@/g, "://");
  return said === "" ? "it does not say why" : said;
}
