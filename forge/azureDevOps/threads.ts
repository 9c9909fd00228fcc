import type { WebApi } from "azure-devops-node-api";
import type { IGitApi } from "azure-devops-node-api/GitApi";
import {
  CommentThreadStatus,
  CommentType,
  type GitPullRequestCommentThread,
} from "azure-devops-node-api/interfaces/GitInterfaces";
import { type CommentStore, settleFor, type StoredComment } from "../keepOneComment";
import { keyOfComment } from "../marker";
import { askAzureDevOps, callAzureDevOps, type Pace } from "./calls";
import type { AzureDevOpsContext } from "./context";

/** Property of a thread by which this program knows its own. */
const threadProperty = "apponly.review";

/**
 * The threads of this program on a pull request: those with its property and marker whose first
 * comment the job's own account wrote. A thread is active as long as somebody has to act on it, so
 * that a branch policy on unresolved comments stops the merge; otherwise it is closed.
 *
 * @see https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-threads
 */
export function azureDevOpsThreads(
  connection: WebApi,
  git: IGitApi,
  context: AzureDevOpsContext,
  key: string,
  pace: Pace,
): CommentStore {
  const { repositoryId, project, pullRequest } = context;
  const known = new Map<number, GitPullRequestCommentThread>();
  let author: string | undefined;

  const stored = (thread: GitPullRequestCommentThread): StoredComment => {
    const id = thread.id ?? 0;
    known.set(id, thread);
    return { id, body: threadText(thread), url: threadUrl(context, id) };
  };
  const commentIdOf = (id: number) => known.get(id)?.comments?.[0]?.id ?? 1;

  return {
    list: async () => {
      author ??= await accountOf(connection, pace);
      const threads = await askAzureDevOps("list the threads", pace, () =>
        git.getThreads(repositoryId, pullRequest.number, project),
      );
      return threads
        .filter((thread) => isOwn(thread, key, author))
        .map(stored)
        .sort((a, b) => a.id - b.id);
    },
    create: async (body, attention) => {
      const thread: GitPullRequestCommentThread = {
        comments: [{ content: body, commentType: CommentType.Text, parentCommentId: 0 }],
        status: attention ? CommentThreadStatus.Active : CommentThreadStatus.Closed,
        properties: { [threadProperty]: { $type: "System.String", $value: key } },
      };
      const created = await askAzureDevOps("write the thread", pace, () =>
        git.createThread(thread, repositoryId, pullRequest.number, project),
      );
      return stored(created);
    },
    update: async (id, body, attention) => {
      const before = known.get(id);
      const updated = (await callAzureDevOps("update the thread", pace, () =>
        git.updateComment(
          { content: body },
          repositoryId,
          pullRequest.number,
          id,
          commentIdOf(id),
          project,
        ),
      )) as { content?: string } | null;
      if (updated === null) {
        return undefined;
      }
      const status = statusAfter(before, body, attention);
      if (status !== undefined) {
        await callAzureDevOps("change the status of the thread", pace, () =>
          git.updateThread({ status }, repositoryId, pullRequest.number, id, project),
        );
      }
      return { id, body: updated.content ?? body, url: threadUrl(context, id) };
    },
    remove: async (id) => {
      await callAzureDevOps("delete a second thread", pace, () =>
        git.deleteComment(repositoryId, pullRequest.number, id, commentIdOf(id), project),
      );
    },
    settle: () => settleFor(pace.second),
    currentHead: async () => {
      const found = await askAzureDevOps("show the pull request", pace, () =>
        git.getPullRequestById(pullRequest.number, project),
      );
      return found.lastMergeSourceCommit?.commitId ?? "";
    },
  };
}

/** The account whose token it is. */
export async function accountOf(connection: WebApi, pace: Pace): Promise<string | undefined> {
  const data = await askAzureDevOps("say whose token it is", pace, () => connection.connect());
  return data.authenticatedUser?.id;
}

function isOwn(
  thread: GitPullRequestCommentThread,
  key: string,
  author: string | undefined,
): boolean {
  const property = (thread.properties as Record<string, { $value?: unknown }> | undefined)?.[
    threadProperty
  ];
  const [first] = thread.comments ?? [];
  return (
    thread.isDeleted !== true &&
    first?.isDeleted !== true &&
    property?.$value === key &&
    author !== undefined &&
    first?.author?.id === author &&
    keyOfComment(first.content ?? "") === key
  );
}

function threadText(thread: GitPullRequestCommentThread): string {
  return thread.comments?.[0]?.content ?? "";
}

/**
 * The status a thread gets. Who has resolved it has read what it says: as long as that is the same,
 * a new commit does not open it again.
 */
function statusAfter(
  before: GitPullRequestCommentThread | undefined,
  body: string,
  attention: boolean | undefined,
): CommentThreadStatus | undefined {
  const sameReport = before !== undefined && substanceOf(threadText(before)) === substanceOf(body);
  if (attention === undefined || (attention && sameReport)) {
    return undefined;
  }
  const wanted = attention ? CommentThreadStatus.Active : CommentThreadStatus.Closed;
  return before?.status === wanted ? undefined : wanted;
}

/** Reports without markers and last lines, which name the commit and the run. */
function substanceOf(body: string): string {
  return body
    .replace(/\r\n/g, "\n")
    .replace(/^(?:<!--.*-->|<sub>.*)$/gm, "")
    .trimEnd();
}

function threadUrl(
  { collectionUrl, project, repositoryId, pullRequest }: AzureDevOpsContext,
  id: number,
) {
  const path = [project, "_git", repositoryId, "pullrequest", String(pullRequest.number)];
  return `${collectionUrl}${path.map(encodeURIComponent).join("/")}?discussionId=${id}`;
}
