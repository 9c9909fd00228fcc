import type { Json, JsonObject } from "../../json";
import type { Tenant } from "../../state/tenants";

/** The kind of value a property has: for filters, and for what clients may write. */
export type Kind = "text" | "guid" | "boolean" | "number" | "date" | "texts" | "objects" | "object";

/** A relation that `$expand` follows. */
export interface Navigation {
  /** Whether it leads to several objects. */
  readonly many: boolean;
  /** Whether `$levels` follows it from object to object. */
  readonly levels?: boolean;
  /** What it leads to. Default: objects of the directory, of any type. */
  readonly type?: EntityType;
  related(tenant: Tenant, entity: JsonObject): JsonObject[];
}

/** What is known of one type of Graph's: which properties it has, and what clients can do with them. */
export interface EntityType {
  /** Without `microsoft.graph.`, for example `servicePrincipal`. */
  readonly name: string;
  readonly properties: Readonly<Record<string, Kind>>;
  /** Properties, and `parts`, that lists are filtered by. */
  readonly filterable: readonly string[];
  /** Those of them that only advanced queries filter by. */
  readonly advancedFilters?: readonly string[];
  /** Parts of complex values by their paths, for example `web/redirectUris`, where filters know them. */
  readonly parts?: Readonly<Record<string, Kind>>;
  /** Properties that are answered only where they are selected. */
  readonly onlyWhenSelected?: readonly string[];
  /** Whether ids inside its properties are texts in filters. Default: GUIDs without quotes. */
  readonly textIds?: boolean;
  /** Properties of which `$search` finds every word; of other texts it finds the beginning. */
  readonly searchable?: readonly string[];
  /**
   * Whether it is an object of the directory, which has advanced queries: `ne`, `not`, `endswith`,
   * `$search`, `$count`.
   *
   * @see https://learn.microsoft.com/graph/aad-advanced-queries
   */
  readonly advancedQueries?: boolean;
  /** Whether filters of another object know `ne` and `not`. */
  readonly negation?: boolean;
  /** How many objects a page has at most. Default: 999. */
  readonly largestPage?: number;
  /** Properties of an object of the directory by which lists are sorted without an advanced query. */
  readonly sortable?: readonly string[];
  readonly navigation?: Readonly<Record<string, Navigation>>;
  /** Whether only one relation is expanded at a time. */
  readonly expandsOne?: boolean;
  /** Properties that clients cannot write. */
  readonly readOnly?: readonly string[];
  /** Complex values of which a client sends the whole, as of a list; of others it sends parts. */
  readonly replaced?: readonly string[];
  /** Properties whose value must not be null or empty. */
  readonly required?: readonly string[];
  /** What a property is when a client sets it to null. */
  readonly defaults?: JsonObject;
  /** What is kept of a value, where the kind does not tell it; undefined: it is not allowed. */
  readonly kept?: Readonly<Record<string, (value: Json) => Json | undefined>>;
}

/**
 * Properties by their kinds, each with what can be done with it:
 * `propertiesByKind({ text: ["displayName filterable required"], boolean: ["isPrivileged"] })`. What
 * has a slash is a part of one: `texts: ["web/redirectUris advancedFilters"]`.
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
  const marked = (...marks: (keyof EntityType)[]) =>
    rows
      .flatMap(({ name, said }) => (marks.some((mark) => said.includes(mark)) ? [name] : []))
      .sort();
  const kinds = (isPart: boolean) =>
    Object.fromEntries(
      rows.flatMap(({ name, kind }) => (name.includes("/") === isPart ? [[name, kind]] : [])),
    );
  return {
    properties: kinds(false),
    parts: kinds(true),
    filterable: marked("filterable", "advancedFilters"),
    advancedFilters: marked("advancedFilters"),
    onlyWhenSelected: marked("onlyWhenSelected"),
    readOnly: marked("readOnly"),
    replaced: marked("replaced"),
    required: marked("required"),
    searchable: marked("searchable"),
  };
}

/** A property's own spelling of a name that a client wrote in any case. */
export function propertyNamed(type: EntityType, written: string): string | undefined {
  return ownSpelling(type.properties, written);
}

/** A key of a table as the table spells it, by a name in any case. */
export function ownSpelling(table: object, written: string): string | undefined {
  return Object.hasOwn(table, written)
    ? written
    : Object.keys(table).find((name) => name.toLowerCase() === written.toLowerCase());
}

/** The name of a type as errors about what clients write have it: `ServicePrincipal`. */
export function resourceName({ name }: EntityType): string {
  return name[0]!.toUpperCase() + name.slice(1);
}
