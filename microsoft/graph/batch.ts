import { type Client, GraphError } from "@microsoft/microsoft-graph-client";
import { parseRetryAfter, type Pause, pauseByClock } from "../../system/retry";
import { graphAddress, listIn, readAll, requirePlainPath } from "./client";

/** What Graph answers to one request of a batch. */
interface BatchPart {
  readonly id: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What was read of one path: what Graph answers, or why it does not. */
export type Read<T> = { readonly value: T } | { readonly error: GraphError };

/** How many requests a batch takes. */
const mostInBatch = 20;

/** How often what is throttled, or fails on Graph's side, is asked for in all. */
const batchAttempts = 4;

/**
 * Reads several objects in as few requests as there can be, each for itself: what is refused takes
 * nothing else with it. A part that is throttled or fails on Graph's side is asked for again.
 *
 * @returns What each path answers, or why it does not, in their order.
 * @example const [app, owners] = await askTogether(graph, ["/applications/ID", "/applications/ID/owners"]);
 * @see https://learn.microsoft.com/graph/json-batching
 */
export async function askTogether(
  graph: Client,
  paths: readonly string[],
  pause: Pause = pauseByClock,
): Promise<Read<unknown>[]> {
  const answers: Read<unknown>[] = [];
  for (let start = 0; start < paths.length; start += mostInBatch) {
    answers.push(...(await askBatch(graph, paths.slice(start, start + mostInBatch), pause)));
  }
  return answers;
}

/**
 * The same where everything is needed.
 *
 * @throws {GraphError} If one of them is refused: what could not be read is never taken for none.
 * @example const [policy, app] = await readTogether(graph, ["/policies/defaultAppManagementPolicy", "/applications/ID"]);
 */
export async function readTogether(
  graph: Client,
  paths: readonly string[],
  pause: Pause = pauseByClock,
): Promise<unknown[]> {
  if (paths.length === 1) {
    const answer: unknown = await graph.api(paths[0] ?? "").get();
    return [answer];
  }
  return (await askTogether(graph, paths, pause)).map((read) => {
    if ("error" in read) {
      throw read.error;
    }
    return read.value;
  });
}

/**
 * Reads several lists to their last pages, the first pages together.
 *
 * @returns The rows of each path, or why they could not be read, in their order.
 */
export async function listTogether<T>(
  graph: Client,
  paths: readonly string[],
  pause: Pause = pauseByClock,
): Promise<Read<T[]>[]> {
  const lists: Read<T[]>[] = [];
  for (const read of await askTogether(graph, paths, pause)) {
    lists.push("error" in read ? read : await restOf<T>(graph, read.value));
  }
  return lists;
}

async function restOf<T>(graph: Client, first: unknown): Promise<Read<T[]>> {
  const rows = listIn<T>(first, "value", graphAddress(graph));
  const { "@odata.nextLink": next } = first as { "@odata.nextLink"?: string };
  try {
    return {
      value: next === undefined ? [...rows] : [...rows, ...(await readAll<T>(graph, next))],
    };
  } catch (error) {
    if (error instanceof GraphError) {
      return { error };
    }
    throw error;
  }
}

async function askBatch(
  graph: Client,
  paths: readonly string[],
  pause: Pause,
  attempt = 1,
): Promise<Read<unknown>[]> {
  paths.forEach(requirePlainPath);
  const requests = paths.map((url, index) => ({ id: String(index), method: "GET", url }));
  const answer: unknown = await graph.api("/$batch").post({ requests });
  const responses = listIn<BatchPart>(answer, "responses", graphAddress(graph));
  // They come in any order.
  const parts = new Map(responses.map((part) => [Number(part.id), readOf(part)]));
  const again = responses.filter((part) => mayPass(part) && attempt < batchAttempts);
  if (again.length > 0) {
    const seconds = again.map(({ headers }) => parseRetryAfter(retryAfter(headers)) ?? attempt);
    await pause(1_000 * Math.max(...seconds));
    const wanted = again.map(({ id }) => paths[Number(id)] ?? "");
    const answers = await askBatch(graph, wanted, pause, attempt + 1);
    again.forEach(({ id }, index) => {
      parts.set(Number(id), answers[index] ?? { error: new GraphError(500) });
    });
  }
  return paths.map((_, index) => parts.get(index) ?? { error: new GraphError(500) });
}

function readOf(part: BatchPart): Read<unknown> {
  return part.status >= 400 ? { error: errorOf(part) } : { value: part.body };
}

function retryAfter(headers: BatchPart["headers"]): string | undefined {
  return Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "retry-after")?.[1];
}

function mayPass({ status }: BatchPart): boolean {
  return status === 429 || status >= 500;
}

function errorOf({ status, body }: BatchPart): GraphError {
  const { code, message } = (body as { error?: { code?: string; message?: string } }).error ?? {};
  return Object.assign(new GraphError(status, message), { code: code ?? null });
}
