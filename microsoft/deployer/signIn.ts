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
        ? { method: "OIDC of GitHub Actions" }
        : { method: "OIDC of Azure DevOps" };
    }
  }
  if (settings.useMsi) {
    return { method: "managed identity" };
  }
  if (settings.useCli) {
    return { method: "Azure CLI" };
  }
  throw new DeployerSettingsError(`The deployer has no way to sign in. ${remedyFor(settings)}`);
}

function remedyFor(settings: ProviderSettings): string {
  const hasOidc = settings.oidcToken !== "" || settings.oidcRequestUrl !== "";
  if (hasOidc && !settings.useOidc) {
    return "There is an OIDC token, but the provider uses it only with azuread:useOidc or ARM_USE_OIDC set to true.";
  }
  const missing = [
    ...(settings.tenantId === "" ? ["azuread:tenantId (ARM_TENANT_ID)"] : []),
    ...(settings.clientId === "" ? ["azuread:clientId (ARM_CLIENT_ID)"] : []),
  ];
  return missing.length > 0
    ? `Missing: ${missing.join(", ")}.`
    : "Set azuread:clientSecret (ARM_CLIENT_SECRET), azuread:clientCertificatePath (ARM_CLIENT_CERTIFICATE_PATH) or azuread:oidcToken with azuread:useOidc, or allow the Azure CLI with azuread:useCli.";
}
