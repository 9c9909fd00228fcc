import { clouds } from "../../components/catalog/clouds";
import {
  certificateObject,
  type CredentialScript,
  importedCertificate,
} from "../connect/credentials";
import { moduleName, moduleVersions } from "../connect/requirements";
import { connectScript } from "../connect/script";
import type { TokenRequest } from "../connect/accessTokens";
import { pipelineSecrets } from "../variables";
import { vaultToken, type VaultSignIn } from "../connect/vaultTokens";
import { PipelineError, type PipelinePlan } from "./types";

/** The version of the module that is asked for, or the pinned one that fits the machine's PowerShell. */
const chooseVersion = ({ moduleVersion }: PipelinePlan) =>
  moduleVersion !== undefined
    ? [`$version = "${moduleVersion}"`]
    : [
        `$version = "${moduleVersions.current}"`,
        "if ($PSVersionTable.PSVersion.Major -eq 7 -and $PSVersionTable.PSVersion.Minor -lt 6) {",
        "    # Newer ones need PowerShell 7.6.",
        `    $version = "${moduleVersions.beforePowerShell76}"`,
        "}",
      ];

/** Installs the module, pinned, where the machine does not have it yet. */
export const installModule = (plan: PipelinePlan) => [
  ...chooseVersion(plan),
  `$wanted = @{ ModuleName = "${moduleName}"; RequiredVersion = $version }`,
  "if (-not (Get-Module -ListAvailable -FullyQualifiedName $wanted)) {",
  `    Install-Module -Name ${moduleName} -RequiredVersion $version -Scope CurrentUser -Force`,
  "}",
];

/** {@link installModule} as a step of its own, which sees no secret. */
export const installScript = (plan: PipelinePlan) =>
  `${['$ErrorActionPreference = "Stop"', ...installModule(plan)].join("\n")}\n`;

/** Loads what {@link installScript} has installed. */
export const importModule = (plan: PipelinePlan) => [
  ...chooseVersion(plan),
  `Import-Module -Name ${moduleName} -RequiredVersion $version`,
];

/** Says in one line which secret the platform has not handed over, instead of failing later. */
export const checkSecrets = [
  `if (-not $env:${pipelineSecrets.pfx} -or -not $env:${pipelineSecrets.pfxPassword}) {`,
  `    throw "The secrets ${pipelineSecrets.pfx} and ${pipelineSecrets.pfxPassword} are not there."`,
  "}",
];

/**
 * The script that connects to every workload of the plan, runs a read-only cmdlet in each,
 * disconnects and tidies up.
 *
 * @param heading Comments before everything else.
 * @param setup What is run first.
 */
export function jobScript(
  plan: PipelinePlan,
  credential: (request: TokenRequest) => CredentialScript,
  { heading = [], setup }: { heading?: readonly string[]; setup: readonly string[] },
): string {
  const { target, workloads } = plan;
  const request = { ...target, cloud: clouds[target.cloud] };
  return connectScript(
    request,
    workloads.map((workload) => ({ workload, credential: credential({ ...request, workload }) })),
    heading,
    setup,
    plan.script,
  );
}

/** The script of a job whose key is in a vault, which signs for it. */
export function vaultScript(
  plan: PipelinePlan,
  signIn: VaultSignIn,
  {
    heading = [],
    setup = importModule(plan),
  }: { heading?: readonly string[]; setup?: readonly string[] } = {},
): string {
  const { vault } = plan.target;
  if (vault === undefined) {
    throw new PipelineError(`The stack "${plan.target.stack}" has no key in a vault.`);
  }
  return jobScript(plan, (request) => vaultToken(request, vault, signIn), { heading, setup });
}

/**
 * The script of a job that gets the certificate in secrets of its platform.
 *
 * @param temporaryFolder Folder of the job, in PowerShell.
 */
export function certificateScript(plan: PipelinePlan, temporaryFolder: string): string {
  const credential =
    plan.platform === "windows" ? importedCertificate(temporaryFolder) : certificateObject();
  return jobScript(plan, () => credential, { setup: [...importModule(plan), ...checkSecrets] });
}
