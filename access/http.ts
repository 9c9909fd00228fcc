import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { rootCertificates } from "node:tls";

/** An answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
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

/**
 * Sends one request without following redirects.
 *
 * @param extraCaPem Further authority that https trusts besides the built-in ones.
 * @throws {NoAnswer} If the host cannot be reached, is not trusted, or breaks the connection off.
 */
export function send(
  url: string,
  options: {
    method: "GET" | "POST";
    headers?: Readonly<Record<string, string>>;
    body?: string;
    extraCaPem?: string;
    timeoutMs?: number;
  },
): Promise<HttpAnswer> {
  const target = new URL(url);
  const secure = target.protocol === "https:";
  const ca =
    options.extraCaPem === undefined ? {} : { ca: [...rootCertificates, options.extraCaPem] };
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      reject(new NoAnswer(error.code ?? "UNKNOWN", target.host, error.message));
    };
    const request = (secure ? tlsRequest : plainRequest)(
      target,
      {
        method: options.method,
        headers: { ...options.headers },
        timeout: options.timeoutMs ?? 30_000,
        // Each request stands for itself: a kept connection would outlive a command.
        agent: false,
        ...(secure ? ca : {}),
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
