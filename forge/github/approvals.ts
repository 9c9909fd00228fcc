import { z } from "zod";
import type { GitHubClient } from "../../access/github/client";
import { ForgeFailure } from "../forgeFailure";
import type { Approval } from "../model";
import type { GitHubContext } from "./context";
import { callGitHub } from "./errors";

/**
 * Of each who may write, the newest review that approves or asks for changes. One that was dismissed,
 * also by a later push, where the branch asks for that, is not among them.
 *
 * @see https://docs.github.com/graphql/reference/objects#pullrequest
 */
const query = `query ($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      author { login }
      latestOpinionatedReviews(first: 100, writersOnly: true) {
        nodes { state body submittedAt author { __typename login } editor { login } commit { oid } }
      }
    }
  }
}`;

const account = z.object({ login: z.string() }).nullable();

const answerShape = z.object({
  repository: z.object({
    pullRequest: z.object({
      author: account,
      latestOpinionatedReviews: z.object({
        nodes: z.array(
          z.object({
            state: z.string(),
            body: z.string(),
            submittedAt: z.iso.datetime(),
            author: z.object({ __typename: z.string(), login: z.string() }).nullable(),
            editor: account,
            commit: z.object({ oid: z.string() }).nullable(),
          }),
        ),
      }),
    }),
  }),
});

/**
 * The approvals of a pull request by people who may write to the repository. Not those of apps, with
 * whose token a workflow of the pull request itself could approve, nor those whose text somebody else
 * has edited, as everybody may who may write.
 *
 * @throws {ForgeFailure} If GitHub does not tell them.
 */
export async function gitHubApprovals(
  octokit: GitHubClient,
  { owner, repository, pullRequest }: GitHubContext,
): Promise<Approval[]> {
  const answer = await callGitHub("list the reviews", pullRequest, () =>
    octokit.graphql(query, { owner, name: repository, number: pullRequest.number }),
  );
  const read = answerShape.safeParse(answer);
  if (!read.success) {
    throw new ForgeFailure(
      `GitHub did not list the reviews: its answer has no ${read.error.issues[0]?.path.join(".") ?? "data"}.`,
    );
  }
  const { author, latestOpinionatedReviews } = read.data.repository.pullRequest;
  return latestOpinionatedReviews.nodes.flatMap((review): Approval[] => {
    const by = review.author;
    const isOwn = by?.__typename === "User" && [by.login, undefined].includes(review.editor?.login);
    return review.state !== "APPROVED" || !isOwn || by.login === author?.login
      ? []
      : [
          {
            by: by.login,
            at: review.submittedAt,
            ...(review.commit === null ? {} : { commit: review.commit.oid }),
            text: review.body,
          },
        ];
  });
}
