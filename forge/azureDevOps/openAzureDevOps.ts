import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Forge } from "../forge";
import { azureDevOpsApprovals } from "./approvals";
import { callAzureDevOps, connectAzureDevOps, type Pace } from "./calls";
import { azureDevOpsChanges } from "./changedFiles";
import { readAzureDevOpsContext } from "./context";
import { loggingCommand } from "./loggingCommands";
import { accountOf, azureDevOpsThreads } from "./threads";
import type { Environment } from "../../system/environment";

/** What opening a forge needs besides the environment. */
export interface AzureDevOpsOptions {
  /** Writes a line to the job's log, which is where Azure Pipelines reads commands. */
  readonly write: (line: string) => void;
  readonly pace?: Pace;
}

/** Longest report on the page of a run, in characters. */
const tabLimit = 1_000_000;

/**
 * Azure DevOps, as a job of Azure Pipelines sees it.
 *
 * @throws {ForgeFailure} If this is not a job for a pull request, or Azure DevOps does not answer.
 */
export async function openAzureDevOps(
  environment: Environment,
  { write, pace = {} }: AzureDevOpsOptions,
): Promise<Forge> {
  const context = readAzureDevOpsContext(environment);
  const connection = connectAzureDevOps(context);
  const git = await callAzureDevOps("offer its interface", pace, () => connection.getGitApi());
  const { pullRequest, run, attempt, runUrl } = context;
  return {
    pullRequest,
    run,
    attempt,
    runUrl,
    ...azureDevOpsChanges(git, context, pace),
    approvals: async () =>
      azureDevOpsApprovals(git, context, await accountOf(connection, pace), pace),
    approvalWay: "votes to approve, and writes the line in a comment",
    comments: (key) => azureDevOpsThreads(connection, git, context, key, pace),
    publishSummary: async (render) => {
      // The agent reads the file when the job has ended.
      const folder = await mkdtemp(join(context.temporaryFolder ?? tmpdir(), "apponly-"));
      const file = join(folder, "Permission changes.md");
      await writeFile(file, render(tabLimit));
      write(loggingCommand("task.uploadsummary", {}, file));
    },
    setOutputs: (outputs) => {
      const values: Readonly<Record<string, string>> = {
        risk: outputs.risk,
        changes: String(outputs.changes),
        stacks: JSON.stringify(outputs.stacks),
        notPreviewed: JSON.stringify(outputs.notPreviewed),
        commentUrl: outputs.commentUrl,
        gate: outputs.gate,
        acceptedBy: outputs.acceptedBy,
      };
      for (const [variable, value] of Object.entries(values)) {
        write(loggingCommand("task.setvariable", { variable, isoutput: "true" }, value));
      }
      return Promise.resolve();
    },
    annotate: (level, message) => write(loggingCommand("task.logissue", { type: level }, message)),
  };
}
