import { send } from "../http";
import { TokenRefused } from "../tokens";
import { azureDevOpsAssertion, certificateAssertion, githubAssertion } from "./assertions";
import type { Authority } from "./authority";
import { azureCliToken } from "./azureCli";
import type { ProviderSettings } from "./settings";
import type { SignIn } from "./signIn";

/**
 * Requests the token for Microsoft Graph that the azuread provider would use. MSAL is not used
 * here: the endpoints that a metadata host names may be plain http, which it refuses, and the
 * provider's own form of the request is what has to work.
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
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const scope = `${authority.graph}/.default`;
  const tokenUrl = `${authority.login}/${encodeURIComponent(settings.tenantId)}/oauth2/v2.0/token`;
  const credentials = (form: Record<string, string>) =>
    requestToken(authority, tokenUrl, {
      client_id: settings.clientId,
      grant_type: "client_credentials",
      scope,
      ...form,
    });
  const asserted = (assertion: string) =>
    credentials({
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
    });
  switch (signIn.method) {
    case "client certificate":
      return asserted(await certificateAssertion(settings, signIn, tokenUrl));
    case "client secret":
      return credentials({ client_secret: settings.clientSecret });
    case "OIDC token":
      return asserted(settings.oidcToken);
    case "OIDC of Azure DevOps":
      return asserted(await azureDevOpsAssertion(settings, authority));
    case "OIDC of GitHub Actions":
      return asserted(await githubAssertion(settings, authority));
    case "managed identity":
      return managedIdentityToken(settings, authority);
    case "Azure CLI":
      return azureCliToken(settings.tenantId, scope, environment);
  }
}

/** @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token */
async function managedIdentityToken(
  { msiEndpoint, clientId }: ProviderSettings,
  authority: Authority,
): Promise<string> {
  const endpoint = msiEndpoint || "http://169.254.169.254/metadata/identity/oauth2/token";
  const query = new URLSearchParams({
    "api-version": "2018-02-01",
    resource: authority.graph,
    ...(clientId === "" ? {} : { client_id: clientId }),
  });
  const answer = await send(`${endpoint}?${query.toString()}`, {
    method: "GET",
    headers: { Metadata: "true" },
    timeoutMs: 5_000,
  });
  return tokenIn(answer);
}

async function requestToken(
  { extraCaPem }: Authority,
  url: string,
  form: Record<string, string>,
): Promise<string> {
  const answer = await send(url, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
    ...(extraCaPem === undefined ? {} : { extraCaPem }),
  });
  return tokenIn(answer);
}

interface TokenAnswer {
  readonly access_token?: string;
  readonly error_description?: string;
  readonly error_codes?: readonly number[];
}

function tokenIn({ status, body }: { readonly status: number; readonly body: string }): string {
  const answer = parse(body);
  if (status === 200 && typeof answer.access_token === "string" && answer.access_token !== "") {
    return answer.access_token;
  }
  const description = answer.error_description?.split(/\r?\n/)[0] ?? `HTTP ${status}`;
  const code = answer.error_codes?.[0] ?? Number(/AADSTS(\d+)/.exec(description)?.[1] ?? 0);
  throw new TokenRefused(code, description, status);
}

function parse(body: string): TokenAnswer {
  try {
    return (JSON.parse(body) as TokenAnswer | null) ?? {};
  } catch {
    return {};
  }
}
