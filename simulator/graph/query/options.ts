import type { SimulatorContext } from "../../http/context";
import { graphErrors } from "../errors";
import { type EntityType, ownSpelling, propertyNamed } from "../model/entityType";
import { directoryObjectType } from "../model/objectTypes";
import { extensionNamesIn, withExtensions } from "../directoryExtensions";
import { type Filter, parseFilter, unfilterable } from "./filter";
import { parseSearch, type Search } from "./search";

/** What a client asked of a list or an object beside itself. */
export interface QueryOptions {
  /** Own spelling of the selected properties. Undefined: those that are answered anyway. */
  readonly select?: readonly string[];
  /** As the client wrote it, for `@odata.context`. */
  readonly selectText?: string;
  readonly filter?: Filter;
  readonly expand: readonly Expansion[];
  readonly orderBy: readonly { readonly name: string; readonly descending: boolean }[];
  readonly search?: Search;
  readonly top?: number;
  readonly count: boolean;
  readonly pageToken?: string;
  readonly deltaToken?: string;
}

export interface Expansion {
  readonly name: string;
  readonly select?: readonly string[];
  /** What is expanded of the objects that it leads to. */
  readonly expand?: readonly Expansion[];
  /** How far the relation is followed from object to object. Default: once. */
  readonly levels?: number;
}

/** Options by what they are asked of, without the `$`. */
export const knownOptions = {
  list: ["select", "filter", "expand", "orderby", "search", "top", "count", "skiptoken", "format"],
  // One object has one page, and is counted by some clients all the same.
  object: ["select", "expand", "format", "top", "count"],
  delta: ["select", "filter", "top", "skiptoken", "deltatoken", "format"],
} as const;

/**
 * Reads the query options of a request. Throws 400 for what the simulator does not implement, so
 * that no client believes in an option that was ignored.
 *
 * @see https://learn.microsoft.com/graph/query-parameters
 */
export function queryOptions(
  c: SimulatorContext,
  given: EntityType,
  of: keyof typeof knownOptions = "list",
): QueryOptions {
  const options = optionsIn(new URL(c.req.url).searchParams, knownOptions[of]);
  const { tenant } = c.var.request;
  const extensions = extensionNamesIn([...options.values()].join(" "));
  const extended = (one: EntityType) =>
    tenant === undefined ? one : withExtensions(one, tenant, extensions);
  // Of filters of changes only those by id are taken.
  const type = of === "delta" ? { ...extended(given), filterable: ["id"] } : extended(given);
  const eventual = c.req.header("consistencylevel")?.toLowerCase() === "eventual";
  const value = (name: string) => options.get(name) || undefined;
  const filterText = value("filter");
  const filter = filterText === undefined ? undefined : parseFilter(filterText, type, tenant);
  const search = value("search");
  const orderBy = parseOrder(value("orderby"), type);
  const count = value("count")?.toLowerCase() === "true" && eventual;
  requireAdvanced(type, { filter, orderBy, search }, { eventual, count });
  const expand = parseExpand(value("expand"), type, {
    mayFollow: of === "object" && count,
    extended,
  });
  const selectText = value("select");
  return {
    ...(selectText === undefined
      ? {}
      : { selectText, select: parseSelect(selectText, type, expand) }),
    ...(filter === undefined ? {} : { filter }),
    expand,
    orderBy,
    ...(search === undefined ? {} : { search: parseSearch(search, type) }),
    ...(value("top") === undefined ? {} : { top: pageSize(value("top")!, type) }),
    count,
    ...(value("skiptoken") === undefined ? {} : { pageToken: value("skiptoken")! }),
    ...(value("deltatoken") === undefined ? {} : { deltaToken: value("deltatoken")! }),
  };
}

/** Options by their names, in lower case and without the `$`, which may be left out. */
function optionsIn(parameters: URLSearchParams, allowed: readonly string[]): Map<string, string> {
  const options = new Map<string, string>();
  for (const [written, value] of parameters) {
    const name = written.toLowerCase().replace(/^\$/, "");
    const asksNothing = value === "" && written.startsWith("$");
    if (allowed.includes(name)) {
      if (options.has(name)) {
        throw graphErrors.badRequest(`Query option '$${name}' was specified more than once.`);
      }
      options.set(name, value);
    } else if (written.startsWith("$") && !(asksNothing && isKnownOption(name))) {
      throw graphErrors.unsupportedQuery(`Unsupported Query option '${written}'.`);
    }
  }
  return options;
}

/** Whether any request can be asked so. */
function isKnownOption(name: string): boolean {
  return Object.values(knownOptions).some((names) => names.some((one) => one === name));
}

function requireAdvanced(
  type: EntityType,
  asked: {
    filter?: Filter | undefined;
    orderBy: QueryOptions["orderBy"];
    search?: string | undefined;
  },
  given: { eventual: boolean; count: boolean },
): void {
  const operator = asked.filter?.advanced;
  if (type.advancedQueries !== true) {
    if (operator !== undefined || asked.search !== undefined) {
      throw graphErrors.unsupportedQuery();
    }
    return;
  }
  if (asked.search !== undefined && !given.eventual) {
    throw graphErrors.unsupportedQuery(
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    );
  }
  if (given.count) {
    return;
  }
  if (operator === "endswith") {
    throw graphErrors.unsupportedQuery(
      "Operator 'endsWith' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information",
    );
  }
  if (operator !== undefined) {
    throw type.filterable.includes(operator)
      ? unfilterable(operator, type)
      : graphErrors.unsupportedQuery();
  }
  const isBeyondDefault = asked.orderBy.some(({ name }) => type.sortable?.includes(name) !== true);
  if (isBeyondDefault || (asked.filter !== undefined && asked.orderBy.length > 0)) {
    throw graphErrors.unsupportedQuery("Sorting not supported for current query.");
  }
}

/** Own spelling of selected properties; what is expanded may stand among them. Throws 400 for unknown ones. */
function parseSelect(
  text: string,
  type: EntityType,
  expand: readonly Expansion[],
): string[] | undefined {
  const expanded = expand.map(({ name }) => name.toLowerCase());
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => !expanded.includes(name.toLowerCase()));
  return names.includes("*")
    ? undefined
    : names.map((written) => {
        const name = propertyNamed(type, written);
        if (name === undefined) {
          throw graphErrors.unknownProperty(written, type.name);
        }
        return name;
      });
}

/** What may stand in an `$expand`. */
interface ExpandRules {
  /** Whether `$levels` may: in advanced queries of one object. */
  readonly mayFollow: boolean;
  /** A type with the tenant's directory extensions. */
  extended(type: EntityType): EntityType;
}

/**
 * `owners`, `owners($select=id,displayName)`, `manager($levels=max;$select=id)`,
 * `policy($expand=rules)`, `*`; relations separated by commas, of users only one. Clients name one
 * again for each property that they select of it. Objects of the directory are not expanded further
 * or by `*`, and never filtered, sorted, counted or limited within.
 *
 * @see https://learn.microsoft.com/graph/query-parameters#expand-parameter
 * @see https://developer.microsoft.com/graph/known-issues/?search=13635
 * @see https://learn.microsoft.com/graph/api/user-list-manager
 * @see https://learn.microsoft.com/graph/api/policyroot-list-rolemanagementpolicyassignments
 */
function parseExpand(text: string | undefined, type: EntityType, rules: ExpandRules): Expansion[] {
  const expansions = new Map<string, Expansion>();
  const isEvery = text?.trim() === "*" && type.advancedQueries !== true;
  const parts = isEvery ? Object.keys(type.navigation ?? {}) : partsOf(text ?? "", ",");
  for (const written of parts) {
    const one = parseExpansion(written, type, rules);
    const before = expansions.get(one.name)?.select ?? [];
    const select = one.select && [...new Set([...before, ...one.select])];
    expansions.set(one.name, { ...one, ...(select === undefined ? {} : { select }) });
  }
  if (type.expandsOne === true && expansions.size > 1) {
    throw graphErrors.tooManyExpansions(expansions.size);
  }
  return [...expansions.values()];
}

function parseExpansion(written: string, type: EntityType, rules: ExpandRules): Expansion {
  const [, relation = "", inner = ""] = /^\s*(\w+)(?:\((.*)\))?\s*$/s.exec(written) ?? [];
  const name = ownSpelling(type.navigation ?? {}, relation);
  if (relation !== "" && name === undefined) {
    throw graphErrors.unknownProperty(relation, type.name);
  }
  const unsupported = () =>
    graphErrors.unsupportedQuery(`Unsupported Query option in '$expand=${written}'.`);
  if (name === undefined) {
    throw unsupported();
  }
  const navigation = type.navigation![name]!;
  const target = navigation.type ?? directoryObjectType;
  const asked = new Map(
    partsOf(inner, ";").map((option): [string, string] => {
      const [, key = "", value = ""] = /^\s*\$?(\w+)=(.*?)\s*$/s.exec(option) ?? [];
      return [key.toLowerCase(), value];
    }),
  );
  const { select, levels, expand: nested, ...others } = Object.fromEntries(asked);
  const mayFollow = levels === undefined || (rules.mayFollow && navigation.levels === true);
  const mayNest = nested === undefined || target.navigation !== undefined;
  const isKnown = Object.keys(others).length === 0;
  if (!isKnown || !mayNest || !mayFollow || !/^(max|[1-9]\d{0,2}|1000)$/i.test(levels ?? "1")) {
    throw unsupported();
  }
  const expand = parseExpand(nested, target, { ...rules, mayFollow: false });
  const selected =
    select === undefined ? undefined : parseSelect(select, rules.extended(target), expand);
  return {
    name,
    ...(selected === undefined ? {} : { select: selected }),
    ...(nested === undefined ? {} : { expand }),
    ...(levels === undefined ? {} : { levels: /max/i.test(levels) ? 1000 : Number(levels) }),
  };
}

/** What stands between separators that are in no parentheses; of an empty text nothing, nor of empty options. */
function partsOf(text: string, separator: "," | ";"): string[] {
  const parts = text.trim() === "" ? [] : [""];
  let depth = 0;
  for (const sign of text) {
    depth += Number(sign === "(") - Number(sign === ")");
    if (sign === separator && depth === 0) {
      parts.push("");
    } else if (parts.length > 0) {
      parts[parts.length - 1] += sign;
    }
  }
  return parts.filter((part) => part.trim() !== "" || separator === ",");
}

/**
 * What lists of objects of the directory are sorted by, by most only as an advanced query.
 *
 * @see https://learn.microsoft.com/graph/aad-advanced-queries#support-for-sorting-by-properties-of-microsoft-entra-id-directory-objects
 */
const sortedBy = ["createdDateTime", "deletedDateTime", "displayName", "userPrincipalName"];

function parseOrder(text: string | undefined, type: EntityType): QueryOptions["orderBy"] {
  return (text?.split(",") ?? []).map((written) => {
    const [, property = "", direction] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(written) ?? [];
    const name = propertyNamed(type, property);
    if (name === undefined) {
      throw graphErrors.unknownProperty(property || written, type.name);
    }
    const isSortable =
      type.advancedQueries === true
        ? sortedBy.includes(name)
        : type.filterable.includes(name) && ["text", "date"].includes(type.properties[name]!);
    if (!isSortable) {
      throw graphErrors.unsupportedQuery("Sorting not supported for current query.");
    }
    return { name, descending: direction?.toLowerCase() === "desc" };
  });
}

function pageSize(text: string, { largestPage = 999 }: EntityType): number {
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1 || size > largestPage) {
    throw graphErrors.badRequest(
      `Invalid page size specified: '${text}'. Must be between 1 and ${largestPage} inclusive.`,
    );
  }
  return size;
}
