import { isSafeForCredentials } from "../../system/loopback";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { ForgeFailure } from "../forgeFailure";
import type { PullRequest } from "../model";
import type { Environment } from "../../system/environment";

/** What GitHub Actions tells a step about its run, in the environment. */
export interface GitHubRun {
  readonly owner: string;
  readonly repository: string;
  readonly event: string;
  /** File with the event's particulars. */
  readonly eventFile: string;
  readonly run: string;
  readonly attempt: number;
  readonly runUrl: string;
  readonly apiUrl: string;
  readonly token: string;
  /** File whose text is shown on the run's page, where there is one. */
  readonly summaryFile?: string;
  /** File that hands outputs to later steps, where there is one. */
  readonly outputFile?: string;
}

/** The same of a run for a pull request, with what the event's file says. */
export interface GitHubContext extends GitHubRun {
  readonly pullRequest: PullRequest;
  /** Commit at the tip of the branch that it is for, or on which a merge queue has put it. */
  readonly base: string;
}

const ownerOrRepository = /^[\w.-]+$/;

const runnerVariables = z.object({
  GITHUB_REPOSITORY: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  GITHUB_EVENT_NAME: z.string().regex(ownerOrRepository),
  GITHUB_EVENT_PATH: z.string().min(1),
  GITHUB_RUN_ID: z.string().regex(/^\d{1,19}$/),
  GITHUB_RUN_ATTEMPT: z
    .string()
    .regex(/^\d{1,9}$/)
    .default("1"),
  GITHUB_API_URL: z
    .url({ protocol: /^https?$/ })
    .refine((url) => isSafeForCredentials(new URL(url)))
    .default("https://api.github.com"),
  GITHUB_SERVER_URL: z.url({ protocol: /^https?$/ }).default("https://github.com"),
});

const repositoryShape = z.object({ full_name: z.string() });

const commit = z.string().regex(/^[0-9a-f]{40,64}$/);

/** @see https://docs.github.com/webhooks/webhook-events-and-payloads#pull_request */
const pullRequestEvent = z.object({
  pull_request: z.object({
    number: z.int().positive(),
    head: z.object({
      sha: commit,
      // Null once a fork has been deleted.
      repo: repositoryShape.nullable(),
    }),
    base: z.object({ sha: commit, repo: repositoryShape }),
  }),
});

/**
 * What a merge queue has merged on trial. Its branch names the last pull request that is in it; each
 * one is tried by itself on top of those before it.
 *
 * @see https://docs.github.com/webhooks/webhook-events-and-payloads#merge_group
 */
const mergeGroupEvent = z.object({
  merge_group: z.object({
    head_sha: commit,
    base_sha: commit,
    head_ref: z.string().regex(/\/pr-\d{1,12}-[0-9a-f]{40,64}$/),
  }),
});

/**
 * Reads where a step for a pull request runs.
 *
 * @param environment That of the step.
 * @throws {ForgeFailure} If it is not a step of GitHub Actions for a pull request, naming what is wrong.
 */
export async function readGitHubContext(environment: Environment): Promise<GitHubContext> {
  const run = readGitHubRun(environment);
  return { ...run, ...(await readEvent(run)) };
}

/**
 * Reads where a step runs, whatever has started it.
 *
 * @throws {ForgeFailure} If it is not a step of GitHub Actions, naming what is wrong.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/variables
 */
export function readGitHubRun(environment: Environment): GitHubRun {
  const read = runnerVariables.safeParse(environment);
  if (!read.success) {
    const names = [...new Set(read.error.issues.map(({ path }) => String(path[0])))];
    throw new ForgeFailure(
      `This is not a step of GitHub Actions: ${names.join(", ")} ${names.length === 1 ? "is" : "are"} missing or malformed. Run it in a workflow, see docs/how-to/review-pull-requests.md.`,
    );
  }
  const settings = read.data;
  const [owner = "", repository = ""] = settings.GITHUB_REPOSITORY.split("/");
  const { GITHUB_TOKEN, GITHUB_STEP_SUMMARY, GITHUB_OUTPUT } = environment;
  return {
    owner,
    repository,
    event: settings.GITHUB_EVENT_NAME,
    eventFile: settings.GITHUB_EVENT_PATH,
    run: settings.GITHUB_RUN_ID,
    attempt: Number(settings.GITHUB_RUN_ATTEMPT),
    runUrl: `${settings.GITHUB_SERVER_URL}/${settings.GITHUB_REPOSITORY}/actions/runs/${settings.GITHUB_RUN_ID}`,
    apiUrl: settings.GITHUB_API_URL,
    token: GITHUB_TOKEN ?? "",
    ...(GITHUB_STEP_SUMMARY ? { summaryFile: GITHUB_STEP_SUMMARY } : {}),
    ...(GITHUB_OUTPUT ? { outputFile: GITHUB_OUTPUT } : {}),
  };
}

async function readEvent({
  eventFile: file,
  event,
}: GitHubRun): Promise<Pick<GitHubContext, "pullRequest" | "base">> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new ForgeFailure(
      `GITHUB_EVENT_PATH "${file}" cannot be read as JSON: ${(error as Error).message}`,
    );
  }
  const queued = mergeGroupEvent.safeParse(content).data?.merge_group;
  if (queued !== undefined) {
    // Its branch is one of the repository itself.
    const number = Number(/\/pr-(\d+)-/.exec(queued.head_ref)?.[1]);
    return {
      pullRequest: { number, head: queued.head_sha, fromFork: false, queued: true },
      base: queued.base_sha,
    };
  }
  const read = pullRequestEvent.safeParse(content);
  if (!read.success) {
    throw new ForgeFailure(
      `The event "${event}" is not that of a pull request. Let the workflow run on pull_request, and on merge_group where there is a merge queue.`,
    );
  }
  const { number, head, base } = read.data.pull_request;
  return {
    pullRequest: {
      number,
      head: head.sha,
      fromFork: head.repo?.full_name !== base.repo.full_name,
    },
    base: base.sha,
  };
}
