import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { IGitApi } from "azure-devops-node-api/GitApi";
import {
  type GitPullRequestChange,
  type GitPullRequestIteration,
  GitVersionType,
  VersionControlChangeType,
} from "azure-devops-node-api/interfaces/GitInterfaces";
import type { Forge } from "../forge";
import { requireList } from "../forgeFailure";
import type { ChangedFile, ChangedFiles } from "../model";
import { askAzureDevOps, callAzureDevOps, type Pace } from "./calls";
import type { AzureDevOpsContext } from "./context";

/** Most changes that are asked for at once. */
const pageSize = 2_000;

/** Pages after which the list counts as not whole. */
const mostPages = 50;

/**
 * What a pull request changes, compared with where its branch left the target. Its newest state is asked
 * for once.
 */
export function azureDevOpsChanges(
  git: IGitApi,
  context: AzureDevOpsContext,
  pace: Pace,
): Pick<Forge, "changedFiles" | "textBefore"> {
  let known: Promise<GitPullRequestIteration> | undefined;
  const latest = () => (known ??= latestIteration(git, context, pace));
  return {
    changedFiles: async () => listChangedFiles(git, context, pace, await latest()),
    textBefore: async (path) => readTextBefore(git, context, pace, await latest(), path),
  };
}

/**
 * The files of a pull request, compared with where its branch left the target.
 *
 * @throws {ForgeFailure} If Azure DevOps does not list them.
 * @see https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-iteration-changes/get
 */
async function listChangedFiles(
  git: IGitApi,
  { repositoryId, project, pullRequest }: AzureDevOpsContext,
  pace: Pace,
  { id: latest = 0 }: GitPullRequestIteration,
): Promise<ChangedFiles> {
  const files: ChangedFile[] = [];
  let top = pageSize;
  let skip = 0;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await askAzureDevOps(doing, pace, () =>
      git.getPullRequestIterationChanges(
        repositoryId,
        pullRequest.number,
        latest,
        project,
        top,
        skip,
        0,
      ),
    );
    const entries = requireList(answer.changeEntries, "item", "Azure DevOps", doing);
    files.push(...entries.flatMap(changedFileOf));
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
  const answered = await askAzureDevOps(doing, pace, () =>
    git.getPullRequestIterations(repositoryId, pullRequest.number, project),
  );
  const iterations = requireList(answered, "id", "Azure DevOps", doing);
  return iterations.reduce<GitPullRequestIteration>(
    (one, other) => ((other.id ?? 0) > (one.id ?? 0) ? other : one),
    {},
  );
}

/**
 * The text of a file where the pull request's branch left the target.
 *
 * @throws {ForgeFailure} If Azure DevOps does not tell it.
 * @see https://learn.microsoft.com/rest/api/azure/devops/git/items/get
 */
async function readTextBefore(
  git: IGitApi,
  { repositoryId, project }: AzureDevOpsContext,
  pace: Pace,
  { commonRefCommit }: GitPullRequestIteration,
  path: string,
): Promise<string> {
  const at = { version: commonRefCommit?.commitId ?? "", versionType: GitVersionType.Commit };
  const reading = "tell what a file was before";
  return callAzureDevOps(reading, pace, async () => {
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
