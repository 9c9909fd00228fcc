import type { SimulatorContext } from "../http/context";
import type { JsonObject } from "../json";
import { graphErrors } from "./errors";

/** Query options that change nothing of what is answered here, and are therefore allowed. */
const tolerated = new Set(["$count", "$top", "$skiptoken"]);

/**
 * The `$filter` of a list: one comparison, `property eq 'value'`, of a property the list can be
 * filtered by. Throws 400 for anything else, so that no client believes in a filter that was
 * ignored.
 *
 * @param filterable Properties with the value of each entity.
 * @see https://learn.microsoft.com/graph/filter-query-parameter
 */
export function filtered<T>(
  c: SimulatorContext,
  entities: readonly T[],
  filterable: Readonly<Record<string, (entity: T) => string | boolean | null | undefined>>,
): T[] {
  rejectUnknownOptions(c, ["$filter", "$select"]);
  const filter = c.req.query("$filter");
  if (filter === undefined || filter === "") {
    return [...entities];
  }
  const comparison = /^\s*(\w+)\s+eq\s+(?:'((?:[^']|'')*)'|(true|false|null))\s*$/.exec(filter);
  if (comparison === null) {
    throw /^\s*\w+\s+eq\s/.test(filter)
      ? graphErrors.invalidFilter()
      : graphErrors.unsupportedQuery();
  }
  const [, name = "", text, literal] = comparison;
  const valueOf = filterable[name];
  if (valueOf === undefined) {
    throw graphErrors.unsupportedQuery(
      `Unsupported or invalid query filter clause specified for property '${name}' of resource.`,
    );
  }
  const wanted = text?.replaceAll("''", "'").toLowerCase() ?? literal;
  return entities.filter((entity) => {
    const value = valueOf(entity);
    return String(value ?? null).toLowerCase() === wanted;
  });
}

/** Throws 400 for query options that a route does not know. */
export function rejectUnknownOptions(c: SimulatorContext, known: readonly string[]): void {
  for (const name of Object.keys(c.req.query())) {
    if (name.startsWith("$") && !known.includes(name) && !tolerated.has(name)) {
      throw graphErrors.unsupportedQuery(`Unsupported Query option '${name}'.`);
    }
  }
}

/** The properties a client selected, or all that `standard` answers. Throws 400 for unknown ones. */
export function selected(
  c: SimulatorContext,
  all: JsonObject,
  options: { onlyWhenSelected?: readonly string[]; resource: string },
): JsonObject {
  const select = c.req.query("$select");
  if (select === undefined || select === "") {
    return Object.fromEntries(
      Object.entries(all).filter(([name]) => options.onlyWhenSelected?.includes(name) !== true),
    );
  }
  const names = select.split(",").map((name) => name.trim());
  const known = new Map(Object.keys(all).map((name) => [name.toLowerCase(), name]));
  return Object.fromEntries(
    names.map((name) => {
      const property = known.get(name.toLowerCase());
      if (property === undefined) {
        throw graphErrors.badRequest(
          `Could not find a property named '${name}' on type 'microsoft.graph.${options.resource}'.`,
        );
      }
      return [property, all[property]!];
    }),
  );
}

/** Version in the path of a Graph request. */
export function apiVersion(c: SimulatorContext): "v1.0" | "beta" {
  return c.req.path.startsWith("/beta/") ? "beta" : "v1.0";
}

/** Answers an entity with its `@odata.context`. */
export function entity(
  c: SimulatorContext,
  set: string,
  body: JsonObject,
  status: 200 | 201 = 200,
) {
  const select = c.req.query("$select");
  const suffix = select === undefined || status === 201 ? "" : `(${select})`;
  return c.json(
    {
      "@odata.context": `${c.var.request.origin}/${apiVersion(c)}/$metadata#${set}${suffix}/$entity`,
      ...body,
    },
    status,
  );
}

/**
 * Answers a list, a page at a time: `$top` (default 100, at most 999) and `@odata.nextLink`.
 *
 * @see https://learn.microsoft.com/graph/paging
 */
export function list(c: SimulatorContext, set: string, value: readonly JsonObject[]) {
  const size = Number(c.req.query("$top") ?? 100);
  if (!Number.isInteger(size) || size < 1 || size > 999) {
    throw graphErrors.badRequest(
      "Invalid page size specified: it must be between 1 and 999 inclusive.",
    );
  }
  const start = Number(c.req.query("$skiptoken") ?? 0);
  const next = start + size;
  const nextLink = new URL(c.req.url);
  nextLink.searchParams.set("$skiptoken", String(next));
  return c.json({
    "@odata.context": `${c.var.request.origin}/${apiVersion(c)}/$metadata#${set}`,
    ...(c.req.query("$count") === "true" ? { "@odata.count": value.length } : {}),
    ...(next < value.length
      ? { "@odata.nextLink": `${c.var.request.origin}${nextLink.pathname}${nextLink.search}` }
      : {}),
    value: value.slice(start, next),
  });
}
