import type { Cloud } from "./clouds";

/**
 * A command of the Azure CLI as it is typed for a tenant. Outside the global cloud the CLI is told first
 * which one is meant; it knows one cloud for the US government, whose Graph is not that of DoD. The
 * semicolon is understood by every shell that people have, Windows PowerShell included.
 *
 * @param cloud The tenant's; none for one of a test, for which the CLI stays as it is.
 * @example azureCliCommand(clouds.china, "ad app list")
 * // "az cloud set --name AzureChinaCloud; az ad app list"
 * @see https://learn.microsoft.com/cli/azure/manage-clouds-azure-cli
 * @see https://learn.microsoft.com/graph/deployments
 */
export function azureCliCommand(cloud: Cloud | undefined, command: string): string {
  return [...azureCliCloud(cloud), `az ${command}`].join("; ");
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
