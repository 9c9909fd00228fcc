import { asText, type JsonObject } from "../../json";
import { graphErrors } from "../errors";
import { type EntityType, propertyNamed } from "../model/entityType";

/** Whether a search finds an object. */
export type Search = (entity: JsonObject) => boolean;

/** Far more than anybody writes, and few enough to read. */
const deepest = 50;

/**
 * Reads `"description:one" AND ("displayName:video" OR "displayName:drive")`, `AND` before `OR`.
 *
 * @see https://learn.microsoft.com/graph/search-query-parameter#using-search-on-directory-object-collections
 */
export function parseSearch(text: string, type: EntityType): Search {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[()]|[^\s()"]+|"/g) ?? [];
  const refuse = () => graphErrors.syntax(`Syntax error: character ':' is not valid in '${text}'.`);
  const alternatives = (depth: number): Search => {
    const parts = [conjunction(depth)];
    while (tokens[0] === "OR") {
      tokens.shift();
      parts.push(conjunction(depth));
    }
    return (entity) => parts.some((part) => part(entity));
  };
  const conjunction = (depth: number): Search => {
    const parts = [clause(depth)];
    while (tokens[0] === "AND") {
      tokens.shift();
      parts.push(clause(depth));
    }
    return (entity) => parts.every((part) => part(entity));
  };
  const clause = (depth: number): Search => {
    const token = tokens.shift();
    if (token === "(" && depth < deepest) {
      const within = alternatives(depth + 1);
      if (tokens.shift() !== ")") {
        throw refuse();
      }
      return within;
    }
    const [, property, words] = /^"(\w+):(.*)"$/s.exec(token ?? "") ?? [];
    if (property === undefined || words === undefined) {
      throw refuse();
    }
    return clauseOf(type, property, words.replace(/\\(.)/gs, "$1").toLowerCase());
  };
  const search = alternatives(0);
  if (tokens.length > 0) {
    throw refuse();
  }
  return search;
}

/** Whether every word begins a word of the property, or the whole begins the property. */
function clauseOf(type: EntityType, property: string, words: string): Search {
  const name = propertyNamed(type, property);
  const byWords = name !== undefined && type.searchable?.includes(name) === true;
  const isText = type.properties[name ?? ""] === "text" && type.filterable.includes(name ?? "");
  if (name === undefined || !(byWords || isText)) {
    throw graphErrors.unsupportedQuery(`Property '${property}' cannot be searched.`);
  }
  return (entity) => {
    const value = asText(entity[name]).toLowerCase();
    const own = ` ${value}`.replace(/[^\p{L}\p{N}]+/gu, " ");
    return byWords
      ? words.split(/\s+/).every((word) => own.includes(` ${word}`))
      : value.startsWith(words);
  };
}
