/** A logging command as the agent understands it. */
export interface AgentCommand {
  readonly area: string;
  readonly event: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/**
 * Reads one line of a step's output as the agent of Azure Pipelines does: the command may begin
 * anywhere in it, ends at the first bracket, and both its properties and its data are decoded.
 *
 * @returns Undefined where the agent sees no command.
 * @see https://github.com/microsoft/azure-pipelines-agent/blob/master/src/Microsoft.VisualStudio.Services.Agent/Command.cs
 */
export function parseAgentCommand(line: string): AgentCommand | undefined {
  const begin = line.indexOf("##vso[");
  const end = line.indexOf("]", begin);
  if (begin < 0 || end < 0 || /[\r\n]/.test(line)) {
    return undefined;
  }
  const [command = "", ...rest] = line.slice(begin + 6, end).split(" ");
  const [area, event, ...more] = command.split(".").filter((part) => part !== "");
  if (area === undefined || event === undefined || more.length > 0) {
    return undefined;
  }
  const properties: Record<string, string> = {};
  for (const property of rest.join(" ").split(";")) {
    const at = property.indexOf("=");
    if (at > 0 && at < property.length - 1) {
      properties[property.slice(0, at).toLowerCase()] = decode(property.slice(at + 1));
    }
  }
  return { area, event, properties, data: decode(line.slice(end + 1)) };
}

/** The order matters: a percent sign that was written for itself must not begin anything. */
function decode(text: string): string {
  return [
    ["%3B", ";"],
    ["%0D", "\r"],
    ["%0A", "\n"],
    ["%5D", "]"],
    ["%AZP25", "%"],
  ].reduce((decoded, [from = "", to = ""]) => decoded.replaceAll(from, to), text);
}
