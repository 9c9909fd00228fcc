import { send } from "../http";
import { assertedBy, tokenByForm, tokenIn } from "../tokens";
import { certificateAssertion, jobAssertion } from "./assertions";
import type { Authority } from "./authority";
import { azureCliToken } from "./azureCli";
import type { ProviderSettings } from "./settings";
import { DeployerSettingsError } from "./settingsError";
import type { SignIn } from "./signIn";
import type { Environment } from "../../system/environment";

/**
 * Requests the token that the azuread provider would use for Microsoft Graph, or for another resource, by
 * the provider's own form of the request, which is what has to work.
 *
 * @returns The access token: never printed.
 * @throws {DeployerSettingsError} If a setting is at fault.
 * @throws {TokenRefused} If Microsoft Entra ID refuses.
 * @throws {NoAnswer} If it cannot be reached.
 */
export async function requestDeployerToken(
  signIn: SignIn,
  settings: ProviderSettings,
  authority: Authority,
  environment: Environment,
  resource = authority.graph,
): Promise<string> {
  if (signIn.method === "OIDC of GitHub Actions" && signIn.lacking !== undefined) {
    throw new DeployerSettingsError(`The deployer cannot sign in. ${signIn.lacking}`);
  }
  const scope = `${resource}/.default`;
  const tokenUrl = `${authority.login}/${encodeURIComponent(settings.tenantId)}/oauth2/v2.0/token`;
  const credentials = (form: Record<string, string>) =>
    tokenByForm(
      tokenUrl,
      { client_id: settings.clientId, grant_type: "client_credentials", scope, ...form },
      authority.extraCaPem,
    );
  const asserted = (assertion: string) => credentials(assertedBy(assertion));
  switch (signIn.method) {
    case "client certificate":
      return asserted(await certificateAssertion(settings, tokenUrl));
    case "client secret":
      return credentials({ client_secret: settings.clientSecret });
    case "OIDC token":
      return asserted(settings.oidcToken);
    case "OIDC of Azure DevOps":
    case "OIDC of GitHub Actions":
      return asserted(await jobAssertion(settings, authority));
    case "managed identity":
      return managedIdentityToken(settings, resource);
    case "Azure CLI":
      return azureCliToken(settings.tenantId, scope, environment, authority).catch(
        (error: unknown) => {
          throw signIn.lacking !== undefined && error instanceof DeployerSettingsError
            ? new DeployerSettingsError(`The deployer cannot sign in. ${signIn.lacking}`)
            : error;
        },
      );
  }
}

/** @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token */
async function managedIdentityToken(
  { msiEndpoint, clientId }: ProviderSettings,
  resource: string,
): Promise<string> {
  const endpoint = msiEndpoint || "http://169.254.169.254/metadata/identity/oauth2/token";
  const query = new URLSearchParams({
    "api-version": "2018-02-01",
    resource,
    ...(clientId === "" ? {} : { client_id: clientId }),
  });
  const answer = await send(`${endpoint}?${query.toString()}`, {
    method: "GET",
    headers: { Metadata: "true" },
    timeoutMs: 5_000,
  });
  return tokenIn(answer);
}
