import type { IGitApi } from "azure-devops-node-api/GitApi";
import { type Comment, CommentType } from "azure-devops-node-api/interfaces/GitInterfaces";
import type { Approval } from "../model";
import { askAzureDevOps, type Pace } from "./calls";
import type { AzureDevOpsContext } from "./context";

/**
 * Votes from which on a reviewer approves: 10, or 5 with suggestions.
 *
 * @see https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-reviewers
 */
const approves = 5;

/**
 * What reviewers who approve have written on a pull request, in comments of their own that only they
 * can edit. Not what its author or the account of the job has written, nor what a group has.
 *
 * @throws {ForgeFailure} If Azure DevOps does not tell it.
 */
export async function azureDevOpsApprovals(
  git: IGitApi,
  { repositoryId, project, pullRequest }: AzureDevOpsContext,
  ownAccount: string | undefined,
  pace: Pace,
): Promise<Approval[]> {
  const ask = <T>(doing: string, call: () => Promise<T>) => askAzureDevOps(doing, pace, call);
  const { number } = pullRequest;
  const { createdBy, reviewers = [] } = await ask("show the pull request", () =>
    git.getPullRequestById(number, project),
  );
  const voters = new Map(
    reviewers
      .filter(({ id, vote = 0, isContainer }) => {
        const isOther = id !== undefined && id !== createdBy?.id && id !== ownAccount;
        return isOther && vote >= approves && isContainer !== true;
      })
      .map(({ id, uniqueName, displayName }) => [id, uniqueName ?? displayName ?? ""] as const),
  );
  if (voters.size === 0) {
    return [];
  }
  const threads = await ask("list the threads", () =>
    git.getThreads(repositoryId, number, project),
  );
  return threads
    .filter(({ isDeleted }) => isDeleted !== true)
    .flatMap(({ comments = [] }) => comments)
    .filter(({ isDeleted, commentType }) => isDeleted !== true && !isOfSystem(commentType))
    .flatMap(({ author, content = "", lastContentUpdatedDate, publishedDate }: Comment) => {
      const by = voters.get(author?.id);
      const at = new Date(lastContentUpdatedDate ?? publishedDate ?? 0).toISOString();
      return by === undefined ? [] : [{ by, at, text: content }];
    });
}

/** What the service itself writes, for example that somebody has voted. */
function isOfSystem(type: Comment["commentType"]): boolean {
  return type === CommentType.System;
}
