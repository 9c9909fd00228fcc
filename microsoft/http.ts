import { Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import {
  createSecureContext,
  getCACertificates,
  rootCertificates,
  type SecureContext,
} from "node:tls";
import { isLoopback } from "../system/loopback";
import { parseRetryAfter } from "../system/retry";

/** An answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request that got no answer. `code` is Node's, for example `ECONNREFUSED`. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";

  constructor(
    readonly code: string,
    readonly host: string,
    message: string,
  ) {
    super(message);
  }
}

/** What {@link send} sends. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Further authority that https trusts besides the usual ones, PEM. */
  readonly extraCaPem?: string;
  /** @default 30000 */
  readonly timeoutMs?: number;
}

/**
 * Sends one request without following redirects. A proxy named by `HTTPS_PROXY` and `NO_PROXY` is
 * used for every host but this machine, from Node 22.21 and 24.5 on.
 *
 * @throws {NoAnswer} If the host cannot be reached, is not trusted, or breaks the connection off.
 * @see https://nodejs.org/api/http.html#built-in-proxy-support
 */
export function send(url: string, options: HttpRequest): Promise<HttpAnswer> {
  const target = new URL(url);
  const secure = target.protocol === "https:";
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      // A message that names the proxy names the password in its address too.
      const message = error.message.replace(/\/\/[^/@\s]*@/g, "//");
      reject(new NoAnswer(error.code ?? "UNKNOWN", target.host, message));
    };
    const request = (secure ? tlsRequest : plainRequest)(
      target,
      {
        method: options.method,
        headers: { ...options.headers },
        timeout: options.timeoutMs ?? 30_000,
        // Each request stands for itself: a kept connection would outlive a command.
        agent: secure ? new TlsAgent(proxyFor(target)) : new PlainAgent(proxyFor(target)),
        ...(secure ? trust(options.extraCaPem) : {}),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", fail);
        response.on("end", () => {
          const headers = Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
          );
          resolve({
            status: response.statusCode ?? 0,
            headers,
            body: Buffer.concat(chunks).toString("utf8"),
          });
        });
      },
    );
    request.on("timeout", () => {
      request.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" }));
    });
    request.on("error", fail);
    request.end(options.body);
  });
}

function proxyFor({ hostname }: URL) {
  return isLoopback(hostname) ? {} : { proxyEnv: process.env };
}

/** Reading all authorities takes longer than most requests. */
const trusting = new Map<string, SecureContext>();

/** The usual authorities have to be named again, because `ca` replaces them. */
function trust(extraCaPem: string | undefined): { secureContext?: SecureContext } {
  if (extraCaPem === undefined) {
    return {};
  }
  // Node 22.0 to 22.14 lacks the function.
  const usual = (getCACertificates as typeof getCACertificates | undefined)?.("default");
  const secureContext =
    trusting.get(extraCaPem) ??
    createSecureContext({ ca: [...(usual ?? rootCertificates), extraCaPem] });
  trusting.set(extraCaPem, secureContext);
  return { secureContext };
}

/** Seconds that an answer asks to wait, see {@link parseRetryAfter}. */
export function retryAfterSeconds({ headers }: Pick<HttpAnswer, "headers">): number | undefined {
  return parseRetryAfter(headers["retry-after"]);
}
