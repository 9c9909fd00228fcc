import { isGuid } from "../../system/guid";
import type { Value } from "./values";

/**
 * One property of a resource, in the words of Terraform's schema.
 *
 * @see https://developer.hashicorp.com/terraform/plugin/sdkv2/schemas/schema-behaviors
 */
export interface PropertySchema {
  readonly type: "text" | "flag" | "number" | "list" | "set" | "object" | "map";
  /** Must be given. */
  readonly required?: boolean;
  /** A change replaces the resource. */
  readonly forceNew?: boolean;
  /** Filled in by the service when it is not given. */
  readonly computed?: boolean;
  /** Only ever filled in by the service. */
  readonly outputOnly?: boolean;
  /** Value when it is not given, recorded in the inputs. */
  readonly default?: Value;
  /** Value of the service that counts as not given, besides the empty one. */
  readonly zero?: Value;
  /** Properties of an object, or of each item of a list or set. */
  readonly fields?: Schema;
  /** Returns why a known value is refused. */
  readonly refuse?: (value: Value) => string | undefined;
}

/** The properties of a resource by name. */
export type Schema = Readonly<Record<string, PropertySchema>>;

/** Refuses what is not a UUID. */
export function refuseOtherThanUuid(value: Value): string | undefined {
  return typeof value === "string" && isGuid(value)
    ? undefined
    : `expected a valid UUID, got ${String(value)}`;
}

/** Refuses what is not among some texts. */
export function refuseOtherThan(...allowed: string[]): (value: Value) => string | undefined {
  return (value) =>
    allowed.includes(String(value))
      ? undefined
      : `expected one of [${allowed.map((one) => `"${one}"`).join(" ")}], got ${String(value)}`;
}

/** Refuses what is not an RFC 3339 time. */
export function refuseOtherThanTime(value: Value): string | undefined {
  return typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)
    ? undefined
    : `expected a valid RFC3339 date, got ${String(value)}`;
}

/** Refuses texts outside a range of lengths. */
export function refuseLengthOutside(
  min: number,
  max: number,
): (value: Value) => string | undefined {
  return (value) =>
    typeof value === "string" && value.length >= min && value.length <= max
      ? undefined
      : `expected length to be in the range (${min} - ${max})`;
}
