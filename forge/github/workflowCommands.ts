/**
 * A workflow command that marks the run, for example `::error::text`. The message is escaped, so
 * that it stays one command whatever it holds.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
 */
export function annotation(level: "error" | "warning", message: string): string {
  const escaped = message
    .replace(/%/g, "%25")
    .replace(/\r/g, "%0D")
    .replace(/\n/g, "%0A")
    // The older form of a command is found anywhere in a line.
    .replace(/##(?=\[)/g, "# #");
  return `::${level}::${escaped}`;
}
