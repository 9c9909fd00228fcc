import { NotSimulated } from "../../http/protocolError";
import { asText, isJsonObject, type Json, type JsonObject } from "../../json";
import type { GraphCall } from "../call";
import { graphErrors } from "../errors";
import type { EntityType } from "../model/entityType";
import { isExtensionName, withExtensions } from "../directoryExtensions";
import { directoryObjectType, objectType } from "../model/objectTypes";
import { controlInformation } from "./odata";
import { type Expansion, type QueryOptions, queryOptions } from "./options";
import { Tokens } from "./tokens";

/**
 * What is left of lists, by the ids of the objects that are to follow, so that what is deleted or
 * made between two pages moves nothing.
 *
 * @see https://learn.microsoft.com/graph/paging
 */
const pages = new Tokens<readonly string[]>("RFNwdAIAAQAAA", 1000);

/** Answers an object with its `@odata.context`, as `$select` and `$expand` ask. */
export function answerObject(
  call: GraphCall,
  type: EntityType,
  set: string,
  entity: JsonObject,
): Response {
  const options = queryOptions(call.c, type, "object");
  const suffix = options.selectText === undefined ? "" : `(${options.selectText})`;
  return call.c.json({
    "@odata.context": call.context(`${set}${suffix}/$entity`),
    ...shapeEntity(call, type, set, entity, options),
  });
}

/** Answers an object that was made, as it is answered without `$select`. */
export function answerCreated(
  call: GraphCall,
  type: EntityType,
  set: string,
  entity: JsonObject,
): Response {
  const shown = shapeEntity(call, type, set, entity, { expand: [] });
  return call.c.json({ "@odata.context": call.context(`${set}/$entity`), ...shown }, 201);
}

/**
 * Answers a list as the query options ask, a page at a time: `$top` (default 100, at most 999) and
 * `@odata.nextLink`.
 *
 * @see https://learn.microsoft.com/graph/paging
 */
export function answerList(
  call: GraphCall,
  type: EntityType,
  set: string,
  entities: readonly JsonObject[],
): Response {
  const options = queryOptions(call.c, type);
  const matching = applyQuery(entities, options);
  const remaining =
    options.pageToken === undefined
      ? matching
      : sortedAsIds(matching, pages.read(call.tenant, options.pageToken));
  // With relations, pages of objects of the directory hold at most 100.
  const isLimited = type.advancedQueries === true && options.expand.length > 0;
  const size = isLimited ? Math.min(options.top ?? 100, 100) : (options.top ?? 100);
  const page = remaining.slice(0, size);
  const rest = remaining.slice(size).map(({ id }) => asText(id));
  const suffix = options.selectText === undefined ? "" : `(${options.selectText})`;
  return call.c.json({
    "@odata.context": call.context(set + suffix),
    ...(options.count && options.pageToken === undefined
      ? { "@odata.count": matching.length }
      : {}),
    ...(rest.length > 0
      ? { "@odata.nextLink": linkWith(call, "$skiptoken", pages.keep(call.tenant, rest)) }
      : {}),
    value: page.map((entity) => shapeEntity(call, type, set, entity, options)),
  });
}

/** Answers how many a list holds. @see https://learn.microsoft.com/graph/aad-advanced-queries */
export function answerCount(
  call: GraphCall,
  type: EntityType,
  entities: readonly JsonObject[],
): Response {
  const eventual = call.c.req.header("consistencylevel")?.toLowerCase() === "eventual";
  if (type.advancedQueries !== true || !eventual) {
    throw graphErrors.badRequest("$count is not currently supported.");
  }
  return call.c.text(String(applyQuery(entities, queryOptions(call.c, type)).length));
}

/**
 * Answers one property of an object, or a part of one: 204 where it is null, a complex value as an
 * object, and with `$value` its bare text.
 *
 * @see https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html#sec_IndividualPropertyorOperationRespons
 */
export function answerProperty(
  call: GraphCall,
  set: string,
  entity: JsonObject,
  name: string,
  part?: string,
): Response {
  const whole = entity[name] ?? null;
  const bare = part === "$value";
  const within = part === undefined || bare ? undefined : partNamed(whole, part);
  if (part !== undefined && !bare && within === undefined) {
    throw new NotSimulated(call.c.req.method, call.c.req.path);
  }
  const value = within === undefined ? whole : within[1];
  if (value === null) {
    return call.c.body(null, 204);
  }
  if (bare) {
    return call.c.text(asText(value));
  }
  const path = within === undefined ? name : `${name}/${within[0]}`;
  return call.c.json({
    "@odata.context": call.context(`${set}('${asText(entity["id"])}')/${path}`),
    ...(isJsonObject(value) ? value : { value }),
  });
}

function partNamed(whole: Json, written: string): [string, Json] | undefined {
  return Object.entries(isJsonObject(whole) ? whole : {}).find(
    ([name]) => name.toLowerCase() === written.toLowerCase(),
  );
}

function applyQuery(
  entities: readonly JsonObject[],
  { filter, search, orderBy }: QueryOptions,
): JsonObject[] {
  const matching = entities.filter(
    (entity) => (filter?.matches(entity) ?? true) && (search?.(entity) ?? true),
  );
  for (const { name, descending } of [...orderBy].reverse()) {
    const direction = descending ? -1 : 1;
    matching.sort((one, other) => direction * asText(one[name]).localeCompare(asText(other[name])));
  }
  return matching;
}

function sortedAsIds(entities: readonly JsonObject[], ids: readonly string[]): JsonObject[] {
  const byId = new Map(entities.map((entity) => [asText(entity["id"]), entity]));
  return ids.map((id) => byId.get(id)).filter((entity) => entity !== undefined);
}

/** The address that was asked, with a token to go on with. */
export function linkWith(
  call: GraphCall,
  parameter: "$skiptoken" | "$deltatoken",
  token: string,
): string {
  const link = new URL(call.c.req.url);
  for (const name of [...link.searchParams.keys()]) {
    if (/^\$?(skip|delta)token$/i.test(name)) {
      link.searchParams.delete(name);
    }
  }
  link.searchParams.set(parameter, token);
  return `${call.c.var.request.origin}${link.pathname}${link.search}`;
}

/** An object with the properties that were selected and the relations that were expanded. */
export function shapeEntity(
  call: GraphCall,
  type: EntityType,
  set: string,
  entity: JsonObject,
  { select, expand }: { select?: QueryOptions["select"]; expand: QueryOptions["expand"] },
): JsonObject {
  const shown = {
    ...unsetProperties(type, entity, select ?? []),
    ...pick(entity, select ?? namesByDefault(call, type, entity)),
  };
  const information = controlInformation(call, type, set, { ...shown, id: entity["id"] ?? "" });
  for (const expansion of expand) {
    shown[expansion.name] = expanded(call, type, set, entity, expansion);
  }
  return { ...information, ...shown };
}

/** What a relation leads to; followed on for as many `levels` as are asked for, each object once. */
function expanded(
  call: GraphCall,
  type: EntityType,
  set: string,
  entity: JsonObject,
  { name, select, expand = [], levels = 1 }: Expansion,
  passed: readonly Json[] = [],
): Json {
  const navigation = type.navigation![name]!;
  const seen = [...passed, entity["id"]!];
  const path = `${set}('${asText(entity["id"])}')/${name}`;
  const objects = navigation
    .related(call.tenant, entity)
    .slice(0, 20)
    .filter(({ id }) => levels === 1 || !seen.includes(id!))
    .map((object) => ({
      ...shapeEntity(call, navigation.type ?? directoryObjectType, path, object, {
        select,
        expand,
      }),
      ...(levels > 1
        ? { [name]: expanded(call, type, path, object, { name, select, levels: levels - 1 }, seen) }
        : {}),
    }));
  return navigation.many ? objects : (objects[0] ?? null);
}

/**
 * Properties that are answered without being selected; an object of any type tells its own. Values
 * of directory extensions are among them in beta only.
 *
 * @see https://learn.microsoft.com/graph/extensibility-overview#retrieve-a-directory-extension
 */
function namesByDefault(call: GraphCall, type: EntityType, entity: JsonObject): string[] {
  const mark = entity["@odata.type"];
  const own = mark === undefined ? type : objectType(mark);
  const extensions = Object.keys(entity).filter(isExtensionName);
  const { properties } = withExtensions(own, call.tenant, extensions);
  return Object.keys(entity).filter((name) =>
    extensions.includes(name)
      ? call.version === "beta" && name in properties
      : own.onlyWhenSelected?.includes(name) !== true,
  );
}

/** Properties that were selected and that nobody has set; objects of any type have only their own, and no object an extension without a value. */
function unsetProperties(
  type: EntityType,
  entity: JsonObject,
  names: readonly string[],
): JsonObject {
  const missing =
    "@odata.type" in entity
      ? []
      : names.filter((name) => !(name in entity) && !isExtensionName(name));
  return Object.fromEntries(
    missing.map((name) => [
      name,
      ["objects", "texts"].includes(type.properties[name] ?? "") ? [] : null,
    ]),
  );
}

/** Properties of an object that it has, and what it is called where objects are of several types. */
function pick(entity: JsonObject, names: readonly string[]): JsonObject {
  const kept = names.filter((name) => name in entity);
  return Object.fromEntries(
    ["@odata.type", ...kept].filter((name) => name in entity).map((name) => [name, entity[name]!]),
  );
}
