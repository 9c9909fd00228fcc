import { randomUUID } from "node:crypto";
import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { restEndpointMethods } from "@octokit/plugin-rest-endpoint-methods";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";

/** Where and as whom GitHub's API is called. */
export interface GitHubAccess {
  readonly apiUrl: string;
  readonly token: string;
}

/** How long an answer may take, in milliseconds. */
const requestTimeout = 30_000;

/** Longest wait that GitHub may ask for before it is given up, in seconds. */
const longestWait = 120;

/** Waits that GitHub may ask for one after the other. */
const mostWaits = 3;

const Client = Octokit.plugin(restEndpointMethods, paginateRest, retry, throttling);

/** Octokit with what is used of it. */
export type GitHubClient = InstanceType<typeof Client>;

/** How patient a client is. */
export interface Pace {
  /** Milliseconds that a second of waiting lasts. @default 1000 */
  readonly second?: number;
  /** Whether writes are spaced apart, as GitHub asks for. @default true */
  readonly spaced?: boolean;
}

/** Stands in for Octokit's queues of writes. */
const unspaced = {
  key: () => ({ schedule: (_: unknown, run: () => unknown) => Promise.resolve(run()) }),
};

/**
 * A client that tries again what may succeed: after 5xx and lost connections three times, after a
 * rate limit as long as GitHub asks for, up to two minutes.
 *
 * @see https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
export function gitHubClient({ apiUrl, token }: GitHubAccess, pace: Pace = {}): GitHubClient {
  const second = pace.second ?? 1_000;
  const wait = (seconds: number, _options: unknown, _octokit: unknown, waits: number) =>
    seconds <= longestWait && waits < mostWaits;
  return new Client({
    auth: token,
    baseUrl: apiUrl,
    userAgent: "apponly",
    // What is worth saying is said once, by whoever called.
    log: { debug: silent, info: silent, warn: silent, error: silent },
    request: {
      fetch: (url: string, init: RequestInit) =>
        fetch(url, { ...init, signal: AbortSignal.timeout(requestTimeout) }),
    },
    throttle: {
      // Clients of one process are spaced apart only from themselves.
      id: randomUUID(),
      onRateLimit: wait,
      onSecondaryRateLimit: wait,
      retryAfterBaseValue: second,
      ...(pace.spaced === false ? { write: unspaced, notifications: unspaced } : {}),
    },
    retry: { retryAfterBaseValue: second },
  });
}

function silent(): void {
  // Octokit would write to the console, past the escaping of workflow commands.
}
