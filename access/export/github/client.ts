import { setTimeout as wait } from "node:timers/promises";
import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { restEndpointMethods } from "@octokit/plugin-rest-endpoint-methods";
import { throttling } from "@octokit/plugin-throttling";
import { RequestError } from "@octokit/request-error";
import { retryAfterSeconds } from "../../../microsoft/http";
import type { GitHubTarget } from "./target";

/** Longest time that one request waits for GitHub's limits or its recovery, seconds. */
const patience = 120;
const attempts = 4;
const silent = { debug: noop, info: noop, warn: noop, error: noop };

function noop(): void {
  // Octokit's notes go nowhere: what a person has to know is in the error.
}

/** Without the plugin for retries: it would repeat a conflict, and not heed Retry-After. */
const Client = Octokit.plugin(restEndpointMethods, paginateRest, throttling);

/** Octokit with what is used of it. */
export type GitHubClient = InstanceType<typeof Client>;

/** A client of one GitHub that paces its writes as GitHub asks. */
export function gitHubClient({ apiUrl, token }: GitHubTarget): GitHubClient {
  const soon = (retryAfter: number, _options: object, _octokit: unknown, retries: number) =>
    retries < attempts && retryAfter <= patience;
  return new Client({
    auth: token,
    baseUrl: apiUrl,
    userAgent: "apponly",
    log: silent,
    request: {
      fetch: (url: string, options: RequestInit) =>
        fetch(url, { ...options, signal: AbortSignal.timeout(30_000) }),
    },
    throttle: { onRateLimit: soon, onSecondaryRateLimit: soon },
  });
}

/**
 * Runs one request again while GitHub is limiting or recovering, after the time it asks for.
 * Refusals and conflicts are thrown at once.
 *
 * @param pause Waits for a number of milliseconds.
 */
export async function retried<T>(
  request: () => Promise<T>,
  pause: (milliseconds: number) => Promise<unknown> = wait,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request();
    } catch (error) {
      const seconds = error instanceof RequestError ? waitFor(error, attempt) : undefined;
      if (seconds === undefined || attempt === attempts || seconds > patience) {
        throw error;
      }
      await pause(seconds * 1000);
    }
  }
}

function waitFor(error: RequestError, attempt: number): number | undefined {
  if (error.status !== 429 && error.status < 500) {
    return undefined;
  }
  const header = error.response?.headers["retry-after"];
  const asked =
    header === undefined
      ? undefined
      : retryAfterSeconds({ headers: { "retry-after": String(header) } });
  return asked ?? 2 ** (attempt - 1);
}
