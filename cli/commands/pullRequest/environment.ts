import { closeSync, readFileSync } from "node:fs";
import { UsageFailure } from "../../../system/failure";
import { namesCredential } from "../../../system/process";

/** Names the open file from which the forge's token is read, so that it is in no process's environment. */
const tokenFile = "APPONLY_FORGE_TOKEN_FD";

/**
 * Puts the forge's token that is handed over by a pipe where one in the environment would be. What a
 * process has set itself is not in the environment that other processes can read of it.
 *
 * @throws {UsageFailure} If there is no such pipe.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_environ.5.html
 */
export function takeHandedOverToken(environment: NodeJS.ProcessEnv): void {
  const number = environment[tokenFile];
  if (number === undefined) {
    return;
  }
  delete environment[tokenFile];
  try {
    const token = readFileSync(Number(number), "utf8");
    closeSync(Number(number));
    environment[environment.TF_BUILD ? "SYSTEM_ACCESSTOKEN" : "GITHUB_TOKEN"] = token;
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new UsageFailure(
      `${tokenFile} "${number}" is not an open file (${code}). Hand the token over as the action does, or set GITHUB_TOKEN or SYSTEM_ACCESSTOKEN.`,
    );
  }
}

/** Tokens that write, and files by which a step talks to the runner: only this program uses them. */
const ofTheForge =
  /^(GITHUB_TOKEN|GH_TOKEN|GH_ENTERPRISE_TOKEN|GITHUB_(ENV|PATH|STATE|OUTPUT|STEP_SUMMARY)|ACTIONS_(RUNTIME|RESULTS|CACHE)_.*|SYSTEM_ACCESSTOKEN|AZURE_DEVOPS_EXT_PAT|NODE_AUTH_TOKEN|NPM_TOKEN)$/;

/** With these a job asks for its identity token. */
const ofTheJob = /^ACTIONS_ID_TOKEN_REQUEST_/;

/** Of the SDKs with which Pulumi's CLI reaches a state, or a key, that is kept by somebody else. */
const keepers = [
  { variables: /^AZURE_/, addresses: /azurekeyvault:|azblob:/ },
  { variables: /^AWS_/, addresses: /awskms:|s3:/ },
  { variables: /^(GOOGLE_|CLOUDSDK_|GCLOUD_)/, addresses: /gcpkms:|gs:/ },
  { variables: /^VAULT_/, addresses: /hashivault:/ },
];

/** With these the engine reads its state, and the azuread provider signs in. */
const ofTheEngine = /^(PULUMI_|ARM_)/;

/**
 * Takes out of the process's environment, before anything of the checkout is read, what a preview has
 * no business with: tokens that write, the files of the step, and credentials, of whatever name, that
 * neither the engine nor the azuread provider would use as they are set up. Both inherit what is left.
 *
 * @param settings Text of the files that say how the deployer signs in and where keys are, and where
 *   the state is.
 * @returns The environment as it was.
 */
export function takeForgeAccess(
  environment: NodeJS.ProcessEnv,
  settings = "",
): Readonly<Record<string, string | undefined>> {
  const whole = { ...environment };
  const { ARM_USE_OIDC, ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID: connection } = environment;
  const signsInByJob = isTrue(ARM_USE_OIDC) || /azuread:useOidc/.test(settings);
  const places = `${environment.PULUMI_BACKEND_URL ?? ""}\n${settings}`;
  for (const name of Object.keys(environment)) {
    const keeper = keepers.find(({ variables }) => variables.test(name));
    const isNeeded =
      (name === "SYSTEM_ACCESSTOKEN" && Boolean(connection)) ||
      (ofTheJob.test(name) && signsInByJob) ||
      (ofTheEngine.test(name) && !ofTheForge.test(name)) ||
      keeper?.addresses.test(places) === true;
    const isTaken =
      ofTheForge.test(name) || ofTheJob.test(name) || keeper !== undefined || namesCredential(name);
    if (isTaken && !isNeeded) {
      delete environment[name];
    }
  }
  return whole;
}

function isTrue(text: string | undefined): boolean {
  return text === "1" || text?.toLowerCase() === "true";
}
