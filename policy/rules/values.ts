/** A JSON object, of a resource or of a document, in which a {@link Hidden} value may stand anywhere. */
export type Properties = Readonly<Record<string, unknown>>;

/** Stands for a value that whoever judges cannot see. */
export interface Hidden {
  readonly hidden: "unknown" | "secret";
}

/** A value that only the update decides. */
export const unknownValue: Hidden = Object.freeze({ hidden: "unknown" });

/** A value that is masked, or that must not be shown. */
export const secretValue: Hidden = Object.freeze({ hidden: "secret" });

/** Whether only the update decides a value. By identity, so that no property can pretend it. */
export function isUnknown(value: unknown): boolean {
  return value === unknownValue;
}

/** Whether a value is secret. By identity, so that no property of a stack can pretend it. */
export function isSecret(value: unknown): boolean {
  return value === secretValue;
}

/** Whether a value cannot be seen. */
export function isHidden(value: unknown): value is Hidden {
  return isUnknown(value) || isSecret(value);
}

/** Whether a value is not set; SDKs and providers differ in how they write that. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** The text of a string that can be seen and is not empty. */
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

/** The elements of a list; anything else that is set, a hidden value included, is its own element. */
export function elementsOf(value: unknown): readonly unknown[] {
  if (isAbsent(value)) {
    return [];
  }
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

/** Whether a value is an object whose properties can be seen. */
export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isHidden(value);
}

/** The properties of an object; none for anything else, a hidden value included. */
export function propertiesOf(value: unknown): Properties {
  return isObject(value) ? value : {};
}

/** The id in `/applications/{id}` or `/servicePrincipals/{id}`, in lower case. */
export function bareId(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1).toLowerCase();
}

/** The instant of a date that can be seen, in milliseconds. */
export function instantOf(value: unknown): number | undefined {
  const instant = Date.parse(textOf(value) ?? "");
  return Number.isNaN(instant) ? undefined : instant;
}

/** An object with one property, or with none where its value is not there. */
export function asProperty<K extends string, V>(
  key: K,
  value: V | undefined,
): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
