import { clouds } from "../../components/catalog/clouds";
import { githubToken } from "../connect/accessTokens";
import { azureIdentityVariables, pipelineSecrets } from "../variables";
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
 * A GitHub Actions workflow. It uses no actions of others: the identity token is exchanged by the
 * script itself, so that nobody else's code sees a credential.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
 */
export function githubWorkflow(plan: PipelinePlan): PipelineFile {
  const { on, condition, environment } = triggerOf(plan);
  const workflow = {
    name: pipelineTitle(plan),
    on,
    permissions: {},
    concurrency: { group: baseName(plan) },
    jobs: {
      connect: {
        ...(condition === undefined ? {} : { if: condition }),
        "runs-on": machineImages[plan.platform],
        ...(environment === undefined ? {} : { environment }),
        ...(plan.credential === "certificate" ? {} : { permissions: { "id-token": "write" } }),
        "timeout-minutes": 15,
        steps: [
          { name: "Install the PowerShell module", shell: "pwsh", run: installScript(plan) },
          {
            name: "Connect and run",
            shell: "pwsh",
            ...jobEnvironment(plan),
            run: scriptOf(plan),
          },
        ],
      },
    },
  };
  return yamlFile(plan, `.github/workflows/${baseName(plan)}.yml`, workflow);
}

/** What the script is handed in its environment: secrets only where the job is given the key. */
function jobEnvironment({ credential }: PipelinePlan): { env?: Record<string, string> } {
  switch (credential) {
    case "certificate":
      return { env: secretEnvironment };
    case "key-vault":
      return { env: vaultEnvironment };
    default:
      return {};
  }
}

function scriptOf(plan: PipelinePlan): string {
  if (plan.credential === "key-vault") {
    return vaultScript(plan, "github");
  }
  if (plan.credential === "federated") {
    const audience = plan.federation?.audience ?? clouds[plan.target.cloud].exchangeAudience;
    return jobScript(plan, (request) => githubToken(request, audience), {
      setup: importModule(plan),
    });
  }
  return certificateScript(plan, "$env:RUNNER_TEMP");
}

const secretEnvironment = Object.fromEntries(
  Object.values(pipelineSecrets).map((name) => [name, `\${{ secrets.${name} }}`]),
);

/** The identity in Azure that may sign, as azure/login has it; none of it is a key. */
const vaultEnvironment = Object.fromEntries(
  [azureIdentityVariables.clientId, azureIdentityVariables.tenantId].map((name) => [
    name,
    `\${{ secrets.${name} }}`,
  ]),
);

interface Trigger {
  readonly on: Record<string, unknown>;
  readonly condition?: string;
  readonly environment?: string;
}

/**
 * When the workflow runs. The subject of a job's token follows from its trigger, ref and
 * environment, so they have to be those of the federated credential.
 *
 * @see https://docs.github.com/actions/reference/security/oidc
 */
function triggerOf({ federation, environment, schedule }: PipelinePlan): Trigger {
  const manualAndDaily = {
    workflow_dispatch: null,
    schedule: [{ cron: schedule ?? dailySchedule }],
  };
  if (federation === undefined) {
    return { on: manualAndDaily, environment };
  }
  const [, kind, value = ""] =
    /^repo:[^:]+:(environment|ref:refs\/heads|ref:refs\/tags|pull_request)[:/]?(.*)$/.exec(
      federation.subject,
    ) ?? [];
  switch (kind) {
    case "environment":
      return { on: manualAndDaily, environment: value };
    case "ref:refs/heads":
      return { on: manualAndDaily, condition: `github.ref == ${expressionText("heads", value)}` };
    case "ref:refs/tags":
      return { on: unscheduled(schedule, "a pushed tag", { push: { tags: [value] } }) };
    case "pull_request":
      return { on: unscheduled(schedule, "a pull request", { pull_request: null }) };
    default:
      return { on: manualAndDaily };
  }
}

function unscheduled(
  schedule: string | undefined,
  trigger: string,
  on: Record<string, unknown>,
): Record<string, unknown> {
  if (schedule !== undefined) {
    throw new PipelineError(
      `--schedule: the federated credential is for ${trigger}, which starts the workflow. Leave it out, or name another with --federation.`,
    );
  }
  return on;
}

/** A ref as text of GitHub's expressions, which double their quotes. */
function expressionText(folder: string, name: string): string {
  return `'refs/${folder}/${name.replaceAll("'", "''")}'`;
}
