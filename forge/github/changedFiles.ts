import type { GitHubClient } from "../../access/github/client";
import type { ChangedFile, ChangedFiles } from "../model";
import { requireList } from "../forgeFailure";
import { callGitHub } from "./errors";
import type { GitHubContext } from "./context";

/** Most files of a pull request that GitHub lists, and of a comparison. */
const listLimit = 3_000;
const comparisonLimit = 300;

/**
 * The files of a pull request, from however many pages; in a merge queue those in which its merge on
 * trial differs from what it was put on.
 *
 * @throws {ForgeFailure} If GitHub does not list them.
 * @see https://docs.github.com/rest/pulls/pulls#list-pull-requests-files
 * @see https://docs.github.com/rest/commits/commits#compare-two-commits
 */
export async function changedFilesOf(
  octokit: GitHubClient,
  { owner, repository: repo, pullRequest, base }: GitHubContext,
): Promise<ChangedFiles> {
  const { number, head, fromFork, queued } = pullRequest;
  const doing = "list the changed files";
  const answered = await callGitHub(doing, { fromFork }, async () => {
    if (queued !== true) {
      const request = { owner, repo, pull_number: number, per_page: 100 };
      return octokit.paginate(octokit.rest.pulls.listFiles, request);
    }
    const request = { owner, repo, basehead: `${base}...${head}`, per_page: 100 };
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead(request);
    return data.files;
  });
  const listed = requireList(answered, "filename", "GitHub", doing);
  return {
    files: listed.map(({ filename, status, sha: content, previous_filename: previousPath }) => ({
      path: filename,
      change: changeOfFile(status),
      ...(status === "renamed" && previousPath !== undefined ? { previousPath } : {}),
      ...(content ? { content } : {}),
    })),
    complete: listed.length < (queued === true ? comparisonLimit : listLimit),
  };
}

/**
 * The text of a file at the tip of the branch that the pull request is for.
 *
 * @throws {ForgeFailure} If GitHub does not tell it.
 * @see https://docs.github.com/rest/repos/contents#get-repository-content
 */
export async function gitHubTextBefore(
  octokit: GitHubClient,
  { owner, repository: repo, pullRequest, base: ref }: GitHubContext,
  path: string,
): Promise<string> {
  return callGitHub("tell what a file was before", pullRequest, async () => {
    const request = { owner, repo, path, ref, mediaType: { format: "raw" } };
    const { data } = await octokit.rest.repos.getContent(request);
    const told: unknown = data;
    return told instanceof ArrayBuffer ? Buffer.from(told).toString() : String(told);
  });
}

function changeOfFile(status: string): ChangedFile["change"] {
  return status === "added" || status === "removed" || status === "renamed" ? status : "modified";
}
