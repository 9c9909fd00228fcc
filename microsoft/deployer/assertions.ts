import { createHash, sign, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { signedAssertion } from "../clientAssertion";
import { requestJobToken } from "../jobToken";
import { PfxReadError } from "../../components/pkcs12/readError";
import type * as readPfxModule from "../../components/pkcs12/readPfx";
import { TokenRefused } from "../tokens";
import type { Authority } from "./authority";
import { DeployerSettingsError } from "./settingsError";
import type { ProviderSettings } from "./settings";

// The azuread provider asks for this one in every cloud, and one job signs in as both.
const audience = "api://AzureADTokenExchange";

/**
 * The assertion the azuread provider signs with a certificate: `kid` is the SHA-1 thumbprint.
 *
 * @throws {DeployerSettingsError} If the `.pfx` cannot be read or opened.
 * @see https://github.com/hashicorp/go-azure-sdk/blob/main/sdk/auth/client_credentials.go
 */
export async function certificateAssertion(
  settings: ProviderSettings,
  tokenUrl: string,
): Promise<string> {
  const { certificatePem, privateKeyPem } = await openPfx(settings);
  const { raw } = new X509Certificate(certificatePem);
  // Padded, unlike what JOSE writes elsewhere: 20 bytes leave room for one sign.
  const kid = `${createHash("sha1").update(raw).digest("base64url")}=`;
  const parties = { applicationId: settings.clientId, tokenUrl };
  const hour = 3600;
  return signedAssertion(
    { alg: "RS256", kid },
    parties,
    (unsigned) => sign("sha256", Buffer.from(unsigned), privateKeyPem),
    hour,
  );
}

async function openPfx(settings: ProviderSettings) {
  const { clientCertificate, clientCertificatePath: path, clientCertificatePassword } = settings;
  const name =
    clientCertificate === ""
      ? `azuread:clientCertificatePath (or ARM_CLIENT_CERTIFICATE_PATH) "${path}"`
      : "azuread:clientCertificate (or ARM_CLIENT_CERTIFICATE)";
  const content =
    clientCertificate ||
    (await readFile(path).catch((error: unknown) => {
      throw new DeployerSettingsError(`${name} cannot be read: ${(error as Error).message}.`);
    }));
  // oxlint-disable-next-line typescript/no-require-imports -- import() leads nowhere once compiled
  const { readPfx } = require("../../components/pkcs12/readPfx") as typeof readPfxModule;
  try {
    return readPfx(content, clientCertificatePassword);
  } catch (error) {
    throw error instanceof PfxReadError
      ? new DeployerSettingsError(
          `${name} cannot be opened: it ${error.rule} ${error.remedy} Its password is in azuread:clientCertificatePassword (ARM_CLIENT_CERTIFICATE_PASSWORD).`,
        )
      : error;
  }
}

/**
 * The job's token: from Azure DevOps for its service connection where there is one, else from
 * GitHub Actions.
 */
export async function jobAssertion(
  { oidcRequestUrl: url, oidcRequestToken: bearer, serviceConnectionId }: ProviderSettings,
  { extraCaPem }: Authority,
): Promise<string> {
  if (!URL.canParse(url)) {
    throw new DeployerSettingsError("azuread:oidcRequestUrl (or its variable) is not a URL.");
  }
  const { host, status, token } = await requestJobToken({
    url,
    bearer,
    audience,
    serviceConnectionId,
    extraCaPem,
  });
  if (token === undefined) {
    throw new TokenRefused(
      0,
      `${host} answered ${status} and gave no token for this job. Allow the job to ask for one: on GitHub \`permissions: id-token: write\`.`,
      status,
    );
  }
  return token;
}
