import { InitializationFailed } from "../../pluginProtocol/failures";
import { plannedState } from "../../pluginProtocol/plan";
import type { Schema } from "../../pluginProtocol/schema";
import type { Properties } from "../../pluginProtocol/values";
import { type Graph, GraphError } from "./graph";

/** One type of resource: its schema, and what its operations request. */
export interface Resource {
  readonly token: string;
  readonly schema: Schema;
  /** Creates it. A resource that exists but could not be finished is `InitializationFailed`. */
  readonly create: (graph: Graph, inputs: Properties) => Promise<{ id: string; state: Properties }>;
  /** Reads it; `undefined` when it is gone. `known` is the state so far. */
  readonly read: (graph: Graph, id: string, known: Properties) => Promise<Properties | undefined>;
  /** Updates it. Absent where every change replaces. */
  readonly update?: (
    graph: Graph,
    id: string,
    state: Properties,
    inputs: Properties,
    changed: ReadonlySet<string>,
  ) => Promise<Properties>;
  readonly delete: (graph: Graph, id: string, state: Properties) => Promise<void>;
}

/** Runs a request; a failure is headed by what was attempted. */
export async function attempt<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw Object.assign(new Error(`1 error occurred:\n\t* ${what}: ${reason}`), { cause: error });
  }
}

/** Reads something that may be gone. */
export async function ignoreGone<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof GraphError && error.status === 404) {
      return undefined;
    }
    throw error;
  }
}

/** Deletes something and waits until it stays gone. */
export async function removeAndWait(
  graph: Graph,
  path: string,
  what: string,
  waiting: string,
): Promise<void> {
  await attempt(what, () => graph.send({ method: "DELETE", path }));
  await readSteady(5, async () => (await ignoreGone(() => graph.get(path))) === undefined, waiting);
}

/**
 * A resource that was made, by its id, and what is left to do: it is in the state from now on, whatever
 * fails, as in the official plugin, which has set its id.
 *
 * @param rest What remains before it is read.
 */
export async function madeResource(
  { read }: Resource,
  graph: Graph,
  id: string,
  inputs: Properties,
  rest: () => Promise<void> = () => Promise.resolve(),
): Promise<{ id: string; state: Properties }> {
  const found = await rest()
    .then(() => read(graph, id, inputs))
    .catch((error: Error) => {
      throw new InitializationFailed(id, plannedState({}, inputs), error);
    });
  return { id, state: requireFound(found) };
}

/** What a trailing read of a resource found; gone means it was never recorded. */
export function requireFound(state: Properties | undefined): Properties {
  if (state === undefined) {
    throw new Error("expected non-empty ID for new state during Create");
  }
  return state;
}

/** Object id in a resource id such as `/applications/{id}`. */
export function segment(id: string, before: string): string {
  const parts = id.split("/");
  const found = parts[parts.indexOf(before) + 1];
  if (!parts.includes(before) || found === undefined || found === "") {
    throw new Error(`Parsing ID: "${id}" has no segment after "${before}"`);
  }
  return found;
}

/**
 * Asks until the answer has been yes so many times in a row, as the official plugin does, but
 * without its seconds in between: on loopback there is nothing to wait for.
 *
 * @param limit Number of times the answer may be no in a row.
 * @see https://github.com/hashicorp/terraform-plugin-sdk/blob/main/helper/retry/state.go
 */
export async function readSteady(
  times: number,
  ask: () => Promise<boolean>,
  failure: string,
  limit = 20,
): Promise<void> {
  let yes = 0;
  let no = 0;
  while (yes < times) {
    if (await ask()) {
      yes += 1;
      no = 0;
    } else if (++no > limit) {
      throw new Error(`${failure}: timeout while waiting for state`);
    } else {
      yes = 0;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

const queues = new Map<string, Promise<unknown>>();

/** Runs one thing at a time per application, as the official plugin's lock by object id does. */
export async function runInTurn<T>(objectId: string, run: () => Promise<T>): Promise<T> {
  const before = queues.get(objectId) ?? Promise.resolve();
  const now = before.then(run, run);
  queues.set(
    objectId,
    now.catch(() => undefined),
  );
  return now;
}
