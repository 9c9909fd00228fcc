import { createHash } from "node:crypto";
import { asText, type JsonObject } from "../../json";
import type { GraphCall } from "../call";
import type { EntityType } from "../model/entityType";
import { linkWith, shapeEntity } from "./answer";
import { queryOptions } from "./options";
import { Tokens } from "./tokens";

/** How objects were, by their ids. */
type StateById = ReadonlyMap<string, string>;

/** What is left to tell of a round, and how everything was when it began. */
interface Round {
  readonly ids: readonly string[];
  readonly seen: StateById;
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
  const options = queryOptions(call.c, type, "delta");
  const byId = new Map(
    entities
      .filter((entity) => options.filter?.matches(entity) ?? true)
      .map((entity) => [asText(entity["id"]), shapeEntity(call, type, set, entity, options)]),
  );
  const { ids, seen } = roundOf(call, byId, options);
  const size = options.top ?? 100;
  const rest = ids.slice(size);
  const link: JsonObject =
    rest.length > 0
      ? {
          "@odata.nextLink": linkWith(
            call,
            "$skiptoken",
            roundPages.keep(call.tenant, { ids: rest, seen }),
          ),
        }
      : {
          "@odata.deltaLink": linkWith(call, "$deltatoken", finishedRounds.keep(call.tenant, seen)),
        };
  return call.c.json({
    "@odata.context": call.context(`${set}${options.selectText ? `(${options.selectText})` : ""}`),
    ...link,
    value: ids
      .slice(0, size)
      .map((id) => byId.get(id) ?? { id, "@removed": { reason: reasonOf(call, id) } }),
  });
}

function roundOf(
  { tenant }: GraphCall,
  byId: ReadonlyMap<string, JsonObject>,
  { pageToken, deltaToken }: { readonly pageToken?: string; readonly deltaToken?: string },
): Round {
  if (pageToken !== undefined) {
    return roundPages.read(tenant, pageToken);
  }
  const seen = new Map(
    [...byId].map(([id, entity]) => [
      id,
      createHash("sha256").update(JSON.stringify(entity)).digest("base64"),
    ]),
  );
  if (deltaToken === "latest") {
    return { ids: [], seen };
  }
  const before =
    deltaToken === undefined ? new Map<string, string>() : finishedRounds.read(tenant, deltaToken);
  const removed = [...before.keys()].filter((id) => !seen.has(id));
  const changed = [...seen].flatMap(([id, digest]) => (before.get(id) === digest ? [] : [id]));
  return { ids: [...changed, ...removed], seen };
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
