import { automationCertificate, managedIdentity } from "../connect/credentials";
import { moduleName } from "../connect/requirements";
import { jobScript } from "./powershell";
import { baseName, originOf } from "./titles";
import type { PipelineFile, PipelinePlan } from "./types";

/**
 * A PowerShell runbook of Azure Automation. The module is one of its runtime environment.
 *
 * @see https://learn.microsoft.com/azure/automation/runtime-environment-overview
 */
export function automationRunbook(plan: PipelinePlan): PipelineFile {
  const credential = () =>
    plan.credential === "certificate" ? automationCertificate() : managedIdentity(plan.identity);
  const heading = originOf(plan);
  const setup = [`Import-Module -Name ${moduleName}`];
  return {
    path: `${baseName(plan)}.ps1`,
    content: jobScript(plan, credential, { heading, setup }),
    executable: false,
  };
}
