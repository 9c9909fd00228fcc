import { isSafeForCredentials } from "../../system/loopback";
import { z } from "zod";
import { ForgeFailure } from "../forgeFailure";
import type { PullRequest } from "../model";
import { type Environment, unreplacedVariable } from "../../system/environment";

/** What Azure Pipelines tells a job about its run, in the environment. */
export interface AzureDevOpsJob {
  /** Address of the organization, with a slash at its end. */
  readonly collectionUrl: string;
  readonly project: string;
  readonly run: string;
  readonly attempt: number;
  readonly runUrl: string;
  readonly token: string;
  /** Folder for files that live as long as the job. */
  readonly temporaryFolder?: string;
}

/** The same of a run for a pull request. */
export interface AzureDevOpsContext extends AzureDevOpsJob {
  readonly repositoryId: string;
  readonly pullRequest: PullRequest;
}

const jobVariables = z.object({
  SYSTEM_COLLECTIONURI: z
    .url({ protocol: /^https?$/ })
    .refine((url) => isSafeForCredentials(new URL(url))),
  SYSTEM_TEAMPROJECT: z.string().min(1),
  BUILD_BUILDID: z.string().regex(/^\d{1,19}$/),
  SYSTEM_JOBATTEMPT: z
    .string()
    .regex(/^\d{1,9}$/)
    .default("1"),
});

const pullRequestShape = z.object({
  BUILD_REPOSITORY_ID: z.string().min(1),
  SYSTEM_PULLREQUEST_PULLREQUESTID: z.string().regex(/^\d{1,12}$/),
  SYSTEM_PULLREQUEST_SOURCECOMMITID: z.string().regex(/^[0-9a-f]{40,64}$/),
});

/**
 * Reads where a job for a pull request runs.
 *
 * @throws {ForgeFailure} If it is not a job of Azure Pipelines for a pull request in Azure Repos.
 */
export function readAzureDevOpsContext(environment: Environment): AzureDevOpsContext {
  const job = readAzureDevOpsJob(environment);
  const provider = environment.BUILD_REPOSITORY_PROVIDER;
  if (provider !== undefined && provider !== "TfsGit") {
    throw new ForgeFailure(
      `BUILD_REPOSITORY_PROVIDER "${provider.slice(0, 40)}" is not Azure Repos. Review a repository on GitHub with the GitHub action.`,
    );
  }
  const pull = parseVariables(
    pullRequestShape,
    environment,
    "The run is not that of a pull request; add the pipeline as a build validation of the branch policy",
  );
  return {
    ...job,
    repositoryId: pull.BUILD_REPOSITORY_ID,
    pullRequest: {
      number: Number(pull.SYSTEM_PULLREQUEST_PULLREQUESTID),
      head: pull.SYSTEM_PULLREQUEST_SOURCECOMMITID,
      fromFork: /^true$/i.test(environment.SYSTEM_PULLREQUEST_ISFORK ?? ""),
    },
  };
}

/**
 * Reads where a job runs, whatever has started it.
 *
 * @throws {ForgeFailure} If it is not a job of Azure Pipelines, or has no token.
 * @see https://learn.microsoft.com/azure/devops/pipelines/build/variables
 */
export function readAzureDevOpsJob(environment: Environment): AzureDevOpsJob {
  const job = parseVariables(jobVariables, environment, "This is not a job of Azure Pipelines");
  const token = environment.SYSTEM_ACCESSTOKEN ?? "";
  if (token === "" || unreplacedVariable("SYSTEM_ACCESSTOKEN", environment) !== undefined) {
    throw new ForgeFailure(
      "SYSTEM_ACCESSTOKEN is not set. Pass it to the step: env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }.",
    );
  }
  const collectionUrl = job.SYSTEM_COLLECTIONURI.replace(/\/*$/, "/");
  return {
    collectionUrl,
    project: job.SYSTEM_TEAMPROJECT,
    run: job.BUILD_BUILDID,
    attempt: Number(job.SYSTEM_JOBATTEMPT),
    runUrl: `${collectionUrl}${encodeURIComponent(job.SYSTEM_TEAMPROJECT)}/_build/results?buildId=${job.BUILD_BUILDID}`,
    token,
    ...(environment.AGENT_TEMPDIRECTORY
      ? { temporaryFolder: environment.AGENT_TEMPDIRECTORY }
      : {}),
  };
}

function parseVariables<T>(shape: z.ZodType<T>, environment: unknown, otherwise: string): T {
  const read = shape.safeParse(environment);
  if (!read.success) {
    const names = [...new Set(read.error.issues.map(({ path }) => String(path[0])))];
    throw new ForgeFailure(`${otherwise}: missing or malformed: ${names.join(", ")}.`);
  }
  return read.data;
}
