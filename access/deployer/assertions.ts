import { createHash, createPrivateKey, randomUUID, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { SignJWT } from "jose";
import { send } from "../http";
import { readPfx } from "../readPfx";
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
  return requestAssertion("GET", withQuery(oidcRequestUrl, { audience }), "value", {
    token: oidcRequestToken,
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
  const query = { "api-version": "7.1", serviceConnectionId, audience };
  return requestAssertion("POST", withQuery(oidcRequestUrl, query), "oidcToken", {
    token: oidcRequestToken,
    extraCaPem,
  });
}

async function requestAssertion(
  method: "GET" | "POST",
  url: string,
  property: string,
  { token, extraCaPem }: { token: string; extraCaPem: string | undefined },
): Promise<string> {
  const { status, body } = await send(url, {
    method,
    headers: {
      accept: "application/json",
      authorization: `Bearer ${token}`,
      ...(method === "POST" ? { "content-type": "application/json" } : {}),
    },
    ...(extraCaPem === undefined ? {} : { extraCaPem }),
  });
  const assertion = status === 200 ? textIn(body, property) : undefined;
  if (assertion === undefined) {
    throw new TokenRefused(
      0,
      `${new URL(url).host} answered ${status} and gave no token for this job. Allow the job to ask for one: on GitHub \`permissions: id-token: write\`.`,
      status,
    );
  }
  return assertion;
}

/** What the URL asks for already is kept. */
function withQuery(url: string, query: Record<string, string>): string {
  if (!URL.canParse(url)) {
    throw new DeployerSettingsError("azuread:oidcRequestUrl (or its variable) is not a URL.");
  }
  const target = new URL(url);
  for (const [name, value] of Object.entries(query)) {
    if (!target.searchParams.get(name)) {
      target.searchParams.set(name, value);
    }
  }
  return target.href;
}

function textIn(body: string, property: string): string | undefined {
  try {
    const value = (JSON.parse(body) as Record<string, unknown> | null)?.[property];
    return typeof value === "string" && value !== "" ? value : undefined;
  } catch {
    return undefined;
  }
}
