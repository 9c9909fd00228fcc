import { type Workload, workloadTitles } from "../../components/catalog/workloads";
import {
  type AdminApiCaller,
  type Cmdlet,
  exportedCmdlets,
  type ExportedCmdlet,
  findAdminApi,
  invokeCmdlet,
  rowsOf,
} from "../../microsoft/exchange/adminApi";
import { NoAnswer } from "../../microsoft/http";
import { diagnose } from "./diagnosis";
import type { Diagnosis } from "./documentShape";
import { diagnoseNoAnswer } from "./signIn";
import type { Target } from "./target";
import { diagnoseAnswer } from "./workloadAnswer";

/**
 * Cmdlets that read settings and next to no data. The first is one that every supported role has
 * by Microsoft's tables; the others are tried where a role turns out not to have it.
 *
 * - Exchange Online: `Get-OrganizationConfig` by View-Only Configuration, `Get-Recipient` by
 *   View-Only Recipients, which Helpdesk Administrators hold.
 * - Security & Compliance: `Get-DlpCompliancePolicy` by View-Only DLP Compliance Management, which
 *   all five roles hold; labels, for example, are not in Compliance Administrator.
 *
 * @see https://learn.microsoft.com/defender-office-365/scc-permissions
 */
export const probes: Readonly<Record<Workload, readonly [Cmdlet, ...Cmdlet[]]>> = {
  exchange: [
    { name: "Get-OrganizationConfig", parameters: {} },
    { name: "Get-Recipient", parameters: { ResultSize: "1" } },
    { name: "Get-AcceptedDomain", parameters: {} },
  ],
  compliance: [
    { name: "Get-DlpCompliancePolicy", parameters: {} },
    { name: "Get-Label", parameters: {} },
    { name: "Get-ProtectionAlert", parameters: {} },
  ],
};

/**
 * Runs a read-only cmdlet in a workload as the PowerShell module does, over its REST API.
 *
 * @returns The cmdlet that was answered, or what is wrong.
 */
export async function probeWorkload(
  target: Target,
  workload: Workload,
  token: string,
  ownCmdlets?: readonly ExportedCmdlet[],
): Promise<string | Diagnosis> {
  const caller = { ...target, workload, token };
  try {
    const base = await findAdminApi(caller);
    if (typeof base !== "string") {
      const asked = target.endpoints.workloads[workload];
      return diagnoseAnswer(base, target, workload, asked, "EXOModuleFile");
    }
    if (ownCmdlets !== undefined) {
      return await lookForCmdlets(target, caller, base, ownCmdlets);
    }
    let refusal: Diagnosis | undefined;
    for (const probe of probes[workload]) {
      const answer = await invokeCmdlet(caller, base, probe);
      if (rowsOf(answer) !== undefined) {
        return probe.name;
      }
      refusal = diagnoseAnswer(answer, target, workload, base, probe.name);
      if (refusal.code !== "cmdlet-not-allowed") {
        return refusal;
      }
    }
    return refusal!;
  } catch (error) {
    if (error instanceof NoAnswer) {
      return diagnoseNoAnswer(error);
    }
    throw error;
  }
}

/**
 * Whether the token may run what roles of the workload's own have to give. A probe would not do: a
 * narrowed role may hold none of them.
 */
async function lookForCmdlets(
  target: Target,
  caller: AdminApiCaller,
  base: string,
  wanted: readonly ExportedCmdlet[],
): Promise<string | Diagnosis> {
  const exported = await exportedCmdlets(caller, base);
  if ("status" in exported) {
    return diagnoseAnswer(exported, target, caller.workload, base, "EXOModuleFile");
  }
  const missing = wanted.filter(({ name, parameters = [] }) => {
    const found = exported.find((one) => one.name.toLowerCase() === name.toLowerCase());
    const held = found?.parameters?.map((one) => one.toLowerCase());
    return (
      found === undefined ||
      (held !== undefined && parameters.some((one) => !held.includes(one.toLowerCase())))
    );
  });
  return missing.length === 0 && exported.length > 0
    ? `with ${exported.length} cmdlets that may be run${wanted.length === 0 ? "" : `, among them ${wanted.map(({ name }) => name).join(", ")}`}`
    : diagnose("workload-late", {
        workload: workloadTitles[caller.workload],
        error: `${missing.map(({ name }) => name).join(", ") || "no cmdlet"} may not be run`,
      });
}
