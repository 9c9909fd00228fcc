import type { JsonObject } from "../../json";
import type { Tenant } from "../../state/tenants";

/** The kind of value a property has: for filters, and for what clients may write. */
export type Kind = "text" | "guid" | "boolean" | "number" | "date" | "texts" | "objects" | "object";

/** A relation that `$expand` follows. */
export interface Navigation {
  /** Whether it leads to several objects. */
  readonly many: boolean;
  related(tenant: Tenant, entity: JsonObject): JsonObject[];
}

/** What is known of one type of Graph's: which properties it has, and what clients can do with them. */
export interface EntityType {
  /** Without `microsoft.graph.`, for example `servicePrincipal`. */
  readonly name: string;
  readonly properties: Readonly<Record<string, Kind>>;
  readonly filterable: readonly string[];
  /** Properties that are answered only where they are selected. */
  readonly onlyWhenSelected?: readonly string[];
  /** Whether ids inside its properties are texts in filters. Default: GUIDs without quotes. */
  readonly textIds?: boolean;
  /** Properties that `$search` looks into. */
  readonly searchable?: readonly string[];
  /**
   * Whether it is an object of the directory, which has advanced queries: `ne`, `not`, `endswith`,
   * `$search`, `$count`.
   *
   * @see https://learn.microsoft.com/graph/aad-advanced-queries
   */
  readonly advancedQueries?: boolean;
  /** Properties of an object of the directory by which lists are sorted without an advanced query. */
  readonly sortable?: readonly string[];
  readonly navigation?: Readonly<Record<string, Navigation>>;
  /** Properties that clients cannot write. */
  readonly readOnly?: readonly string[];
  /** Properties whose value must not be null or empty. */
  readonly required?: readonly string[];
  /** What a property is when a client sets it to null. */
  readonly defaults?: JsonObject;
}

/**
 * Properties by their kinds, each with what can be done with it:
 * `propertiesByKind({ text: ["displayName filterable required"], boolean: ["isPrivileged"] })`.
 */
export function propertiesByKind(
  byKind: Readonly<Partial<Record<Kind, readonly string[]>>>,
): Omit<EntityType, "name"> {
  const rows = Object.entries(byKind).flatMap(([kind, properties]) =>
    properties.map((property) => {
      const [name = "", ...said] = property.split(" ");
      return { name, kind: kind as Kind, said };
    }),
  );
  const marked = (mark: keyof EntityType) =>
    rows.flatMap(({ name, said }) => (said.includes(mark) ? [name] : [])).sort();
  return {
    properties: Object.fromEntries(rows.map(({ name, kind }) => [name, kind])),
    filterable: marked("filterable"),
    onlyWhenSelected: marked("onlyWhenSelected"),
    readOnly: marked("readOnly"),
    required: marked("required"),
    searchable: marked("searchable"),
  };
}

/** A property's own spelling of a name that a client wrote in any case. */
export function propertyNamed(type: EntityType, written: string): string | undefined {
  return written in type.properties
    ? written
    : Object.keys(type.properties).find((name) => name.toLowerCase() === written.toLowerCase());
}

/** The name of a type as errors about what clients write have it: `ServicePrincipal`. */
export function resourceName({ name }: EntityType): string {
  return name[0]!.toUpperCase() + name.slice(1);
}
