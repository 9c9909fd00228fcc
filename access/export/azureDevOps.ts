import { type PipelineValue, secretsOf, variablesOf } from "./pipelineValues";
import type { StackAccess } from "./stackAccess";

/**
 * Logging commands that set the variables of an Azure Pipelines job. Secrets come first, so that
 * the agent masks them in everything that follows.
 *
 * @param asOutputs Whether they are output variables, for jobs that depend on this one.
 * @throws {ExportError} If the certificate was supplied.
 * @see https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands#setvariable-initialize-or-modify-the-value-of-a-variable
 */
export function azureDevOpsCommands(access: StackAccess, asOutputs: boolean): string {
  const line = ({ name, value }: PipelineValue, secret: boolean) => {
    const properties = [
      `variable=${escapeCommand(name)}`,
      ...(secret ? ["issecret=true"] : []),
      ...(asOutputs ? ["isoutput=true"] : []),
    ];
    return `##vso[task.setvariable ${properties.join(";")}]${escapeCommand(value)}\n`;
  };
  return [
    ...secretsOf(access).map((one) => line(one, true)),
    ...variablesOf(access).map((one) => line(one, false)),
  ].join("");
}

/** A logging command that only registers a secret for masking. */
export function azureDevOpsMask(value: string): string {
  return `##vso[task.setsecret]${escapeCommand(value)}\n`;
}

/**
 * Text as the agent reads it back, in a property or in the value: it decodes both alike.
 *
 * @see https://github.com/microsoft/azure-pipelines-agent/blob/master/docs/design/percentEncoding.md
 */
export function escapeCommand(text: string): string {
  return text
    .replaceAll("%", "%AZP25")
    .replaceAll("\r", "%0D")
    .replaceAll("\n", "%0A")
    .replaceAll(";", "%3B")
    .replaceAll("]", "%5D");
}
