import { type GitHubClient, type GitHubPace, hasStatus } from "../../access/github/client";
import { type CommentStore, settleFor, type StoredComment } from "../keepOneComment";
import { keyOfComment } from "../marker";
import type { GitHubContext } from "./context";
import { callGitHub } from "./errors";

/** Who the token of a job that passes none of its own writes as. */
const actionsBot = "github-actions[bot]";

/**
 * The comments of this program on a pull request: those with its marker that the token's own
 * account wrote. Anybody may copy a marker; an account nobody else writes as.
 *
 * @see https://docs.github.com/rest/issues/comments
 */
export function gitHubComments(
  octokit: GitHubClient,
  context: GitHubContext,
  key: string,
  pace: GitHubPace = {},
): CommentStore {
  const { owner, repository: repo, pullRequest } = context;
  const issue = { owner, repo, issue_number: pullRequest.number };
  const call = <T>(doing: string, run: () => Promise<T>) => callGitHub(doing, pullRequest, run);
  let author: Promise<string> | undefined;
  return {
    list: async () => {
      author ??= gitHubAccountOf(octokit);
      const login = await author;
      const own: StoredComment[] = [];
      await call("list the comments", async () => {
        const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
          ...issue,
          per_page: 100,
        });
        for await (const { data } of pages) {
          for (const { id, body, user, html_url: url } of data) {
            if (user?.login === login && keyOfComment(body ?? "") === key) {
              own.push({ id: Number(id), body: body ?? "", url });
            }
          }
        }
      });
      return own.sort((a, b) => a.id - b.id);
    },
    create: (body) =>
      call("write the comment", async () => {
        const { data } = await octokit.rest.issues.createComment({ ...issue, body });
        return { id: Number(data.id), body: data.body ?? body, url: data.html_url };
      }),
    update: (id, body) =>
      call("update the comment", async () => {
        const updated = await askUnlessGone(() =>
          octokit.rest.issues.updateComment({ owner, repo, comment_id: id, body }),
        );
        return updated && { id, body: updated.data.body ?? body, url: updated.data.html_url };
      }),
    remove: (id) =>
      call("delete a second comment", async () => {
        await askUnlessGone(() =>
          octokit.rest.issues.deleteComment({ owner, repo, comment_id: id }),
        );
      }),
    settle: () => settleFor(pace.second),
    currentHead: () =>
      call("show the pull request", async () => {
        const { data } = await octokit.rest.pulls.get({
          owner,
          repo,
          pull_number: pullRequest.number,
        });
        return data.head.sha;
      }),
  };
}

/**
 * The account of the token. Tokens of an app, as that of a job, may not ask for their user over
 * REST, but for the viewer over GraphQL; where that is refused too, it is the job's own.
 */
export async function gitHubAccountOf(octokit: GitHubClient): Promise<string> {
  try {
    const { viewer } = await octokit.graphql<{ viewer: { login: string } }>("{ viewer { login } }");
    return viewer.login;
  } catch {
    return actionsBot;
  }
}

async function askUnlessGone<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (hasStatus(error, 404) || hasStatus(error, 410)) {
      return undefined;
    }
    throw error;
  }
}
