import { gitHubClient, type GitHubPace } from "../../access/github/client";
import type { Forge } from "../forge";
import { ForgeFailure } from "../forgeFailure";
import { gitHubApprovals } from "./approvals";
import { changedFilesOf, gitHubTextBefore } from "./changedFiles";
import { gitHubComments } from "./comments";
import { readGitHubContext } from "./context";
import { appendOutputs, appendSummary } from "./stepFiles";
import { annotation } from "./workflowCommands";
import type { Environment } from "../../system/environment";

/** What opening a forge needs besides the environment. */
export interface GitHubOptions {
  /** Writes a line to the job's log. */
  readonly write: (line: string) => void;
  readonly pace?: GitHubPace;
}

/**
 * GitHub, as a step of GitHub Actions sees it.
 *
 * @throws {ForgeFailure} If this is not a step for a pull request, or if it runs on
 *   `pull_request_target`, with which the settings of a stranger would be previewed with secrets.
 */
export async function openGitHub(
  environment: Environment,
  { write, pace }: GitHubOptions,
): Promise<Forge> {
  const context = await readGitHubContext(environment);
  if (context.event === "pull_request_target") {
    throw new ForgeFailure(
      'The event "pull_request_target" gives the job secrets while the pull request decides what is previewed. Let the workflow run on pull_request.',
    );
  }
  const octokit = gitHubClient(context, pace);
  const { pullRequest, run, attempt, runUrl, summaryFile, outputFile } = context;
  return {
    pullRequest,
    run,
    attempt,
    runUrl,
    changedFiles: () => changedFilesOf(octokit, context),
    textBefore: (path) => gitHubTextBefore(octokit, context, path),
    approvals: () => gitHubApprovals(octokit, context),
    approvalWay: "approves the pull request, with the line in the text of the review",
    comments: (key) => gitHubComments(octokit, context, key, pace),
    publishSummary: async (render) => {
      if (summaryFile !== undefined) {
        await appendSummary(summaryFile, render);
      }
    },
    setOutputs: async (outputs) => {
      if (outputFile !== undefined) {
        await appendOutputs(outputFile, outputs);
      }
    },
    annotate: (level, message) => write(annotation(level, message)),
  };
}
