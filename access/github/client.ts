import { randomUUID } from "node:crypto";
import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { restEndpointMethods } from "@octokit/plugin-rest-endpoint-methods";
import { retry } from "@octokit/plugin-retry";
import { throttling, type ThrottlingOptions } from "@octokit/plugin-throttling";
import { RequestError } from "@octokit/request-error";
import { networkFetch } from "../../microsoft/network";
import { Failure } from "../../system/failure";
import { parseRetryAfter } from "../../system/retry";

/** Where and as whom GitHub's API is called. */
export interface GitHubAccess {
  /** Base of the REST API without a trailing slash, `https://api.github.com` by default. */
  readonly apiUrl: string;
  /** Never printed. */
  readonly token: string;
}

/** How long an answer may take, in milliseconds. */
const githubTimeout = 30_000;

/** Longest wait that GitHub may ask for before it is given up, in seconds. */
const longestGithubWait = 120;

/** Waits that GitHub may ask for one after the other. */
const mostWaits = 3;

const Client = Octokit.plugin(restEndpointMethods, paginateRest, retry, throttling);

/** Octokit with what is used of it. */
export type GitHubClient = InstanceType<typeof Client>;

/** How patient a client is. */
export interface GitHubPace {
  /** Milliseconds that a second of waiting lasts. @default 1000 */
  readonly second?: number;
  /** Whether writes are spaced apart, as GitHub asks for. @default true */
  readonly spaced?: boolean;
}

/** Stands in for Octokit's queues of writes. */
const unspaced = {
  key: () => ({ schedule: (_: unknown, run: () => unknown) => Promise.resolve(run()) }),
} as unknown as NonNullable<ThrottlingOptions["write"]>;

/**
 * A client that tries again what may succeed: after 5xx and lost connections three times, after a
 * limit as long as GitHub asks for, up to two minutes. Refusals and conflicts are thrown at once.
 *
 * @see https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
export function gitHubClient({ apiUrl, token }: GitHubAccess, pace: GitHubPace = {}): GitHubClient {
  const second = pace.second ?? 1_000;
  const wait = (seconds: number, _options: unknown, _octokit: unknown, waits: number) =>
    seconds <= longestGithubWait && waits < mostWaits;
  const client = new Client({
    auth: token,
    baseUrl: apiUrl,
    userAgent: "apponly",
    // What is worth saying is said once, by whoever called.
    log: { debug: logNothing, info: logNothing, warn: logNothing, error: logNothing },
    request: {
      fetch: (url: string, init: Parameters<typeof networkFetch>[1]) =>
        networkFetch(url, { ...init, signal: AbortSignal.timeout(githubTimeout) }),
    },
    throttle: {
      // Clients of one process are spaced apart only from themselves.
      id: randomUUID(),
      onRateLimit: wait,
      onSecondaryRateLimit: wait,
      retryAfterBaseValue: second,
      ...(pace.spaced === false ? { write: unspaced, notifications: unspaced } : {}),
    },
    retry: {
      retryAfterBaseValue: second,
      doNotRetry: [400, 401, 403, 404, 409, 410, 422, 451],
    },
  });
  // Octokit takes an answer without a text for a list without entries; a file may be any text.
  client.hook.after("request", ({ status, data, url }, { mediaType }) => {
    const given: unknown = data;
    const isJson = typeof given === "object" && given !== null;
    if (status === 200 && !isJson && mediaType?.format !== "raw") {
      throw new Failure(
        `${new URL(url).host} answered no JSON. A proxy may have answered in GitHub's place. Check the network and HTTPS_PROXY, and run the job again.`,
      );
    }
  });
  const { retryRequest } = client.retry;
  // The plugin waits by a rule of its own, whatever GitHub asks for.
  client.retry.retryRequest = (error, retries, seconds) => {
    const asked = parseRetryAfter(headerOf(error, "retry-after"));
    const late = asked !== undefined && asked > longestGithubWait;
    return retryRequest(error, late ? 0 : retries, asked ?? seconds);
  };
  return client;
}

function logNothing(): void {
  // Octokit would write to the console, past the escaping of workflow commands.
}

/** Whether GitHub has answered with a status. */
export function hasStatus(error: unknown, status: number): error is RequestError {
  return error instanceof RequestError && error.response?.status === status;
}

/** Whether GitHub refuses because of a limit, not because of a right that is missing. */
export function isLimited(error: RequestError): boolean {
  return (
    headerOf(error, "retry-after") !== undefined || headerOf(error, "x-ratelimit-remaining") === "0"
  );
}

function headerOf(error: RequestError, name: string): string | undefined {
  const value = error.response?.headers[name];
  return value === undefined ? undefined : String(value);
}

/** Why there was no answer, for example `ECONNREFUSED`: what is wrapped around it is general. */
export function networkReason(error: Error): string {
  let inner: Partial<NodeJS.ErrnoException> = error;
  while (typeof inner.cause === "object" && inner.cause !== null) {
    inner = inner.cause;
  }
  return typeof inner.code === "string" ? inner.code : (inner.message ?? error.message);
}
