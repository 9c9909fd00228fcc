import type { Json, JsonObject } from "../json";
import { ExchangeError } from "./errors";

/** The same in OPATH for a filter in OData: `startswith(City,'Red') and Enabled eq true`. */
export function opathOf(filter: string): string {
  return filter
    .split(/('(?:[^']|'')*')/)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part
            .replace(/(^|[\s(])(eq|ne|gt|ge|lt|le|and|or|not)(?=[\s(]|$)/gi, "$1-$2")
            .replace(/(^|[\s(])(true|false|null)(?=[\s)]|$)/gi, "$1$$$2"),
    )
    .join("")
    .replace(
      /\b(startswith|endswith|contains)\(\s*(\w+)\s*,\s*'((?:[^']|'')*)'\s*\)/gi,
      (_, kind: string, property: string, value: string) => {
        const [before, after] = [/^s/i.test(kind) ? "" : "*", /^e/i.test(kind) ? "" : "*"];
        return `${property} -like '${before}${value}${after}'`;
      },
    );
}

type Test = (entity: JsonObject) => boolean;

/**
 * A filter in Exchange's OPATH: `Department -eq 'Sales' -and -not (City -like 'Red*')`.
 *
 * @throws {ExchangeError} If it is not one.
 * @see https://learn.microsoft.com/powershell/exchange/recipient-filters
 */
export function parseOpath(filter: string): Test {
  const tokens = filter.match(/\(|\)|-\w+|\$\w+|'(?:[^']|'')*'|"[^"]*"|[^\s()]+/g) ?? [];
  let at = 0;
  const fail = (): never => {
    throw ExchangeError.cmdletFailed(
      "Microsoft.Exchange.Configuration.Tasks.TaskArgumentException",
      `Invalid filter syntax. For a description of the filter parameter syntax see the command help.\n"${filter}" at position ${at + 1}.`,
    );
  };
  const isNext = (word: string) => tokens[at]?.toLowerCase() === word;
  const next = () => tokens[at++] ?? fail();

  const readEither = (): Test => {
    const first = readBoth();
    if (!isNext("-or")) {
      return first;
    }
    at += 1;
    const second = readEither();
    return (entity) => first(entity) || second(entity);
  };
  const readBoth = (): Test => {
    const first = single();
    if (!isNext("-and")) {
      return first;
    }
    at += 1;
    const second = readBoth();
    return (entity) => first(entity) && second(entity);
  };
  const single = (): Test => {
    if (isNext("-not")) {
      at += 1;
      const inner = single();
      return (entity) => !inner(entity);
    }
    if (isNext("(")) {
      at += 1;
      const inner = readEither();
      return isNext(")") ? ((at += 1), inner) : fail();
    }
    return comparison();
  };
  const comparison = (): Test => {
    const property = next();
    const operator = next().toLowerCase();
    const wanted = next()
      .replace(/^(['"])(.*)\1$/, "$2")
      .replaceAll("''", "'")
      .toLowerCase();
    const compare = opathComparisons[operator] ?? fail();
    return (entity) =>
      propertyTexts(entity, property).some((value) => compare(value, wanted)) !==
      ["-ne", "-notlike"].includes(operator);
  };
  const test = readEither();
  return at === tokens.length ? test : fail();
}

function isLike(value: string, wanted: string): boolean {
  const pattern = wanted.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${pattern}$`).test(value);
}

/** `-ne` is what no value is equal to, `-notlike` what none is like. */
const opathComparisons: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  "-eq": (value, wanted) => value === wanted,
  "-ne": (value, wanted) => value === wanted,
  "-gt": (value, wanted) => value.localeCompare(wanted, "en", { numeric: true }) > 0,
  "-ge": (value, wanted) => value.localeCompare(wanted, "en", { numeric: true }) >= 0,
  "-lt": (value, wanted) => value.localeCompare(wanted, "en", { numeric: true }) < 0,
  "-le": (value, wanted) => value.localeCompare(wanted, "en", { numeric: true }) <= 0,
  "-notlike": (value, wanted) => isLike(value, wanted),
  "-like": (value, wanted) => isLike(value, wanted),
};

function propertyTexts(entity: JsonObject, property: string): string[] {
  const name = Object.keys(entity).find((one) => one.toLowerCase() === property.toLowerCase());
  const value: Json | undefined = name === undefined ? undefined : entity[name];
  const listed = Array.isArray(value) ? value : [value ?? "$null"];
  return listed.map((one) =>
    (typeof one === "boolean"
      ? `$${one}`
      : typeof one === "string"
        ? one
        : JSON.stringify(one)
    ).toLowerCase(),
  );
}
