import { asText, isJsonObject, type Json, type JsonObject } from "../../json";
import { graphErrors } from "../errors";
import type { Tenant } from "../../state/tenants";
import { type Literal, syntaxError, type Token, tokensOf } from "./filterTokens";
import { type EntityType, type Kind, ownSpelling, propertyNamed } from "../model/entityType";

/** Reads a value of an object. */
type Reader = (entity: JsonObject) => Json;

/** A filter that was read: what it takes, and whether only advanced queries may ask it. */
export interface Filter {
  matches(entity: JsonObject): boolean;
  /** The operator or property that needs `ConsistencyLevel: eventual`, if one does. */
  readonly advanced?: string;
}

type Predicate = (entity: JsonObject) => boolean;
const edmTypes: Readonly<Record<Kind, string>> = {
  text: "Edm.String",
  guid: "Edm.Guid",
  boolean: "Edm.Boolean",
  number: "Edm.Int32",
  date: "Edm.DateTimeOffset",
  texts: "Edm.String",
  objects: "Edm.ComplexType",
  object: "Edm.ComplexType",
};
/** Kinds of parts of items in lists, by their names; others are texts. */
const partKinds: readonly [names: RegExp, kind: Kind][] = [
  [/DateTime$/, "date"],
  [/^(keyId|skuId|servicePlanId)$/, "guid"],
  [/^resourceAccess$/, "objects"],
];
const comparisons: Readonly<Record<string, { name: string; holds(order: number): boolean }>> = {
  eq: { name: "Equal", holds: (order) => order === 0 },
  ne: { name: "NotEqual", holds: (order) => order !== 0 },
  gt: { name: "GreaterThan", holds: (order) => order > 0 },
  ge: { name: "GreaterThanOrEqual", holds: (order) => order >= 0 },
  lt: { name: "LessThan", holds: (order) => order < 0 },
  le: { name: "LessThanOrEqual", holds: (order) => order <= 0 },
};
const functions: Readonly<Record<string, (value: string, part: string) => boolean>> = {
  startswith: (value, part) => value.startsWith(part),
  endswith: (value, part) => value.endsWith(part),
  contains: (value, part) => value.includes(part),
};
/** Operators that the index of advanced queries knows, and the directory itself does not. */
const advancedOperators = ["ne", "not", "endswith", "$count"];

/**
 * Reads a `$filter`. Throws 400 for what is not one, for properties that cannot be filtered by,
 * and for values that are not of the property's type.
 *
 * @see https://learn.microsoft.com/graph/filter-query-parameter
 */
export function parseFilter(text: string, type: EntityType, tenant?: Tenant): Filter {
  return new Parser(text, type, tenant).filter();
}

class Parser {
  private readonly tokens: Token[];
  private position = 0;
  private advanced: string | undefined;
  /** Variables of `any`, with the property they run through. */
  private readonly variables = new Map<string, { kind: Kind; item?: Json }>();

  constructor(
    private readonly text: string,
    private readonly type: EntityType,
    /** Whose relations are counted. */
    private readonly tenant?: Tenant,
  ) {
    this.tokens = tokensOf(text);
  }

  filter(): Filter {
    const matches = this.disjunction();
    if (this.position < this.tokens.length) {
      throw syntaxError(this.text);
    }
    return this.advanced === undefined ? { matches } : { matches, advanced: this.advanced };
  }

  private disjunction(): Predicate {
    let left = this.conjunction();
    while (this.takeName("or")) {
      const [one, other] = [left, this.conjunction()];
      left = (entity) => one(entity) || other(entity);
    }
    return left;
  }

  private conjunction(): Predicate {
    let left = this.negation();
    while (this.takeName("and")) {
      const [one, other] = [left, this.negation()];
      left = (entity) => one(entity) && other(entity);
    }
    return left;
  }

  private negation(): Predicate {
    if (!this.takeName("not")) {
      return this.comparison();
    }
    this.noteOperator("not");
    const inner = this.negation();
    return (entity) => !inner(entity);
  }

  private comparison(): Predicate {
    if (this.takeSign("(")) {
      const inner = this.disjunction();
      this.expectSign(")");
      return inner;
    }
    const name = this.expectName();
    if (name.toLowerCase() in functions && this.takeSign("(")) {
      return this.call(name.toLowerCase());
    }
    if (/^isof$/i.test(name) && this.takeSign("(")) {
      const wanted = `#${String(this.expectLiteral("text", "Equal"))}`.toLowerCase();
      this.expectSign(")");
      return (entity) => asText(entity["@odata.type"]).toLowerCase() === wanted;
    }
    const [, list, lambda] = /^(.+)\/(any|all)$/i.exec(name) ?? [];
    if (list !== undefined && lambda !== undefined) {
      return this.lambda(list, lambda.toLowerCase());
    }
    const { kind, read } = /\/\$count$/i.test(name)
      ? this.counted(name.slice(0, name.lastIndexOf("/")))
      : this.operand(name);
    if (this.takeName("in")) {
      return this.oneOf(kind, read);
    }
    const operator = this.peek()?.kind === "name" ? this.expectName().toLowerCase() : undefined;
    if (operator === undefined && kind === "boolean") {
      return (entity) => read(entity) === true;
    }
    const comparison = comparisons[operator ?? ""];
    if (operator === undefined || comparison === undefined) {
      throw syntaxError(this.text);
    }
    this.noteOperator(operator);
    const wanted = this.expectLiteral(kind, comparison.name);
    return (entity) => comparison.holds(compare(read(entity), wanted));
  }

  private call(name: string): Predicate {
    this.noteOperator(name);
    const { kind, read } = this.operand(this.expectName());
    this.expectSign(",");
    const wanted = String(this.expectLiteral(kind, "Equal")).toLowerCase();
    this.expectSign(")");
    if (kind !== "text" || (name === "contains" && this.type.advancedQueries === true)) {
      throw graphErrors.unsupportedQuery();
    }
    return (entity) => {
      const value = read(entity);
      return typeof value === "string" && functions[name]!(value.toLowerCase(), wanted);
    };
  }

  private oneOf(kind: Kind, read: Reader): Predicate {
    this.expectSign("(");
    const wanted = [this.expectLiteral(kind, "Equal")];
    while (this.takeSign(",")) {
      wanted.push(this.expectLiteral(kind, "Equal"));
    }
    this.expectSign(")");
    return (entity) => wanted.some((one) => compare(read(entity), one) === 0);
  }

  /**
   * `tags/any(t:t eq 'x')`, `web/redirectUris/any(…)`, `keyCredentials/any(k:k/keyId eq …)`; lists
   * of objects of the directory know no `all` (assumed).
   */
  private lambda(list: string, name: string): Predicate {
    const { kind, read } = this.operand(list);
    const isAny = name === "any";
    if ((kind !== "texts" && kind !== "objects") || (!isAny && this.type.advancedQueries)) {
      throw graphErrors.unsupportedQuery();
    }
    this.expectSign("(");
    if (isAny && this.takeSign(")")) {
      return (entity) => itemsOf(read(entity)).length > 0;
    }
    const variable = this.expectName();
    this.expectSign(":");
    const bound: { kind: Kind; item?: Json } = { kind: kind === "texts" ? "text" : "object" };
    this.variables.set(variable, bound);
    const inner = this.disjunction();
    this.variables.delete(variable);
    this.expectSign(")");
    return (entity) => {
      const holds = (item: Json) => {
        bound.item = item;
        return inner(entity);
      };
      const items = itemsOf(read(entity));
      return isAny ? items.some(holds) : items.every(holds);
    };
  }

  /** How many items a list has, or objects a relation leads to: `owners/$count eq 0`. */
  private counted(list: string): { kind: Kind; read: Reader } {
    this.noteOperator("$count");
    const { type, tenant } = this;
    const relation = ownSpelling(type.navigation ?? {}, list);
    if (relation !== undefined && tenant !== undefined) {
      const navigation = type.navigation![relation]!;
      return { kind: "number", read: (entity) => navigation.related(tenant, entity).length };
    }
    const { kind, read } = this.operand(list);
    if (kind !== "texts" && kind !== "objects") {
      throw graphErrors.unsupportedQuery();
    }
    return { kind: "number", read: (entity) => itemsOf(read(entity)).length };
  }

  /** What a path names: a property, a part of one, or a variable. */
  private operand(path: string): { kind: Kind; read: Reader } {
    const [first = "", ...rest] = path.split("/");
    const variable = this.variables.get(first);
    if (variable !== undefined) {
      return {
        kind: rest.length > 0 ? this.kindOfPart(rest.at(-1)!) : variable.kind,
        read: () => part(variable.item ?? null, rest),
      };
    }
    const { type } = this;
    const known = ownSpelling(type.parts ?? {}, path);
    const name = known ?? propertyNamed(type, first);
    if (name === undefined && ownSpelling(type.navigation ?? {}, first) === undefined) {
      throw graphErrors.unknownProperty(first, type.name, "Invalid filter clause: ");
    }
    if (name === undefined || !type.filterable.includes(name)) {
      throw unfilterable(name ?? first, type);
    }
    if (type.advancedFilters?.includes(name) === true) {
      this.advanced ??= name;
    }
    if (known !== undefined) {
      return { kind: type.parts![known]!, read: (entity) => part(entity, known.split("/")) };
    }
    return {
      kind: rest.length > 0 ? this.kindOfPart(rest.at(-1)!) : type.properties[name]!,
      read: (entity) => part(entity[name] ?? null, rest),
    };
  }

  /** The kind of a part of a complex value, as far as its name tells it. */
  private kindOfPart(name: string): Kind {
    const isId = name === "id" && this.type.textIds !== true;
    return isId ? "guid" : (partKinds.find(([names]) => names.test(name))?.[1] ?? "text");
  }

  private noteOperator(operator: string): void {
    const isKnown = this.type.negation === true && ["ne", "not"].includes(operator);
    if (advancedOperators.includes(operator) && !isKnown) {
      this.advanced ??= operator;
    }
  }

  private expectLiteral(kind: Kind, operator: string): Literal["value"] {
    const { literal } = this.tokens[this.position++] ?? {};
    if (literal === undefined) {
      throw syntaxError(this.text);
    }
    const wanted = edmTypes[kind];
    if (literal.value !== null && literal.edm !== wanted && wanted !== "Edm.ComplexType") {
      throw graphErrors.incompatibleTypes(wanted, literal.edm, operator);
    }
    return literal.value;
  }

  private expectName(): string {
    const token = this.tokens[this.position++];
    if (token?.kind !== "name") {
      throw syntaxError(this.text);
    }
    return token.text;
  }

  private takeName(name: string): boolean {
    const token = this.peek();
    const there = token?.kind === "name" && token.text.toLowerCase() === name;
    this.position += there ? 1 : 0;
    return there;
  }

  private takeSign(sign: string): boolean {
    const token = this.peek();
    const there = token?.kind === "sign" && token.text === sign;
    this.position += there ? 1 : 0;
    return there;
  }

  private expectSign(sign: string): void {
    if (!this.takeSign(sign)) {
      throw syntaxError(this.text);
    }
  }

  private peek(): Token | undefined {
    return this.tokens[this.position];
  }
}

function part(value: Json, path: readonly string[]): Json {
  return path.reduce<Json>(
    (inner, name) => (isJsonObject(inner) ? (inner[name] ?? null) : null),
    value,
  );
}

function itemsOf(value: Json): Json[] {
  return Array.isArray(value) ? value : [];
}

/** Order of two values; texts without regard to case, dates as instants. NaN: not comparable. */
function compare(value: Json, wanted: Literal["value"]): number {
  if (value === null || wanted === null) {
    return value === wanted ? 0 : Number.NaN;
  }
  if (typeof value === "string" && typeof wanted === "string") {
    const [one, other] = [comparable(value), comparable(wanted)];
    return one < other ? -1 : one > other ? 1 : 0;
  }
  return typeof value === typeof wanted ? Number(value) - Number(wanted) : Number.NaN;
}

function comparable(text: string): string {
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? text.toLowerCase() : new Date(time).toISOString();
}

/** 400 for a property that lists are not filtered by, or not by such a query. */
export function unfilterable(name: string, { name: type }: EntityType) {
  return graphErrors.unsupportedQuery(
    `Unsupported or invalid query filter clause specified for property '${name}' of resource '${type}'.`,
  );
}
