import type { Cloud } from "./clouds";

/**
 * A command of the Azure CLI as it is typed for a tenant, at the end of a line. Outside the global cloud
 * the CLI is told first which one is meant; it knows one cloud for the US government, whose Graph is not
 * that of DoD. Each command stands by itself: a semicolon ends none in cmd.exe, `&&` none in
 * Windows PowerShell, and texts of a tenant are one line.
 *
 * @param cloud The tenant's; none for one of a test, for which the CLI stays as it is.
 * @example azureCliCommand(clouds.china, "ad app list")
 * // "`az cloud set --name AzureChinaCloud`, then: az ad app list"
 * @see https://learn.microsoft.com/cli/azure/manage-clouds-azure-cli
 * @see https://learn.microsoft.com/graph/deployments
 */
export function azureCliCommand(cloud: Cloud | undefined, command: string): string {
  const first = azureCliCloud(cloud).map((one) => `\`${one}\`, then`);
  return `${first.join(" ")}${first.length === 0 ? "" : ": "}az ${command}`;
}

/** What has the Azure CLI work in a cloud; nothing for the global one, in which it begins. */
export function azureCliCloud(cloud: Cloud | undefined): string[] {
  if (cloud === undefined || cloud.name === "global") {
    return [];
  }
  const name = `--name ${cloud.azureCli}`;
  const graph = `--endpoint-microsoft-graph-resource-id ${cloud.graph}`;
  return [
    `az cloud set ${name}`,
    ...(cloud.name === "dod" ? [`az cloud update ${name} ${graph}`] : []),
  ];
}
