/** The start of a command, which may stand anywhere in a line. */
const command = /##(?=\[|vso\[)/gi;

/**
 * A logging command of Azure Pipelines. Properties and data are escaped, so that it stays one
 * command whatever they hold.
 *
 * @see https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands#formatting-commands
 */
export function loggingCommand(
  name: string,
  properties: Readonly<Record<string, string>>,
  data: string,
): string {
  const written = Object.entries(properties)
    .map(
      ([key, value]) =>
        `${key}=${escapedForCommand(value).replace(/;/g, "%3B").replace(/]/g, "%5D")}`,
    )
    .join(";");
  return `##vso[${name}${written === "" ? "" : ` ${written}`}]${escapedForCommand(data)}`;
}

function escapedForCommand(text: string): string {
  return text
    .replace(/%/g, "%AZP25")
    .replace(/\r/g, "%0D")
    .replace(/\n/g, "%0A")
    .replace(command, "# #");
}
