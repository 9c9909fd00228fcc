import { createHash, createPrivateKey, randomUUID, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { SignJWT } from "jose";
import { type JobTokenRequest, requestJobToken } from "../jobTokenRequest";
import { readPfx } from "../../components/pkcs12/readPfx";
import { TokenRefused } from "../tokens";
import type { Authority } from "./authority";
import { DeployerSettingsError, type ProviderSettings } from "./settings";

const audience = "api://AzureADTokenExchange";

/**
 * The assertion the azuread provider signs with a certificate: `kid` is the SHA-1 thumbprint.
 *
 * @throws {DeployerSettingsError} If the `.pfx` cannot be read or opened.
 * @see https://github.com/hashicorp/go-azure-sdk/blob/main/sdk/auth/client_credentials.go
 */
export async function certificateAssertion(
  settings: ProviderSettings,
  source: { readonly pfx?: string; readonly pfxPath: string },
  tokenUrl: string,
): Promise<string> {
  const { certificatePem, privateKeyPem } = await openPfx(settings, source);
  const { raw } = new X509Certificate(certificatePem);
  // Padded, unlike what JOSE writes elsewhere.
  const kid = createHash("sha1")
    .update(raw)
    .digest("base64")
    .replace(/\+/g, "-")
    .replace(/\//g, "_");
  return new SignJWT({})
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid })
    .setAudience(tokenUrl)
    .setIssuer(settings.clientId)
    .setSubject(settings.clientId)
    .setNotBefore("0s")
    .setExpirationTime("1h")
    .setJti(randomUUID())
    .sign(createPrivateKey(privateKeyPem));
}

async function openPfx(
  { clientCertificatePassword }: ProviderSettings,
  { pfx, pfxPath }: { readonly pfx?: string; readonly pfxPath: string },
) {
  const name =
    pfx === undefined
      ? `azuread:clientCertificatePath (or ARM_CLIENT_CERTIFICATE_PATH) "${pfxPath}"`
      : "azuread:clientCertificate (or ARM_CLIENT_CERTIFICATE)";
  const content =
    pfx ??
    (await readFile(pfxPath, "base64").catch((error: unknown) => {
      throw new DeployerSettingsError(`${name} cannot be read: ${(error as Error).message}.`);
    }));
  try {
    return readPfx(content, clientCertificatePassword);
  } catch {
    throw new DeployerSettingsError(
      `${name} cannot be opened as a .pfx with an RSA key. Check the file and azuread:clientCertificatePassword (ARM_CLIENT_CERTIFICATE_PASSWORD).`,
    );
  }
}

/**
 * The job's token from GitHub Actions.
 *
 * @see https://docs.github.com/actions/reference/security/oidc
 */
export async function githubAssertion(
  { oidcRequestUrl, oidcRequestToken }: ProviderSettings,
  { extraCaPem }: Authority,
): Promise<string> {
  return requestAssertion({
    method: "GET",
    url: oidcRequestUrl,
    query: { audience },
    bearer: oidcRequestToken,
    property: "value",
    extraCaPem,
  });
}

/**
 * The job's token from Azure DevOps, for its service connection.
 *
 * @see https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
 */
export async function azureDevOpsAssertion(
  { oidcRequestUrl, oidcRequestToken, serviceConnectionId }: ProviderSettings,
  { extraCaPem }: Authority,
): Promise<string> {
  return requestAssertion({
    method: "POST",
    url: oidcRequestUrl,
    query: { "api-version": "7.1", serviceConnectionId, audience },
    bearer: oidcRequestToken,
    property: "oidcToken",
    extraCaPem,
  });
}

async function requestAssertion(request: JobTokenRequest): Promise<string> {
  if (!URL.canParse(request.url)) {
    throw new DeployerSettingsError("azuread:oidcRequestUrl (or its variable) is not a URL.");
  }
  const { host, status, token } = await requestJobToken(request);
  if (token === undefined) {
    throw new TokenRefused(
      0,
      `${host} answered ${status} and gave no token for this job. Allow the job to ask for one: on GitHub \`permissions: id-token: write\`.`,
      status,
    );
  }
  return token;
}
