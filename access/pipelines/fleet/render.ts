import type { PipelineFile } from "../types";
import { azureFleet } from "./azureDevOps";
import { githubFleet } from "./githubActions";
import { gitlabFleet } from "./gitlab";
import type { FleetPlan } from "./plan";

/**
 * The pipelines that roll out to all tenants of a project, and read them. No secret stands in them.
 *
 * @throws {PipelineError} If the engine cannot run so many jobs.
 */
export function renderFleet(plan: FleetPlan): PipelineFile[] {
  switch (plan.kind) {
    case "fleet-github-actions":
      return githubFleet(plan);
    case "fleet-azure-devops":
      return azureFleet(plan);
    case "fleet-gitlab":
      return gitlabFleet(plan);
  }
}
