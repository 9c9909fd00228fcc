import { asText, isJsonObject, type Json, type JsonObject } from "../json";
import type { SimulatorApp, SimulatorContext } from "./context";
import type { ProtocolError } from "./protocolError";

/** How a service takes batches. */
export interface BatchRules {
  /** How many requests a batch takes. */
  readonly most: number;
  /** Throws unless the caller may send batches. */
  readonly authenticate: (c: SimulatorContext) => void;
  /** The JSON object that was sent. */
  readonly body: (c: SimulatorContext) => JsonObject;
  /** Address to which those of the requests are relative, with a slash at its end. */
  readonly base: (c: SimulatorContext) => string;
  /** The answer to a batch that is not one. */
  readonly refuse: (message: string) => ProtocolError;
}

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
export function installBatch(app: SimulatorApp, path: string, rules: BatchRules): void {
  app.post(path, async (c) => {
    rules.authenticate(c);
    const base = rules.base(c);
    const authorization = c.req.header("authorization") ?? "";
    // All of them before the first is run: a batch that is refused has changed nothing.
    const steps = readSteps(rules.body(c), rules).map((step) => ({
      ...step,
      request: requestOf(step, base, authorization, rules),
    }));
    const outcomes = new Map<string, Outcome>();
    for (const { id, dependsOn, request } of steps) {
      const failed = dependsOn.some((other) => (outcomes.get(other)?.status ?? 0) >= 400);
      const outcome = failed
        ? failedDependency(id)
        : await outcomeOf(id, await app.fetch(request, c.env));
      outcomes.set(id, outcome);
    }
    return c.json({ responses: [...outcomes.values()] });
  });
}

function readSteps({ requests }: JsonObject, rules: BatchRules): Step[] {
  const { most, refuse } = rules;
  if (!Array.isArray(requests) || requests.length === 0 || !requests.every(isJsonObject)) {
    throw refuse("Invalid batch payload format.");
  }
  if (requests.length > most) {
    throw refuse(`Number of batch request steps exceeds the maximum value of ${most}.`);
  }
  const known = new Set<string>();
  return requests.map((request) => {
    const step = readStep(request, rules);
    if (known.has(step.id)) {
      throw refuse(`Request id '${step.id}' is used more than once.`);
    }
    const unknown = step.dependsOn.find((id) => !known.has(id));
    if (unknown !== undefined) {
      throw refuse(
        `Request '${step.id}' depends on '${unknown}', which is not a request before it.`,
      );
    }
    known.add(step.id);
    return step;
  });
}

function readStep(
  { id, method, url, headers, body, dependsOn }: JsonObject,
  { refuse }: BatchRules,
): Step {
  if (typeof id !== "string" || typeof method !== "string" || typeof url !== "string") {
    throw refuse("Invalid batch payload format.");
  }
  const sent = validHttp(
    () => new Headers(isJsonObject(headers) ? (headers as Record<string, string>) : {}),
    id,
    refuse,
  );
  const empty = body === undefined || body === null;
  if (!empty && !sent.has("content-type")) {
    throw refuse(`Write request id : ${id} does not contain Content-Type header or body.`);
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

function requestOf(
  step: Step,
  base: string,
  authorization: string,
  { refuse }: BatchRules,
): Request {
  if (/(^|\/)\$batch\b/i.test(step.url)) {
    throw refuse("A batch cannot contain another batch.");
  }
  step.headers.set("authorization", authorization);
  step.headers.set("host", new URL(base).host);
  // Exchange's clients write whole addresses.
  const url = /^https?:/.test(step.url) ? step.url : base + step.url.replace(/^\/+/, "");
  const { id, method, headers } = step;
  const body = step.body === undefined ? {} : { body: asText(step.body) };
  return validHttp(() => new Request(url, { method, headers, ...body }), id, refuse);
}

/** What is made of a request in a batch. Throws where no HTTP request could be sent so. */
function validHttp<T>(make: () => T, id: string, refuse: BatchRules["refuse"]): T {
  try {
    return make();
  } catch {
    throw refuse(`Request '${id}' has a method, url, header or body that HTTP does not allow.`);
  }
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
