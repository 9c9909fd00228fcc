import type { SimulatorApp, SimulatorContext } from "../../http/context";
import { asText, isJsonObject, type Json, type JsonObject } from "../../json";
import { authenticate } from "../authorization";
import { GraphCall } from "../call";
import { graphErrors } from "../errors";

/** How many requests a batch takes. */
const most = 20;

interface Step {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: Json | undefined;
  readonly dependsOn: readonly string[];
}

interface Outcome {
  readonly id: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body?: Json;
}

/**
 * Several requests in one. Each goes the way of a request of its own: it has its own permissions,
 * faults and entry in the journal. They run in the order in which they are sent; what depends on a
 * request that failed is not run.
 *
 * @see https://learn.microsoft.com/graph/json-batching
 */
export function installBatch(app: SimulatorApp): void {
  // One by one: behind a pattern the router takes `$` for the end of the path.
  for (const version of ["v1.0", "beta"]) {
    app.post(`/${version}/$batch`, runBatch);
  }

  async function runBatch(c: SimulatorContext): Promise<Response> {
    const call = new GraphCall(c, authenticate(c));
    const base = `${c.var.request.origin}/${call.version}/`;
    const outcomes = new Map<string, Outcome>();
    for (const step of readSteps(call.body)) {
      const failed = step.dependsOn.some((id) => (outcomes.get(id)?.status ?? 0) >= 400);
      const authorization = c.req.header("authorization") ?? "";
      const outcome = failed
        ? failedDependency(step.id)
        : await outcomeOf(step.id, await app.fetch(requestOf(step, base, authorization), c.env));
      outcomes.set(step.id, outcome);
    }
    return c.json({ responses: [...outcomes.values()] });
  }
}

function readSteps({ requests }: JsonObject): Step[] {
  if (!Array.isArray(requests) || requests.length === 0 || !requests.every(isJsonObject)) {
    throw graphErrors.syntax("Invalid batch payload format.");
  }
  if (requests.length > most) {
    throw graphErrors.syntax(`Number of batch request steps exceeds the maximum value of ${most}.`);
  }
  const known = new Set<string>();
  return requests.map((request) => {
    const step = readStep(request);
    if (known.has(step.id)) {
      throw graphErrors.syntax(`Request id '${step.id}' is used more than once.`);
    }
    const unknown = step.dependsOn.find((id) => !known.has(id));
    if (unknown !== undefined) {
      throw graphErrors.syntax(
        `Request '${step.id}' depends on '${unknown}', which is not a request before it.`,
      );
    }
    known.add(step.id);
    return step;
  });
}

function readStep({ id, method, url, headers, body, dependsOn }: JsonObject): Step {
  if (typeof id !== "string" || typeof method !== "string" || typeof url !== "string") {
    throw graphErrors.syntax("Invalid batch payload format.");
  }
  const sent = new Headers(isJsonObject(headers) ? (headers as Record<string, string>) : {});
  const empty = body === undefined || body === null;
  if (!empty && !sent.has("content-type")) {
    throw graphErrors.syntax(
      `Write request id : ${id} does not contain Content-Type header or body.`,
    );
  }
  return {
    id,
    method: method.toUpperCase(),
    url,
    headers: sent,
    body: empty ? undefined : body,
    dependsOn: Array.isArray(dependsOn) ? dependsOn.map(asText) : [],
  };
}

function requestOf(step: Step, base: string, authorization: string): Request {
  if (/^\/?\$batch\b/i.test(step.url)) {
    throw graphErrors.syntax("A batch cannot contain another batch.");
  }
  step.headers.set("authorization", authorization);
  step.headers.set("host", new URL(base).host);
  return new Request(base + step.url.replace(/^\/+/, ""), {
    method: step.method,
    headers: step.headers,
    ...(step.body === undefined ? {} : { body: asText(step.body) }),
  });
}

async function outcomeOf(id: string, response: Response): Promise<Outcome> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  return {
    id,
    status: response.status,
    headers: Object.fromEntries(response.headers),
    ...(text === "" ? {} : { body: isJson ? (JSON.parse(text) as Json) : text }),
  };
}

function failedDependency(id: string): Outcome {
  const error = { code: "FailedDependency", message: "FailedDependency" };
  return { id, status: 424, headers: { "content-type": "application/json" }, body: { error } };
}
