import { azureCliCloud } from "../../components/catalog/azureCli";
import { cloudOfGraph } from "../../components/catalog/clouds";
import { runProgram } from "../../system/process";
import type { Authority } from "./authority";
import { DeployerSettingsError } from "./settingsError";
import type { Environment } from "../../system/environment";

/** Runs a command and answers what it prints. @throws {Error} If it fails. */
export type RunCommand = (command: string, args: readonly string[]) => Promise<string>;

/**
 * A token of whoever is signed in to the Azure CLI, asked for as the azuread provider does.
 *
 * @param scope For example `https://graph.microsoft.com/.default`.
 * @throws {DeployerSettingsError} If the Azure CLI is missing, too old, or nobody is signed in.
 * @see https://github.com/hashicorp/go-azure-sdk/blob/main/sdk/auth/azure_cli_authorizer.go
 */
export async function azureCliToken(
  tenantId: string,
  scope: string,
  environment: Environment,
  { graph }: Pick<Authority, "graph">,
  run: RunCommand = azureCliRunner(environment),
): Promise<string> {
  if (!/^[a-zA-Z0-9._-]*$/.test(tenantId)) {
    throw new DeployerSettingsError(
      `azuread:tenantId (or ARM_TENANT_ID) ${JSON.stringify(tenantId)} is neither a tenant id nor a domain.`,
    );
  }
  const login = [
    ...azureCliCloud(cloudOfGraph(graph)),
    `az login --allow-no-subscriptions${tenantId === "" ? "" : ` --tenant ${tenantId}`}`,
  ]
    .map((command) => `\`${command}\``)
    .join(", then ");
  const ask = async (args: readonly string[]) => {
    try {
      return JSON.parse(await run("az", [...args, "-o=json"])) as Record<string, unknown>;
    } catch {
      throw new DeployerSettingsError(
        `The deployer signs in with the Azure CLI, but \`az ${args.slice(0, 2).join(" ")}\` does not work. Install it and run ${login}, or set another way to sign in.`,
      );
    }
  };
  const account = (await ask(["account", "show"])) as {
    tenantId?: string;
    user?: { type?: string; name?: string };
  };
  const managed =
    account.user?.type === "servicePrincipal" &&
    ["systemAssignedIdentity", "userAssignedIdentity"].includes(account.user.name ?? "");
  const cloudShell = environment.AZUREPS_HOST_ENVIRONMENT?.startsWith("cloud-shell/") === true;
  const tenant = tenantId || account.tenantId || "";
  const { accessToken } = await ask([
    "account",
    "get-access-token",
    "--scope",
    scope,
    ...(managed || cloudShell || tenant === "" ? [] : ["--tenant", tenant]),
  ]);
  if (typeof accessToken !== "string" || accessToken === "") {
    throw new DeployerSettingsError("The Azure CLI answered without a token.");
  }
  return accessToken;
}

/** On Windows `az` is a batch file, which only a shell runs; every argument is checked or our own. */
function azureCliRunner(environment: Environment): RunCommand {
  return async (command, args) => {
    const limits = { environment, timeoutMs: 60_000, batchFile: true };
    const { code, stdout, stderr } = await runProgram(command, args, limits);
    if (code !== 0) {
      throw new Error(stderr);
    }
    return stdout;
  };
}
