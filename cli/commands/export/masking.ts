import { azureDevOpsMask } from "../../../access/export/azureDevOps";
import { type ExportSurroundings, isAzurePipelines, isGitHubActions } from "./exportPlan";

/**
 * Lines that make the runner of a pipeline hide secrets in everything it logs from then on; none
 * outside a pipeline. The runner takes the lines themselves out of the log.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log
 */
export function maskingCommands(
  secrets: readonly string[],
  environment: ExportSurroundings["environment"],
): string {
  const lines = secrets.flatMap((secret) => [
    ...(isGitHubActions(environment) ? [`::add-mask::${escapeData(secret)}\n`] : []),
    ...(isAzurePipelines(environment) ? [azureDevOpsMask(secret)] : []),
  ]);
  return lines.join("");
}

/** The value of a workflow command, as the runner reads it back. */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
