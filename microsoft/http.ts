import { Failure, UsageFailure } from "../system/failure";
import { isSafeForCredentials } from "../system/loopback";
import { parseRetryAfter } from "../system/retry";
import { networkDispatcher } from "./network";

/** An answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A request that got no answer. `code` is Node's, for example `ECONNREFUSED`. Its text has both too, because
 * the clients of others that a request goes through keep nothing but that.
 */
export class NoAnswer extends Failure {
  constructor(
    readonly code: string,
    readonly host: string,
    message: string,
  ) {
    super(`${host} gave no answer (${code}): ${message}`);
  }
}

/** What {@link send} sends. */
export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Further authority that https trusts besides the usual ones, PEM. */
  readonly extraCaPem?: string | undefined;
  /** @default 30000 */
  readonly timeoutMs?: number;
}

/**
 * Sends one request without following redirects, by the network's settings: see
 * {@link networkDispatcher}.
 *
 * @throws {NoAnswer} If the host cannot be reached, is not trusted, or breaks the connection off.
 * @throws {UsageFailure} If the settings of a proxy are not valid, or the address is one to which a
 *   credential would go without encryption.
 */
export async function send(url: string, options: HttpRequest): Promise<HttpAnswer> {
  const { method, headers, body, extraCaPem, timeoutMs = 30_000 } = options;
  const target = new URL(url);
  if (!isSafeForCredentials(target)) {
    throw new UsageFailure(
      `${target.origin} would get a credential without encryption. Use https; http is only for this machine.`,
    );
  }
  const dispatcher = networkDispatcher(extraCaPem);
  const late = new AbortController();
  const abort = () =>
    late.abort(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" }));
  let timer = setTimeout(abort, timeoutMs);
  try {
    const answer = await dispatcher.request({
      origin: target.origin,
      path: `${target.pathname}${target.search}`,
      method,
      headers: { ...headers },
      signal: late.signal,
      bodyTimeout: timeoutMs,
      body: body ?? null,
    });
    clearTimeout(timer);
    // A long answer may take long, and one that comes in drops must not take for ever.
    timer = setTimeout(abort, 10 * timeoutMs);
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
      ),
      body: await answer.body.text(),
    };
  } catch (error) {
    throw noAnswer(error as NodeJS.ErrnoException, target.host);
  } finally {
    clearTimeout(timer);
  }
}

/** What undici's own codes are for Node. */
const nodeCodes: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: "ETIMEDOUT",
  UND_ERR_HEADERS_TIMEOUT: "ETIMEDOUT",
  UND_ERR_BODY_TIMEOUT: "ETIMEDOUT",
  UND_ERR_SOCKET: "ECONNRESET",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "ECONNRESET",
};

function nodeCode(code: string, message: string): string {
  if (/^Proxy (response|Authentication)/.test(message)) {
    // A proxy that lets nobody through has no code of its own.
    return "ERR_PROXY_TUNNEL";
  }
  // What speaks no TLS is told by OpenSSL's reason or by Node's summary of it.
  return code.startsWith("ERR_SSL_") ? "EPROTO" : (nodeCodes[code] ?? code);
}

function noAnswer(error: NodeJS.ErrnoException, host: string): NoAnswer {
  const { code = "UNKNOWN", message } = error;
  return new NoAnswer(
    nodeCode(code, message),
    host,
    // A message that names the proxy names the password in its address too.
    message.replace(/\/\/[^/@\s]*@/g, "//"),
  );
}

/** What a text says in JSON; `undefined` where it is not an object. */
export function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds that an answer asks to wait, see {@link parseRetryAfter}. */
export function retryAfterSeconds({ headers }: Pick<HttpAnswer, "headers">): number | undefined {
  return parseRetryAfter(headers["retry-after"]);
}
