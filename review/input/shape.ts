/** A JSON object. */
export type Properties = Readonly<Record<string, unknown>>;

/** Whether a value read from outside is a JSON object. */
export function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value if it is a JSON object, else an empty one. */
export function recordOf(value: unknown): Properties {
  return isRecord(value) ? value : {};
}

/** The value if it is a non-empty string. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The value if it is a list, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The strings of a list. */
export function textsOf(value: unknown): string[] {
  return listOf(value).filter((one): one is string => typeof one === "string");
}

/** The numbers of an object, by key. */
export function countsOf(value: unknown): Record<string, number> {
  return Object.fromEntries(
    Object.entries(recordOf(value)).filter(
      (entry): entry is [string, number] => typeof entry[1] === "number",
    ),
  );
}
