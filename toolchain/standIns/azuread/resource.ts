import type { Schema } from "../protocol/schema";
import type { Properties } from "../protocol/values";
import { type Graph, GraphError } from "./graph";
import { untilSteady } from "./waiting";

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
export async function orGone<T>(run: () => Promise<T>): Promise<T | undefined> {
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
  await untilSteady(5, async () => (await orGone(() => graph.get(path))) === undefined, waiting);
}

/** What a trailing read of a created resource found; gone means it was never recorded. */
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
