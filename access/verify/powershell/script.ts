import type { Workload } from "../../../components/catalog";
import { connectCommand } from "../../connect/commands";
import { scriptVariables } from "../../variables";
import type { Target } from "../target";
import { probes } from "../workload";

/** How the script marks the one line that is read. */
export const outcomeMark = "apponly-outcome:";

/** The line that a script prints. */
export interface ScriptOutcome {
  readonly state: "connected" | "failed" | "no-module";
  readonly powershell?: string;
  readonly module?: string | null;
  readonly error?: string;
}

/**
 * A script that connects as the stack's recipes do, runs a read-only cmdlet and disconnects. No secret stands in it.
 *
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
export function connectScript(target: Target, workload: Workload, method: RecipeMethod): string {
  const moduleVersion = moduleVersionFor(workload, method);
  const [{ cmdlet }] = probes[workload];
  return [
    "$ErrorActionPreference = 'Stop'",
    "$ProgressPreference = 'SilentlyContinue'",
    "$WarningPreference = 'SilentlyContinue'",
    "$module = Get-Module -ListAvailable -Name ExchangeOnlineManagement |",
    "  Sort-Object -Property Version -Descending | Select-Object -First 1",
    "$outcome = @{",
    "  powershell = $PSVersionTable.PSVersion.ToString()",
    "  module = if ($module) { $module.Version.ToString() } else { $null }",
    "}",
    `if (-not $module -or $module.Version -lt [version]'${moduleVersion}') {`,
    "  $outcome.state = 'no-module'",
    "} else {",
    "  try {",
    "    Import-Module -ModuleInfo $module",
    `    ${commandFor(target, workload, method)}`,
    `    $null = ${cmdlet}`,
    "    $outcome.state = 'connected'",
    "  } catch {",
    "    $outcome.state = 'failed'",
    "    $outcome.error = $_.Exception.Message",
    "  } finally {",
    "    try { Disconnect-ExchangeOnline -Confirm:$false } catch { }",
    "  }",
    "}",
    `Write-Output ('${outcomeMark}' + (ConvertTo-Json -InputObject $outcome -Compress))`,
    "",
  ].join("\n");
}

/** The ways of handing over that need no certificate store. */
export type RecipeMethod = "pfx-file" | "access-token";

/** Oldest version of the module that can do it. */
export function moduleVersionFor(workload: Workload, method: RecipeMethod): string {
  const oldest: Record<RecipeMethod, Record<Workload, string>> = {
    "pfx-file": { exchange: "2.0.4", compliance: "3.0.0" },
    "access-token": { exchange: "3.1.0", compliance: "3.8.0" },
  };
  return oldest[method][workload];
}

function commandFor(target: Target, workload: Workload, method: RecipeMethod): string {
  const { cloud, applicationId, organization } = target;
  const { pfxPath, pfxPassword, accessToken } = scriptVariables;
  const password = `(ConvertTo-SecureString -String $env:${pfxPassword} -AsPlainText -Force)`;
  const credential =
    method === "pfx-file"
      ? [`-CertificateFilePath $env:${pfxPath}`, `-CertificatePassword ${password}`]
      : [`-AccessToken $env:${accessToken}`];
  // Connect-IPPSSession takes the application from the token.
  const named = method === "pfx-file" || workload === "exchange";
  return connectCommand({
    workload,
    cloud,
    credential,
    ...(named ? { applicationId } : {}),
    organization,
  });
}
