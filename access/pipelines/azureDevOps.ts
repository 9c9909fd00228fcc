import { azureCliTokenScript } from "../connect/accessTokens";
import { pipelineSecrets, storedNames } from "../variables";
import {
  certificateScript,
  importModule,
  installScript,
  jobScript,
  vaultScript,
} from "./powershell";
import { dailySchedule } from "./schedule";
import { baseName, machineImages, pipelineTitle, yamlFile } from "./titles";
import { PipelineError, type PipelineFile, type PipelinePlan } from "./types";

/**
 * An Azure DevOps pipeline.
 *
 * @see https://learn.microsoft.com/azure/devops/pipelines/yaml-schema
 * @see https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/azure-cli-v2
 */
export function azureDevOpsPipeline(plan: PipelinePlan): PipelineFile {
  const certificate = plan.credential === "certificate";
  const pipeline = {
    trigger: "none",
    pr: "none",
    schedules: [
      {
        cron: plan.schedule ?? dailySchedule,
        displayName: plan.schedule === undefined ? "Daily" : "Scheduled",
        branches: { include: ["main"] },
        always: true,
      },
    ],
    jobs: [
      {
        job: "connect",
        displayName: pipelineTitle(plan),
        pool: { vmImage: machineImages[plan.platform] },
        timeoutInMinutes: 15,
        ...(!certificate ? {} : { variables: [{ group: storedNames.variableGroup }] }),
        steps: [
          { checkout: "none" },
          { pwsh: installScript(plan), displayName: "Install the PowerShell module" },
          certificate ? certificateStep(plan) : azureStep(plan),
        ],
      },
    ],
  };
  return yamlFile(plan, `azure-pipelines/${baseName(plan)}.yml`, pipeline);
}

function certificateStep(plan: PipelinePlan) {
  return {
    pwsh: certificateScript(plan, "$env:AGENT_TEMPDIRECTORY"),
    displayName: "Connect and run",
    // Secret variables reach a script only where it names them.
    env: Object.fromEntries(
      Object.values(pipelineSecrets).map((name) => [name, `$(${name})`] as const),
    ),
  };
}

/** Signed in to Azure as the application, or as an identity that may sign in the vault. */
function azureStep(plan: PipelinePlan) {
  const inVault = plan.credential === "key-vault";
  return {
    task: "AzureCLI@2",
    displayName: "Connect and run",
    inputs: {
      azureSubscription: inVault
        ? storedNames.serviceConnection
        : serviceConnectionIn(plan.federation?.subject ?? ""),
      scriptType: "pscore",
      scriptLocation: "inlineScript",
      inlineScript: inlineOf(
        inVault
          ? vaultScript(plan, "azure-cli")
          : jobScript(plan, azureCliTokenScript, { setup: importModule(plan) }),
      ),
      // The application has no rights in any subscription, and needs none.
      allowNoSubscriptions: true,
      visibleAzLogin: false,
    },
  };
}

/** What the task takes inline, at most. */
const mostInline = 5000;

function inlineOf(script: string): string {
  if (script.length > mostInline) {
    throw new PipelineError(
      `--script is ${script.length - mostInline} characters too long for the task AzureCLI@2, which takes ${mostInline} with what connects. Put what it does into a module, and have it call that.`,
    );
  }
  return script;
}

/**
 * The service connection that a subject is of: its name in `sc://organization/project/NAME`, its id
 * in `/eid1/c/pub/t/…/a/…/sc/organization/ID`, which Azure DevOps takes as well.
 *
 * @see https://learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity
 */
export function serviceConnectionIn(subject: string): string | undefined {
  return /^(?:sc:\/\/[^/]+\/[^/]+|\/eid1\/.+\/sc\/[^/]+)\/(.+)$/.exec(subject)?.[1];
}
