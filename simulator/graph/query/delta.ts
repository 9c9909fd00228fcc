import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { asText, type JsonObject } from "../../json";
import type { GraphCall } from "../call";
import type { EntityType } from "../model/entityType";
import { presentDirectoryObject } from "../present";
import { linkWith, shapeEntity } from "./answer";
import { queryOptions } from "./options";
import { Tokens } from "./tokens";

/** How an object was: a digest of its properties, and what its relations led to. */
interface ObjectState {
  readonly digest: string;
  readonly related: Readonly<Record<string, readonly string[]>>;
}

type StateById = ReadonlyMap<string, ObjectState>;

/** What is left to tell of a round, how everything is, and how it was in the round before. */
interface Round {
  readonly ids: readonly string[];
  readonly seen: StateById;
  readonly before: StateById;
}

const roundPages = new Tokens<Round>("DzAyRoundAAAA", 100);
/** @see https://learn.microsoft.com/graph/delta-query-overview#token-duration */
const finishedRounds = new Tokens<StateById>("DzAyDeltaAAAA", 100, 7 * 86_400_000);

/**
 * Answers what changed since a `$deltatoken`: all objects without one, those that were made,
 * changed or removed with one, none with `latest`. Rounds have pages like any list.
 *
 * @param entities As they are now.
 * @see https://learn.microsoft.com/graph/delta-query-overview
 */
export function answerDelta(
  call: GraphCall,
  type: EntityType,
  set: string,
  entities: readonly JsonObject[],
): Response {
  const relations = Object.entries(type.navigation ?? {}).flatMap(([name, { many, type: own }]) =>
    many && own === undefined ? [name] : [],
  );
  const selectable = Object.fromEntries(relations.map((name) => [name, "objects" as const]));
  const options = queryOptions(
    call.c,
    { ...type, properties: { ...type.properties, ...selectable } },
    "delta",
  );
  const { select = ["members"] } = options;
  const tracked = relations.filter((name) => select.includes(name));
  // The id is told always, as a relation tells only the ids of what it leads to.
  const shown = {
    expand: [],
    ...(options.select && {
      select: ["id", ...options.select.filter((name) => !relations.includes(name))],
    }),
  };
  const byId = new Map(
    entities
      .filter((entity) => options.filter?.matches(entity) ?? true)
      .map((entity) => [asText(entity["id"]), entity]),
  );
  const now = new Map(
    [...byId].map(([id, entity]): [string, ObjectState] => [
      id,
      {
        digest: createHash("sha256")
          .update(JSON.stringify(shapeEntity(call, type, set, entity, shown)))
          .digest("base64"),
        related: Object.fromEntries(
          tracked.map((name) => [
            name,
            type.navigation![name]!.related(call.tenant, entity).map((one) => asText(one["id"])),
          ]),
        ),
      },
    ]),
  );
  const { ids, seen, before } = roundOf(call, now, options);
  const size = options.top ?? 100;
  const rest = ids.slice(size);
  const link: JsonObject =
    rest.length > 0
      ? {
          "@odata.nextLink": linkWith(
            call,
            "$skiptoken",
            roundPages.keep(call.tenant, { ids: rest, seen, before }),
          ),
        }
      : {
          "@odata.deltaLink": linkWith(call, "$deltatoken", finishedRounds.keep(call.tenant, seen)),
        };
  return call.c.json({
    "@odata.context": call.context(`${set}${options.selectText ? `(${options.selectText})` : ""}`),
    ...link,
    value: ids.slice(0, size).map((id) => {
      const entity = byId.get(id);
      return entity === undefined
        ? { id, "@removed": { reason: reasonOf(call, id) } }
        : {
            ...shapeEntity(call, type, set, entity, shown),
            ...relationChanges(call, seen.get(id), before.get(id)),
          };
    }),
  });
}

/**
 * What came to relations of an object and what left them, by ids.
 *
 * @see https://learn.microsoft.com/graph/delta-query-groups
 */
function relationChanges(
  { tenant }: GraphCall,
  now?: ObjectState,
  before?: ObjectState,
): JsonObject {
  return Object.fromEntries(
    Object.entries(now?.related ?? {}).flatMap(([name, ids]) => {
      const known = before?.related[name] ?? [];
      const referenceById = (id: string): JsonObject => {
        const type = presentDirectoryObject(tenant, id)?.["@odata.type"];
        return { ...(type === undefined ? {} : { "@odata.type": type }), id };
      };
      const changes = [
        ...ids.filter((id) => !known.includes(id)).map(referenceById),
        ...known
          .filter((id) => !ids.includes(id))
          .map((id) => ({ ...referenceById(id), "@removed": { reason: "deleted" } })),
      ];
      return changes.length === 0 ? [] : [[`${name}@delta`, changes]];
    }),
  );
}

function roundOf(
  { tenant }: GraphCall,
  seen: StateById,
  { pageToken, deltaToken }: { readonly pageToken?: string; readonly deltaToken?: string },
): Round {
  if (pageToken !== undefined) {
    return roundPages.read(tenant, pageToken);
  }
  if (deltaToken === "latest") {
    return { ids: [], seen, before: seen };
  }
  const before: StateById =
    deltaToken === undefined ? new Map() : finishedRounds.read(tenant, deltaToken);
  const removed = [...before.keys()].filter((id) => !seen.has(id));
  const changed = [...seen].flatMap(([id, one]) =>
    isDeepStrictEqual(before.get(id), one) ? [] : [id],
  );
  return { ids: [...changed, ...removed], seen, before };
}

/** An object that can be restored has changed; another is deleted. */
function reasonOf({ state }: GraphCall, id: string): "changed" | "deleted" {
  const collections = [
    state.deletedApplications,
    state.deletedServicePrincipals,
    state.deletedUsers,
    state.deletedGroups,
    state.deletedUnits,
  ];
  return collections.some((deleted) => deleted.get(id) !== undefined) ? "changed" : "deleted";
}
