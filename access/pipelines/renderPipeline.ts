import { automationRunbook } from "./azureAutomation";
import { azureDevOpsPipeline } from "./azureDevOps";
import { cronJob } from "./cron";
import { githubWorkflow } from "./githubActions";
import { jenkinsfile } from "./jenkins";
import type { PipelineFile, PipelineKind, PipelinePlan } from "./types";

const renderers: Readonly<Record<PipelineKind, (plan: PipelinePlan) => PipelineFile[]>> = {
  "github-actions": (plan) => [githubWorkflow(plan)],
  "azure-devops": (plan) => [azureDevOpsPipeline(plan)],
  "azure-automation": (plan) => [automationRunbook(plan)],
  jenkins: (plan) => [jenkinsfile(plan)],
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
