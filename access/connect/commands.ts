import type { Cloud } from "../../components/catalog/clouds";
import type { Workload } from "../../components/catalog/workloads";
import { literal } from "./literal";

/** The cmdlet that connects to a workload. */
export const connectCmdlets: Readonly<Record<Workload, string>> = {
  exchange: "Connect-ExchangeOnline",
  compliance: "Connect-IPPSSession",
};

/** Parameters of a connect command in the order in which Microsoft's article writes them. */
export interface CommandParts {
  readonly workload: Workload;
  readonly cloud: Cloud;
  /** The credential, already in PowerShell. */
  readonly credential: readonly string[];
  readonly applicationId: string | undefined;
  readonly organization: string;
}

/**
 * One connect command, with the switches of its cloud.
 *
 * @see https://learn.microsoft.com/powershell/module/exchangepowershell/connect-exchangeonline
 * @see https://learn.microsoft.com/powershell/module/exchangepowershell/connect-ippssession
 */
export function connectCommand(parts: CommandParts): string {
  const { workload, cloud, credential, applicationId, organization } = parts;
  return [
    connectCmdlets[workload],
    ...credential,
    ...(applicationId === undefined ? [] : [`-AppID ${literal(applicationId)}`]),
    `-Organization ${literal(organization)}`,
    ...cloudSwitches(workload, cloud),
    // Dozens of lines in the log of a job that say nothing of it.
    "-ShowBanner:$false",
  ].join(" ");
}

function cloudSwitches(workload: Workload, cloud: Cloud): string[] {
  if (workload === "exchange") {
    return cloud.name === "global"
      ? []
      : [`-ExchangeEnvironmentName ${cloud.exchange.environmentName}`];
  }
  const { connectionUri, authorizationEndpointUri } = cloud.compliance;
  return [
    ...(connectionUri === undefined ? [] : [`-ConnectionUri ${literal(connectionUri)}`]),
    ...(authorizationEndpointUri === undefined
      ? []
      : [`-AzureADAuthorizationEndpointUri ${literal(authorizationEndpointUri)}`]),
  ];
}
