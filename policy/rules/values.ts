/** A JSON object of a resource, in which a {@link Hidden} value may stand anywhere. */
export type Properties = Readonly<Record<string, unknown>>;

/** Stands for a value that whoever judges cannot see. */
export interface Hidden {
  readonly hidden: "unknown" | "secret";
}

/** A value that only the update decides. */
export const unknownValue: Hidden = Object.freeze({ hidden: "unknown" });

/** A value that the engine has masked. */
export const secretValue: Hidden = Object.freeze({ hidden: "secret" });

/** Whether a value cannot be seen. By identity, so that no property of a stack can pretend it. */
export function isHidden(value: unknown): value is Hidden {
  return value === unknownValue || value === secretValue;
}

/** Whether a value is not set; SDKs and providers differ in how they write that. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** The text of a string that can be seen. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The elements of a list, the list itself where it is hidden, nothing where it is absent. */
export function elementsOf(value: unknown): readonly unknown[] {
  if (isAbsent(value)) {
    return [];
  }
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

/** The properties of an object; none for anything else, a hidden value included. */
export function propertiesOf(value: unknown): Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isHidden(value)
    ? (value as Properties)
    : {};
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
