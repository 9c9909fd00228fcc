import type { Workload } from "../../components/catalog/workloads";
import type { CmdletUse } from "../scripts/readScript";

/** A cmdlet that must be allowed, with every parameter that it is called with anywhere. */
export interface CmdletNeed {
  readonly cmdlet: string;
  readonly workload: Workload;
  readonly parameters: readonly string[];
  readonly uses: readonly CmdletUse[];
}

/**
 * Cmdlets that app-only access cannot run, or whose job another interface does, by name.
 *
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
const broken: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      "New-UnifiedGroup",
      "Remove-UnifiedGroup",
      "Add-UnifiedGroupLinks",
      "Remove-UnifiedGroupLinks",
    ].map((name) => [
      name,
      "is not supported app-only: use Microsoft Graph for Microsoft 365 groups",
    ]),
  ),
  ...Object.fromEntries(
    [
      "Get-ComplianceSearch",
      "New-ComplianceSearch",
      "Start-ComplianceSearch",
      "Get-ComplianceSearchAction",
      "New-ComplianceSearchAction",
      "Get-ComplianceCase",
      "Get-CaseHoldPolicy",
      "New-CaseHoldPolicy",
      "Set-CaseHoldPolicy",
      "Invoke-HoldRemovalAction",
      "Invoke-ComplianceSecurityFilterAction",
      "Invoke-ComplianceSearchActionStep",
    ].map((name) => [name, "is not supported app-only: use Microsoft Graph for eDiscovery"]),
  ),
};

/** Why a cmdlet fails app-only whatever the roles are. */
export function brokenAppOnly(cmdlet: string): string | undefined {
  return broken[cmdlet];
}

/**
 * What uses come to: one need for each cmdlet in each workload that has it. A cmdlet that both have is
 * one of Exchange Online.
 */
export function needsOfUses(uses: readonly CmdletUse[]): CmdletNeed[] {
  const names = [...new Set(uses.map(({ cmdlet }) => cmdlet))].sort();
  return names.map((cmdlet) => {
    const of = uses.filter((use) => use.cmdlet === cmdlet);
    return {
      cmdlet,
      workload: of[0]?.workloads[0] ?? "exchange",
      parameters: [...new Set(of.flatMap(({ parameters }) => parameters))].sort(),
      uses: of,
    };
  });
}

/**
 * The cmdlet in whose role entry another one's right lies: the module's own `Get-EXOMailbox` asks as
 * `Get-Mailbox`. No page says so.
 */
export function entryOf(cmdlet: string): string {
  return cmdlet.replace(/-EXO(?=[A-Z])/, "-");
}
