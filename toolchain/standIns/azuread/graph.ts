import { STATUS_CODES } from "node:http";
import { parseRetryAfter, retry } from "../../../system/retry";
import { askLoopback, type Credentials, type Endpoints } from "./configuration";

/** The error of a request: its status, and what Graph says. */
export class GraphError extends Error {
  override readonly name = "GraphError";

  constructor(
    readonly status: number,
    readonly code: string | undefined,
    readonly graphMessage: string,
    readonly retryAfter: string | null,
  ) {
    super(
      `unexpected status ${status} (${status} ${STATUS_CODES[status] ?? ""}) with ${code === undefined ? "response" : "error"}: ${code === undefined ? graphMessage : `${code}: ${graphMessage}`}`,
    );
  }
}

/** A JSON object. */
export type Json = Record<string, unknown>;

/** A request to Graph. */
export interface GraphRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path from the version on, for example `/v1.0/applications`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
  /** Whether an error is retried besides those that always are. */
  readonly retry?: (error: GraphError) => boolean;
  /** Number of retries: 9 where the official plugin's time-out is five minutes, 14 where it is ten. */
  readonly retries?: number;
}

const headers = {
  Accept: "application/json; charset=utf-8; IEEE754Compatible=false",
  "Content-Type": "application/json; charset=utf-8",
  "OData-MaxVersion": "4.0",
  "OData-Version": "4.0",
  "User-Agent": "apponly stand-in for the azuread plugin",
};

/**
 * Microsoft Graph as the official plugin talks to it: one token per process, its retries, its
 * error texts.
 *
 * @see https://github.com/hashicorp/go-azure-sdk/blob/main/sdk/client/client.go
 */
export class Graph {
  private token: Promise<{ value: string; expires: number }> | undefined;

  constructor(
    private readonly endpoints: Endpoints,
    private readonly credentials: Credentials,
  ) {}

  /** Absolute address of a directory object, as references to it are sent. */
  referenceTo(objectId: string): string {
    return `${this.endpoints.graph}/v1.0/directoryObjects/${objectId}`;
  }

  /** Object id of the service principal that is signed in. */
  async callerObjectId(): Promise<string> {
    const payload = (await this.accessToken()).split(".")[1] ?? "";
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as { oid?: string };
    if (claims.oid === undefined) {
      throw new Error("The access token names no object id (oid).");
    }
    return claims.oid;
  }

  /** Sends a request, with retries. The answer to an empty body is an empty object. */
  async send(request: GraphRequest): Promise<Json> {
    const query =
      request.query === undefined ? "" : `?${new URLSearchParams(request.query).toString()}`;
    const url = `${this.endpoints.graph}${request.path}${query}`;
    const { method, body, retries = 9 } = request;
    const send = async () => {
      const { status, retryAfter, text } = await askLoopback(url, this.endpoints.ca, {
        method,
        headers: { ...headers, Authorization: `Bearer ${await this.accessToken()}` },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (status < 200 || status > 299) {
        throw answerError(status, retryAfter, text);
      }
      return text === "" ? {} : (JSON.parse(text) as Json);
    };
    return sentAgain(
      send,
      retries,
      (error) => isTransient(error) || request.retry?.(error) === true,
    );
  }

  get(path: string, query?: Record<string, string>): Promise<Json> {
    return this.send({ method: "GET", path, ...(query === undefined ? {} : { query }) });
  }

  /** Items of a list, over all its pages. */
  async list(path: string, query?: Record<string, string>): Promise<Json[]> {
    const page = await this.get(path, query);
    return (page.value as Json[] | undefined) ?? [];
  }

  private async accessToken(): Promise<string> {
    const current = await this.token;
    // The official plugin asks anew within the last twenty minutes.
    if (current === undefined || current.expires - Date.now() < 20 * 60_000) {
      this.token = this.requestToken();
    }
    return (await (this.token ?? this.requestToken())).value;
  }

  private async requestToken(): Promise<{ value: string; expires: number }> {
    const { tenantId, clientId, clientSecret, oidcToken } = this.credentials;
    const form = new URLSearchParams({
      client_id: clientId,
      grant_type: "client_credentials",
      scope: `${this.endpoints.graph}/.default`,
    });
    if (clientSecret !== undefined) {
      form.set("client_secret", clientSecret);
    } else {
      form.set("client_assertion", oidcToken ?? "");
      form.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    }
    const url = `${this.endpoints.login}/${tenantId}/oauth2/v2.0/token`;
    const ask = async () => {
      const { status, retryAfter, text } = await askLoopback(url, this.endpoints.ca, {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        body: form.toString(),
      });
      if (status !== 200) {
        const message = `clientCredentialsToken: received HTTP status ${status} with response: ${text}`;
        throw Object.assign(new Error(message), { status, retryAfter });
      }
      const { access_token: value, expires_in: seconds } = JSON.parse(text) as {
        access_token: string;
        expires_in: number | string;
      };
      return { value, expires: Date.now() + Number(seconds) * 1000 };
    };
    return sentAgain(ask, 4, ({ status }) => status >= 500 || status === 429);
  }
}

function isTransient({ status }: GraphError): boolean {
  return [408, 424, 429].includes(status) || (status >= 500 && status !== 501);
}

/** Tries again; the official plugin waits 1, 2, 4 ... seconds, on loopback a fraction of it does. */
function sentAgain<T>(
  run: () => Promise<T>,
  retries: number,
  mayPass: (error: GraphError) => boolean,
): Promise<T> {
  return retry(run, {
    attempts: retries + 1,
    waitAfter: (error, attempt) =>
      "status" in (error as object) && mayPass(error as GraphError)
        ? (parseRetryAfter((error as GraphError).retryAfter) ?? Math.min(2 ** attempt, 200) / 1000)
        : undefined,
  });
}

function answerError(status: number, retryAfter: string | null, text: string): GraphError {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: string; message?: string } };
    return new GraphError(status, error?.code, error?.message ?? text, retryAfter);
  } catch {
    return new GraphError(status, undefined, text, retryAfter);
  }
}
