import type { SimulatorContext } from "../../http/context";
import { isJsonObject, type Json } from "../../json";

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
  const wantsNone = /odata\.metadata=none/i.test(c.req.header("accept") ?? "");
  if (wantsNone) {
    const body = (await c.res.json()) as Json;
    c.res = new Response(JSON.stringify(withoutMetadata(body)), c.res);
  }
  const level = wantsNone ? "none" : "minimal";
  c.header(
    "Content-Type",
    `application/json;odata.metadata=${level};odata.streaming=true;IEEE754Compatible=false;charset=utf-8`,
  );
  c.header("OData-Version", "4.0");
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
