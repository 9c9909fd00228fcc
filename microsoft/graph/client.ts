import {
  Client,
  type Context,
  type Middleware,
  RetryHandler,
  RetryHandlerOptions,
} from "@microsoft/microsoft-graph-client";
import { azureCliCommand } from "../../components/catalog/azureCli";
import { cloudOfGraph } from "../../components/catalog/clouds";
import type { Authority } from "../deployer/authority";
import { type HttpAnswer, type HttpRequest, parseObject, send } from "../http";
import { Failure } from "../../system/failure";
import { shortenText } from "../../system/visibleText";

/**
 * Microsoft Graph for whoever holds a token, with the client's own retries. Requests go through
 * {@link send}, so that a further authority and a proxy count here as everywhere.
 *
 * @param authority Where Graph is; nothing is sent anywhere else.
 * @param token Access token for Graph: never printed.
 * @param onRequest Told of each request before it is sent.
 * @example
 * await graphClient(authority, token).api("/policies/defaultAppManagementPolicy").get();
 * @see https://learn.microsoft.com/graph/sdks/customize-client
 */
export function graphClient(
  authority: Authority,
  token: string,
  onRequest: () => void = () => undefined,
): Client {
  const retry = new RetryHandler(new RetryHandlerOptions());
  retry.setNext(sendingMiddleware(authority, token, onRequest));
  const client = Client.initWithMiddleware({
    baseUrl: `${authority.graph}/`,
    defaultVersion: "v1.0",
    middleware: retry,
  });
  const api = client.api.bind(client);
  // The client takes an address for one only if it begins with https, which a simulated tenant's does not.
  client.api = (path) => {
    const version = ["v1.0", "beta"].find((one) => path.startsWith(`${authority.graph}/${one}/`));
    return version === undefined
      ? api(path)
      : api(path.slice(`${authority.graph}/${version}`.length)).version(version);
  };
  addresses.set(client, authority.graph);
  return client;
}

const addresses = new WeakMap<Client, string>();

/**
 * Base of the Microsoft Graph that a client asks, without a trailing slash: that of the tenant's cloud.
 *
 * @throws {Error} If the client is not of {@link graphClient}.
 */
export function graphAddress(client: Client): string {
  const address = addresses.get(client);
  if (address === undefined) {
    throw new Error("Where this client of Microsoft Graph asks is not known.");
  }
  return address;
}

/** A command of the Azure CLI as it is typed for the tenant that a client asks. */
export function azureCliCommandFor(client: Client, command: string): string {
  return azureCliCommand(cloudOfGraph(graphAddress(client)), command);
}

/**
 * Every row of a list, from however many pages.
 *
 * @throws {GraphError} If a page is refused: what could not be read is never taken for none.
 * @example const owners = await readAll<{ id: string }>(graph, "/applications/ID/owners");
 * @see https://learn.microsoft.com/graph/sdks/paging
 */
export async function readAll<T>(
  graph: Client,
  path: string,
  version: "v1.0" | "beta" = "v1.0",
): Promise<T[]> {
  const rows: T[] = [];
  const asked = new Set<string>();
  for (let next: unknown = path; typeof next === "string";) {
    if (asked.has(next)) {
      throw foreignAnswer(graphAddress(graph), "a page that leads back to itself");
    }
    asked.add(next);
    const page: unknown = await graph.api(next).version(version).get();
    rows.push(...listIn<T>(page, "value", graphAddress(graph)));
    next = (page as Record<string, unknown>)["@odata.nextLink"];
  }
  return rows;
}

/**
 * A list that an answer of Graph has.
 *
 * @throws {Failure} If there is none: what could not be read is never taken for none.
 */
export function listIn<T>(answer: unknown, name: string, address: string): readonly T[] {
  const list = (answer as Record<string, unknown> | null | undefined)?.[name];
  if (!Array.isArray(list) || list.some((row) => typeof row !== "object" || row === null)) {
    throw foreignAnswer(address, `no list of "${name}"`);
  }
  return list as T[];
}

/** What comes with a good status and is not Graph's, such as the page of a proxy that wants a sign-in. */
function foreignAnswer(address: string, got: string): Failure {
  return new Failure(
    `What ${new URL(address).host} answered is not Microsoft Graph's: ${got}. A proxy may have answered in its place, so nothing was taken from it. Check the network and HTTPS_PROXY, and run the same command again.`,
  );
}

/** Why an answer is nobody's that speaks Graph; a refusal is told by its status. */
function strangeness(method: string, { status, body }: HttpAnswer): string | undefined {
  if (status >= 300 && status < 400) {
    return `status ${status}`;
  }
  // Nothing is answered to most writes, which has a status of its own.
  const hasAnswer = method === "GET" ? status < 300 : status === 200 || status === 201;
  const object = hasAnswer ? parseObject(body) : {};
  return object === undefined || Array.isArray(object) ? "no object of JSON" : undefined;
}

/**
 * An id that leads elsewhere than to its object, such as `../users`: ids come out of states and
 * settings, which others may have written.
 *
 * @throws {Failure} If a path has steps upwards, or what no path of Graph has.
 */
export function requirePlainPath(address: string): void {
  const [path = ""] = address.split("?");
  if (/(^|\/)(\.|%2e){1,2}(\/|$)|[\\#\s\p{Cc}]|%(2f|5c)/iu.test(path)) {
    throw new Failure(
      `${JSON.stringify(shortenText(path, 200))} is not a path of Microsoft Graph, and was not asked for. An id in the stack's state or settings is not one.`,
    );
  }
}

function sendingMiddleware(authority: Authority, token: string, onRequest: () => void): Middleware {
  return {
    async execute(context: Context) {
      // The client's type for it is a browser's, which these types do not have.
      const request = context.request as string | { url: string };
      const url = typeof request === "string" ? request : request.url;
      if (!url.startsWith(`${authority.graph}/`)) {
        throw new Error(`The token for ${authority.graph} is not sent to ${new URL(url).host}.`);
      }
      requirePlainPath(url.slice(authority.graph.length));
      onRequest();
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
      const strange = strangeness(method, answer);
      if (strange !== undefined) {
        throw foreignAnswer(url, strange);
      }
      const { status, headers } = answer;
      context.response = new Response(answer.body || null, { status, headers });
    },
  };
}
