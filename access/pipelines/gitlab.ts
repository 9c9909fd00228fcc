import { clouds } from "../../components/catalog/clouds";
import { fileToken } from "../connect/accessTokens";
import { certificateObject } from "../connect/credentials";
import { scriptVariables } from "../variables";
import { checkSecrets, importModule, installModule, jobScript, vaultScript } from "./powershell";
import { baseName, headComment, yamlFile } from "./titles";
import type { PipelineFile, PipelinePlan } from "./types";

/** The variable in which GitLab hands the job its identity token. */
const idToken = "APPONLY_ID_TOKEN";

/**
 * A job of GitLab CI in PowerShell's image, and the script that it runs. GitLab keeps schedules beside its
 * files.
 *
 * @see https://docs.gitlab.com/ci/secrets/id_token_authentication/
 */
export function gitlabJob(plan: PipelinePlan): PipelineFile[] {
  const base = baseName(plan);
  const heading = headComment(plan);
  const setup = [...installModule(plan), ...importModule(plan).slice(-1)];
  const script = `.gitlab/${base}.ps1`;
  const run = `pwsh -NoLogo -NoProfile -NonInteractive -File ${script}`;
  const identity = {
    id_tokens: {
      [idToken]: {
        aud: plan.federation?.audience ?? clouds[plan.target.cloud].exchangeAudience,
      },
    },
    variables: { [scriptVariables.oidcTokenFile]: "/tmp/apponly-id-token" },
    script: ["umask 077", `printf '%s' "$${idToken}" > "$${scriptVariables.oidcTokenFile}"`, run],
  };
  const job = {
    // With PowerShell; its own images are no longer published, and the newest of any is not a version.
    // https://learn.microsoft.com/powershell/scripting/install/powershell-in-docker
    image: "mcr.microsoft.com/dotnet/sdk:10.0",
    rules: [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }],
    interruptible: false,
    resource_group: base,
    timeout: "15 minutes",
    ...(plan.credential === "certificate" ? { script: [run] } : identity),
  };
  return [
    yamlFile(plan, `.gitlab/${base}.yml`, { [base]: job }),
    { path: script, content: gitlabScript(plan, { heading, setup }), executable: false },
  ];
}

function gitlabScript(
  plan: PipelinePlan,
  parts: { readonly heading: readonly string[]; readonly setup: readonly string[] },
): string {
  switch (plan.credential) {
    case "key-vault":
      return vaultScript(plan, "file", parts);
    case "certificate":
      return jobScript(plan, () => certificateObject(), {
        ...parts,
        setup: [...parts.setup, ...checkSecrets],
      });
    default:
      return jobScript(plan, fileToken, parts);
  }
}
