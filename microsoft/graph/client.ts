import {
  Client,
  type Context,
  GraphError,
  type Middleware,
  type PageCollection,
  PageIterator,
  RetryHandler,
  RetryHandlerOptions,
} from "@microsoft/microsoft-graph-client";
import type { Authority } from "../deployer/authority";
import { type HttpRequest, send } from "../http";
import { parseRetryAfter, type Pause, pauseByClock } from "../../system/retry";

/**
 * Microsoft Graph for whoever holds a token, with the client's own retries. Requests go through
 * {@link send}, so that a further authority and a proxy count here as everywhere.
 *
 * @param authority Where Graph is; nothing is sent anywhere else.
 * @param token Access token for Graph: never printed.
 * @example
 * await graphClient(authority, token).api("/policies/defaultAppManagementPolicy").get();
 * @see https://learn.microsoft.com/graph/sdks/customize-client
 */
export function graphClient(authority: Authority, token: string): Client {
  const retry = new RetryHandler(new RetryHandlerOptions());
  retry.setNext(sender(authority, token));
  const client = Client.initWithMiddleware({
    baseUrl: `${authority.graph}/`,
    defaultVersion: "v1.0",
    middleware: retry,
  });
  const base = `${authority.graph}/v1.0`;
  const api = client.api.bind(client);
  // The client takes an address for one only if it begins with https, which a simulated tenant's does not.
  client.api = (path) => api(path.startsWith(`${base}/`) ? path.slice(base.length) : path);
  return client;
}

/**
 * Every row of a list, from however many pages.
 *
 * @throws {GraphError} If a page is refused: what could not be read is never taken for none.
 * @example const owners = await readAll<{ id: string }>(graph, "/applications/ID/owners");
 * @see https://learn.microsoft.com/graph/sdks/paging
 */
export async function readAll<T>(graph: Client, path: string): Promise<T[]> {
  const rows: T[] = [];
  const first = (await graph.api(path).get()) as PageCollection;
  await new PageIterator(graph, first, (row: T) => rows.push(row) > 0).iterate();
  return rows;
}

/** What Graph answers to one request of a batch. */
interface BatchPart {
  readonly id: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** How many requests a batch takes. */
const mostInBatch = 20;

/** How often what is throttled, or fails on Graph's side, is asked for in all. */
const attempts = 4;

/**
 * Reads several objects in as few requests as there can be. A part that is throttled or fails on
 * Graph's side is asked for again by itself.
 *
 * @returns What each path answers, in their order.
 * @throws {GraphError} If one of them is refused: what could not be read is never taken for none.
 * @example const [policy, app] = await readTogether(graph, ["/policies/defaultAppManagementPolicy", "/applications/ID"]);
 * @see https://learn.microsoft.com/graph/json-batching
 */
export async function readTogether(
  graph: Client,
  paths: readonly string[],
  pause: Pause = pauseByClock,
): Promise<unknown[]> {
  if (paths.length === 1) {
    const only: unknown = await graph.api(paths[0] ?? "").get();
    return [only];
  }
  const answers: unknown[] = [];
  for (let start = 0; start < paths.length; start += mostInBatch) {
    answers.push(...(await readBatch(graph, paths.slice(start, start + mostInBatch), pause)));
  }
  return answers;
}

async function readBatch(
  graph: Client,
  paths: readonly string[],
  pause: Pause,
  attempt = 1,
): Promise<unknown[]> {
  const requests = paths.map((url, index) => ({ id: String(index), method: "GET", url }));
  const { responses } = (await graph.api("/$batch").post({ requests })) as {
    responses: readonly BatchPart[];
  };
  // They come in any order.
  const parts = new Map(responses.map((part) => [Number(part.id), part]));
  const failed = responses.filter(({ status }) => status >= 400);
  const refused = failed.find((part) => attempt === attempts || !mayPass(part));
  if (refused !== undefined) {
    throw errorOf(refused);
  }
  const again = failed.map(({ id }) => Number(id));
  if (again.length > 0) {
    const seconds = failed.map(({ headers }) => parseRetryAfter(retryAfter(headers)) ?? attempt);
    await pause(1_000 * Math.max(...seconds));
    const wanted = again.map((index) => paths[index] ?? "");
    const bodies = await readBatch(graph, wanted, pause, attempt + 1);
    again.forEach((id, index) => {
      parts.set(id, { id: String(id), status: 200, body: bodies[index] });
    });
  }
  return paths.map((_, index) => parts.get(index)?.body);
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

function sender(authority: Authority, token: string): Middleware {
  return {
    async execute(context: Context) {
      // The client's type for it is a browser's, which these types do not have.
      const request = context.request as string | { url: string };
      const url = typeof request === "string" ? request : request.url;
      if (!url.startsWith(`${authority.graph}/`)) {
        throw new Error(`The token for ${authority.graph} is not sent to ${new URL(url).host}.`);
      }
      const { method = "GET", body } = context.options ?? {};
      const answer = await send(url, {
        method: method as HttpRequest["method"],
        headers: {
          ...Object.fromEntries(new Headers(context.options?.headers as Record<string, string>)),
          accept: "application/json",
          authorization: `Bearer ${token}`,
        },
        body: typeof body === "string" ? body : undefined,
        extraCaPem: authority.extraCaPem,
      });
      const { status, headers } = answer;
      context.response = new Response(answer.body || null, { status, headers });
    },
  };
}
