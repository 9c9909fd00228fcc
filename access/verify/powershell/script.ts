import type { Workload } from "../../../components/catalog/workloads";
import { type ConnectRecipe, connectRecipes } from "../../connect/recipes";
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
 * A script that connects with the command of the stack's own recipe, runs a read-only cmdlet and
 * disconnects. No secret stands in it.
 *
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
export function verificationScript(
  target: Target,
  workload: Workload,
  method: RecipeMethod,
): string {
  const { command, moduleVersion } = recipeFor(target, workload, method);
  const [{ name: cmdlet }] = probes[workload];
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
    `    ${command}`,
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

/** The recipes that leave nothing on the machine. */
export type RecipeMethod = "pfx-file" | "access-token";

/** The stack's own recipe, whose connect command and oldest module version are used. */
export function recipeFor(target: Target, workload: Workload, method: RecipeMethod): ConnectRecipe {
  const { cloud, applicationId, organization, tenantId } = target;
  const recipes = connectRecipes({
    cloud: cloud.name,
    workloads: [workload],
    applicationId,
    organization,
    tenantId,
    // Which certificate or issuer it is does not stand in these two commands.
    certificate: { thumbprint: "", generation: "" },
    federated: true,
  });
  return recipes.find((recipe) => recipe.method === method)!;
}
