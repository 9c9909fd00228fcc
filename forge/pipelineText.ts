/**
 * Makes text harmless in the log of a pipeline, where a line may be a command: `::name::` of GitHub
 * Actions, and `##[name]` and `##vso[name]` of both GitHub Actions and Azure Pipelines.
 *
 * The text stays readable: what would begin a command is parted by a space.
 *
 * @example withoutCommands("::error::x") // ": :error::x"
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 * @see https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */
export function withoutCommands(text: string): string {
  return text
    .replace(/##(?=\[|vso\[)/gi, "# #")
    .replace(/(^|[\r\n\u0085\u2028\u2029])(\s*):(?=:)/g, "$1$2: ");
}
