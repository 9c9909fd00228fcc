import { azureCliCommand } from "../../components/catalog/azureCli";
import { clouds } from "../../components/catalog/clouds";
import { pfxFile } from "../connect/credentials";
import { scriptVariables } from "../variables";
import { importModule, installModule, jobScript, vaultScript } from "./powershell";
import { dailySchedule } from "./schedule";
import { baseName, headComment } from "./titles";
import type { PipelineFile, PipelinePlan } from "./types";

/**
 * A job of cron on Linux: a shell script that hands the key over, the PowerShell script it runs,
 * and the line of the crontab. The key stays on the machine, readable only by the job's user.
 */
export function cronJob(plan: PipelinePlan): PipelineFile[] {
  const base = baseName(plan);
  const origin = headComment(plan);
  const setup = [...installModule(plan), ...importModule(plan).slice(-1)];
  return [
    { path: `${base}.sh`, content: shellScript(plan, origin), executable: true },
    {
      path: `${base}.ps1`,
      content:
        plan.credential === "key-vault"
          ? vaultScript(plan, "azure-cli", { heading: origin, setup })
          : jobScript(plan, () => pfxFile(), { heading: origin, setup }),
      executable: false,
    },
    {
      path: `${base}.crontab`,
      content: `${[...origin, `${plan.schedule ?? dailySchedule} "$HOME/apponly/${base}.sh"`].join("\n")}\n`,
      executable: false,
    },
  ];
}

function shellScript(plan: PipelinePlan, origin: readonly string[]): string {
  const base = baseName(plan);
  if (plan.credential === "key-vault") {
    return `#!/bin/sh
${origin.join("\n")}
set -eu
# cron starts with next to no PATH.
PATH=/usr/local/bin:/usr/bin:/bin:/snap/bin:\${PATH:-}
export PATH
# The Azure CLI of this account is signed in as an identity that may sign, once: ${azureCliCommand(clouds[plan.target.cloud], "login --identity")}
exec pwsh -NoLogo -NoProfile -NonInteractive -File "$(dirname -- "$0")/${base}.ps1"
`;
  }
  return `#!/bin/sh
${origin.join("\n")}
set -eu
umask 077
# cron starts with next to no PATH.
PATH=/usr/local/bin:/usr/bin:/bin:/snap/bin:\${PATH:-}
export PATH

key_folder=\${APPONLY_KEY_FOLDER:-"$HOME/.config/apponly"}
pfx=$key_folder/${base}.pfx
password=$key_folder/${base}.password
script=$(dirname -- "$0")/${base}.ps1

for file in "$pfx" "$password"; do
    if [ ! -f "$file" ]; then
        echo "$file is not there. Write it: apponly export" >&2
        exit 1
    fi
    if [ -z "$(find "$file" -user "$(id -un)" \\( -perm 0600 -o -perm 0400 \\))" ]; then
        echo "$file must belong to $(id -un) and be readable by nobody else: chmod 600 '$file'" >&2
        exit 1
    fi
done

${scriptVariables.pfxPath}=$pfx
${scriptVariables.pfxPassword}=$(cat "$password")
export ${scriptVariables.pfxPath} ${scriptVariables.pfxPassword}
exec pwsh -NoLogo -NoProfile -NonInteractive -File "$script"
`;
}
