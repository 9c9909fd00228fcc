import { azureDevOpsPipeline } from "./azureDevOps";
import { cronJob } from "./cron";
import { githubWorkflow } from "./githubActions";
import { gitlabJob } from "./gitlab";
import { jenkinsfile } from "./jenkins";
import type { PipelineFile, PipelineKind, PipelinePlan } from "./types";
import { automationCertificate, managedIdentity } from "../connect/credentials";
import { moduleName } from "../connect/requirements";
import { jobScript, vaultScript } from "./powershell";
import { baseName, headComment } from "./titles";

const renderers: Readonly<Record<PipelineKind, (plan: PipelinePlan) => PipelineFile[]>> = {
  "github-actions": (plan) => [githubWorkflow(plan)],
  "azure-devops": (plan) => [azureDevOpsPipeline(plan)],
  "azure-automation": (plan) => [automationRunbook(plan)],
  jenkins: (plan) => [jenkinsfile(plan)],
  gitlab: gitlabJob,
  cron: cronJob,
};

/**
 * The files of a ready pipeline. No secret stands in them.
 *
 * @example renderPipeline(planPipeline(stack, { kind: "github-actions" }))[0]?.content
 */
export function renderPipeline(plan: PipelinePlan): PipelineFile[] {
  return renderers[plan.kind](plan);
}

/**
 * A PowerShell runbook of Azure Automation. The module is one of its runtime environment.
 *
 * @see https://learn.microsoft.com/azure/automation/runtime-environment-overview
 */
function automationRunbook(plan: PipelinePlan): PipelineFile {
  const credential = () =>
    plan.credential === "certificate" ? automationCertificate() : managedIdentity(plan.identity);
  const heading = headComment(plan);
  const version = plan.moduleVersion === undefined ? "" : ` -RequiredVersion ${plan.moduleVersion}`;
  const setup = [`Import-Module -Name ${moduleName}${version}`];
  return {
    path: `${baseName(plan)}.ps1`,
    content:
      plan.credential === "key-vault"
        ? vaultScript(plan, "automation", { heading, setup })
        : jobScript(plan, credential, { heading, setup }),
    executable: false,
  };
}
