import type { SimulatorContext } from "../../http/context";
import { asText, isJsonObject, type Json, type JsonObject } from "../../json";
import type { GraphCall } from "../call";
import { type EntityType, type Kind, resourceName } from "../model/entityType";
import { objectType, typesOfObjects } from "../model/objectTypes";

/**
 * Gives an answer the headers of OData and, where the client wants no metadata, takes them out of
 * it; pages and counts stay.
 *
 * @see https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html#sec_ControllingtheAmountofControlInforma
 */
export async function answerAsOData(c: SimulatorContext): Promise<void> {
  if (c.req.header("origin") !== undefined) {
    c.header("Access-Control-Allow-Origin", "*");
  }
  const isJson = c.res.headers.get("content-type")?.startsWith("application/json") === true;
  if (!isJson || c.res.status >= 400) {
    return;
  }
  const level = wantedMetadata(c);
  if (level === "none") {
    const body = (await c.res.json()) as Json;
    c.res = new Response(JSON.stringify(withoutMetadata(body)), c.res);
  }
  c.header(
    "Content-Type",
    `application/json;odata.metadata=${level};odata.streaming=true;IEEE754Compatible=false;charset=utf-8`,
  );
  c.header("OData-Version", "4.0");
}

/** How much metadata the client wants. */
function wantedMetadata(c: SimulatorContext): "none" | "minimal" | "full" {
  const [, wanted] = /odata\.metadata=(none|full)\b/i.exec(c.req.header("accept") ?? "") ?? [];
  return wanted === undefined ? "minimal" : (wanted.toLowerCase() as "none" | "full");
}

/** Types of values that their JSON does not tell. */
const typesOfValues: Partial<Record<Kind, string>> = {
  date: "#DateTimeOffset",
  guid: "#Guid",
  texts: "#Collection(String)",
};

/**
 * What the client gets before the properties of an object where it wants all metadata: its type and
 * address, by which it names the object later, and before a property the type of its value. Objects of
 * the directory have the address that Graph gives them, below `/v2`.
 *
 * @see https://learn.microsoft.com/graph/tutorial-assign-azureadroles
 */
export function controlInformation(
  call: GraphCall,
  type: EntityType,
  set: string,
  entity: JsonObject,
): JsonObject {
  if (wantedMetadata(call.c) !== "full") {
    return {};
  }
  const marked = entity["@odata.type"];
  const own = marked === undefined ? type : objectType(marked);
  const id = asText(entity["id"]);
  const inDirectory = typesOfObjects.some(({ name }) => name === own.name);
  const address = inDirectory
    ? `directoryObjects/${id}/Microsoft.DirectoryServices.${resourceName(own)}`
    : `${set}('${id}')`;
  const { origin } = call.c.var.request;
  const base = inDirectory
    ? `${origin}/v2/${call.tenant.identity.tenantId}`
    : `${origin}/${call.version}`;
  return {
    "@odata.type": marked ?? `#microsoft.graph.${own.name}`,
    "@odata.id": `${base}/${address}`,
    "@odata.editLink": address,
    ...Object.fromEntries(
      Object.entries(entity).flatMap(([name, value]) => {
        const typeOfValue = typesOfValues[own.properties[name] ?? "text"];
        return typeOfValue === undefined || value === null
          ? []
          : [[`${name}@odata.type`, typeOfValue]];
      }),
    ),
  };
}

function withoutMetadata(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(withoutMetadata);
  }
  if (!isJsonObject(value)) {
    return value;
  }
  const kept = Object.entries(value).filter(
    ([name]) => !name.includes("@odata.") || /@odata\.(nextLink|deltaLink|count)$/.test(name),
  );
  return Object.fromEntries(kept.map(([name, one]) => [name, withoutMetadata(one)]));
}
