import { DeployerSettingsError } from "./settingsError";
import { type ProviderSettings } from "./settings";

/** How the deployer signs in. */
export interface SignIn {
  readonly method:
    | "client certificate"
    | "client secret"
    | "OIDC token"
    | "OIDC of Azure DevOps"
    | "OIDC of GitHub Actions"
    | "managed identity"
    | "Azure CLI";
  /** What the job lacks for OIDC where that is asked for, so that another way is taken. */
  readonly lacking?: string | undefined;
}

/**
 * The way to sign in that the azuread provider takes: the first whose settings are there.
 *
 * @throws {DeployerSettingsError} If there is none.
 * @see https://github.com/hashicorp/go-azure-sdk/blob/main/sdk/auth/auth.go
 */
export function chooseSignIn(settings: ProviderSettings): SignIn {
  const { clientCertificate, clientCertificatePath, useOidc } = settings;
  if (settings.tenantId !== "" && settings.clientId !== "") {
    if (clientCertificate !== "" || clientCertificatePath !== "") {
      return { method: "client certificate" };
    }
    if (settings.clientSecret !== "") {
      return { method: "client secret" };
    }
    if (useOidc && settings.oidcToken.trim() !== "") {
      return { method: "OIDC token" };
    }
    if (useOidc && settings.oidcRequestUrl !== "" && settings.oidcRequestToken !== "") {
      return settings.serviceConnectionId === ""
        ? { method: "OIDC of GitHub Actions", lacking: lackingForOidc(settings) }
        : { method: "OIDC of Azure DevOps" };
    }
  }
  const lacking = lackingForOidc(settings);
  if (settings.useMsi) {
    return { method: "managed identity", lacking };
  }
  if (settings.useCli) {
    return { method: "Azure CLI", lacking };
  }
  throw new DeployerSettingsError(
    `The deployer has no way to sign in. ${lacking ?? remedyForSignIn(settings)}`,
  );
}

/**
 * Which half of OIDC a job lacks: on GitHub, GitLab and Azure DevOps a job gets a token only where its
 * definition says so.
 *
 * @see https://docs.github.com/actions/reference/security/oidc
 * @see https://docs.gitlab.com/ci/secrets/id_token_authentication/
 * @see https://learn.microsoft.com/azure/devops/pipelines/build/variables#systemaccesstoken
 */
function lackingForOidc(settings: ProviderSettings): string | undefined {
  if (!settings.useOidc) {
    return undefined;
  }
  const { oidcRequestUrl: url, oidcRequestToken: token, serviceConnectionId, pipelines } = settings;
  const ids = missingIds(settings);
  const given = settings.oidcToken.trim() !== "" || (url !== "" && token !== "");
  const missing =
    pipelines === "GitHub Actions"
      ? !given
        ? ["`permissions: id-token: write` in the workflow or the job"]
        : []
      : pipelines === "Azure DevOps"
        ? [
            ...(token === ""
              ? ["the job's token in the step, `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`"]
              : []),
            ...(serviceConnectionId === ""
              ? ["the id of the service connection in ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID"]
              : []),
          ]
        : !given && pipelines === "GitLab"
          ? ["a token of the job, `id_tokens` with ARM_OIDC_TOKEN and its `aud`"]
          : !given
            ? ["a token in ARM_OIDC_TOKEN, or the name of its file in ARM_OIDC_TOKEN_FILE_PATH"]
            : [];
  return missing.length + ids.length === 0
    ? undefined
    : `OIDC is asked for, and what is missing is ${[...missing, ...ids].join(", and ")}.`;
}

function missingIds(settings: ProviderSettings): string[] {
  return [
    ...(settings.tenantId === "" ? ["azuread:tenantId (ARM_TENANT_ID)"] : []),
    ...(settings.clientId === "" ? ["azuread:clientId (ARM_CLIENT_ID)"] : []),
  ];
}

function remedyForSignIn(settings: ProviderSettings): string {
  const hasOidc = settings.oidcToken !== "" || settings.oidcRequestUrl !== "";
  if (hasOidc && !settings.useOidc) {
    return "There is an OIDC token, but the provider uses it only with azuread:useOidc or ARM_USE_OIDC set to true.";
  }
  const missing = missingIds(settings);
  return missing.length > 0
    ? `Missing: ${missing.join(", ")}.`
    : "Set azuread:clientSecret (ARM_CLIENT_SECRET), azuread:clientCertificatePath (ARM_CLIENT_CERTIFICATE_PATH) or azuread:oidcToken with azuread:useOidc, or allow the Azure CLI with azuread:useCli.";
}
