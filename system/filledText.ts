/** Values for the places `{…}` of a text. */
export type Facts = Readonly<Record<string, string | number | undefined>>;

/**
 * A text with its places `{…}` filled in.
 *
 * @example filledText("{host} is busy.", { host: "outlook.office365.com" })
 */
export function filledText(text: string, facts: Facts): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) =>
    shortLine(String(facts[name] ?? "unknown")),
  );
}

/** Texts of services reach people: without control characters, on one line, of bounded length. */
export function shortLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return line.length <= 300 ? line : `${line.slice(0, 299)}…`;
}
