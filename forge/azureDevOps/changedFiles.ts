import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { IGitApi } from "azure-devops-node-api/GitApi";
import {
  type GitPullRequestChange,
  type GitPullRequestIteration,
  GitVersionType,
  VersionControlChangeType,
} from "azure-devops-node-api/interfaces/GitInterfaces";
import type { ChangedFile, ChangedFiles } from "../model";
import { requireAnswer, callAzureDevOps, type Pace } from "./calls";
import type { AzureDevOpsContext } from "./context";

/** Most changes that are asked for at once. */
const pageSize = 2_000;

/** Pages after which the list counts as not whole. */
const mostPages = 50;

/**
 * The files of a pull request, compared with where its branch left the target.
 *
 * @throws {ForgeFailure} If Azure DevOps does not list them.
 * @see https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-iteration-changes/get
 */
export async function changedFilesOf(
  git: IGitApi,
  context: AzureDevOpsContext,
  pace: Pace,
): Promise<ChangedFiles> {
  const { repositoryId, project, pullRequest } = context;
  const { id: latest = 0 } = await latestIteration(git, context, pace);
  const files: ChangedFile[] = [];
  let top = pageSize;
  let skip = 0;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = requireAnswer(
      await callAzureDevOps(doing, pace, () =>
        git.getPullRequestIterationChanges(
          repositoryId,
          pullRequest.number,
          latest,
          project,
          top,
          skip,
          0,
        ),
      ),
      doing,
    );
    files.push(...(answer.changeEntries ?? []).flatMap(changedFileOf));
    if (!answer.nextTop) {
      return { files, complete: true };
    }
    top = answer.nextTop;
    skip = answer.nextSkip ?? skip + pageSize;
  }
  return { files, complete: false };
}

const doing = "list the changed files";

/** The newest state of the pull request's branch. */
async function latestIteration(
  git: IGitApi,
  { repositoryId, project, pullRequest }: AzureDevOpsContext,
  pace: Pace,
): Promise<GitPullRequestIteration> {
  const iterations = requireAnswer(
    await callAzureDevOps(doing, pace, () =>
      git.getPullRequestIterations(repositoryId, pullRequest.number, project),
    ),
    doing,
  );
  return iterations.reduce((one, other) => ((other.id ?? 0) > (one.id ?? 0) ? other : one), {});
}

/**
 * The text of a file where the pull request's branch left the target.
 *
 * @throws {ForgeFailure} If Azure DevOps does not tell it.
 * @see https://learn.microsoft.com/rest/api/azure/devops/git/items/get
 */
export async function azureDevOpsTextBefore(
  git: IGitApi,
  context: AzureDevOpsContext,
  pace: Pace,
  path: string,
): Promise<string> {
  const { commonRefCommit } = await latestIteration(git, context, pace);
  const at = { version: commonRefCommit?.commitId ?? "", versionType: GitVersionType.Commit };
  const reading = "tell what a file was before";
  return callAzureDevOps(reading, pace, async () => {
    const { repositoryId, project } = context;
    const none = [undefined, undefined, undefined, undefined, undefined] as const;
    const stream = await git.getItemText(repositoryId, `/${path}`, project, ...none, at);
    const { statusCode } = stream as IncomingMessage;
    const answer = await text(stream);
    if (statusCode !== 200) {
      throw Object.assign(new Error(answer.slice(0, 200)), { statusCode });
    }
    return answer;
  });
}

function changedFileOf(change: GitPullRequestChange): ChangedFile[] {
  const path = relativePath(change.item?.path);
  if (path === undefined || change.item?.isFolder === true) {
    return [];
  }
  const content = change.item?.objectId ? { content: change.item.objectId } : {};
  const previousPath = relativePath(change.originalPath ?? change.sourceServerItem);
  if (previousPath !== undefined && previousPath !== path) {
    return [{ path, change: "renamed", previousPath, ...content }];
  }
  return [{ path, change: changeKind(change.changeType), ...content }];
}

function changeKind(type: VersionControlChangeType = VersionControlChangeType.Edit) {
  if ((type & VersionControlChangeType.Delete) !== 0) {
    return "removed";
  }
  return (type & VersionControlChangeType.Add) !== 0 ? "added" : "modified";
}

/** Azure Repos begins paths with a slash. */
function relativePath(path: string | undefined): string | undefined {
  return path?.replace(/^\/+/, "");
}
