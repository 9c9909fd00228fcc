import type { GitHubClient } from "../../access/github/client";
import type { ChangedFile, ChangedFiles } from "../model";
import { callGitHub } from "./errors";
import type { GitHubContext } from "./context";

/** Most files of a pull request that GitHub lists. */
const listLimit = 3_000;

/**
 * The files of a pull request, from however many pages.
 *
 * @throws {ForgeFailure} If GitHub does not list them.
 * @see https://docs.github.com/rest/pulls/pulls#list-pull-requests-files
 */
export async function changedFilesOf(
  octokit: GitHubClient,
  { owner, repository, pullRequest }: GitHubContext,
): Promise<ChangedFiles> {
  const listed = await callGitHub("list the changed files", pullRequest.fromFork, () =>
    octokit.paginate(octokit.rest.pulls.listFiles, {
      owner,
      repo: repository,
      pull_number: pullRequest.number,
      per_page: 100,
    }),
  );
  return {
    files: listed.map(({ filename, status, previous_filename: previousPath }) => ({
      path: filename,
      change: changeOf(status),
      ...(status === "renamed" && previousPath !== undefined ? { previousPath } : {}),
    })),
    complete: listed.length < listLimit,
  };
}

function changeOf(status: string): ChangedFile["change"] {
  return status === "added" || status === "removed" || status === "renamed" ? status : "modified";
}
