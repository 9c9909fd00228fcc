import { clouds } from "../../components/catalog/clouds";
import { isLoopback } from "../../system/loopback";
import { DeployerSettingsError } from "./settingsError";
import type { Environment } from "../../system/environment";

/**
 * Settings of the azuread provider that say where the deployer's credential is sent, and the variable
 * by which whoever runs the command says the same.
 */
const redirects = {
  metadataHost: "ARM_METADATA_HOSTNAME",
  oidcRequestUrl: "ARM_OIDC_REQUEST_URL",
  msiEndpoint: "ARM_MSI_ENDPOINT",
} as const;

/**
 * Variables of the azuread provider, and of Microsoft's SDKs, that say where a credential is sent, or
 * where one comes from.
 *
 * @see https://learn.microsoft.com/javascript/api/@azure/identity/tokencredentialoptions
 */
const redirectingVariables = [
  "ARM_METADATA_HOSTNAME",
  "ARM_MSI_ENDPOINT",
  "AZURE_AUTHORITY_HOST",
  "AZURE_POD_IDENTITY_AUTHORITY_HOST",
  "IDENTITY_ENDPOINT",
  "IMDS_ENDPOINT",
  "MSI_ENDPOINT",
];

/** Variables that say where a job asks its platform for a token, with what the platform gave it for that. */
const requestVariables = [
  "ARM_OIDC_REQUEST_URL",
  "ACTIONS_ID_TOKEN_REQUEST_URL",
  "SYSTEM_OIDCREQUESTURI",
];

/**
 * Refuses variables by which a credential would go to a host that is neither Microsoft's nor this
 * machine, or a job's token to one that is not its platform's.
 *
 * @throws {DeployerSettingsError} Naming the variable.
 */
export function refuseRedirectingVariables(environment: Environment): void {
  const name = redirectingVariables.find((one) => {
    const value = environment[one];
    return value !== undefined && value !== "" && !isTrusted(value);
  });
  if (name !== undefined) {
    throw new DeployerSettingsError(
      `${name} would have a credential sent to a host that is neither Microsoft's nor this machine. Unset it: the endpoints of Microsoft follow from the cloud that is configured.`,
    );
  }
  const request = requestVariables.find(
    (one) => !isOfPlatform(environment[one] ?? "", environment),
  );
  if (request !== undefined) {
    throw new DeployerSettingsError(
      `${request} would have the job's token sent to a host that is neither GitHub's, nor Azure DevOps', nor this machine. Unset it: the platform says by itself where it is asked. A token of another issuer is handed over in ARM_OIDC_TOKEN, or in the file of ARM_OIDC_TOKEN_FILE_PATH.`,
    );
  }
}

/**
 * Refuses settings by which a stack would have the deployer's credential sent elsewhere: who may
 * write a stack's settings, a pull request among them, need not be who holds the credential.
 *
 * @param configuration Values of the namespace `azuread`, by key without it.
 * @throws {DeployerSettingsError} Unless it is Microsoft's, this machine, or, where tokens of a job are
 *   asked for, also in the environment.
 */
export function refuseRedirects(
  configuration: Readonly<Record<string, string | undefined>>,
  environment: Environment,
): void {
  refuseRedirectingVariables(environment);
  for (const [name, variable] of Object.entries(redirects)) {
    const value = configuration[name];
    if (value && value !== environment[variable] && !isTrusted(value)) {
      throw new DeployerSettingsError(
        `azuread:${name} in the stack's settings would have the deployer's credential sent to a host that is neither Microsoft's nor this machine. Remove it${redirectingVariables.includes(variable) ? "" : `; where it is meant, set ${variable} to the same in the environment of the command`}.`,
      );
    }
  }
}

/**
 * Whether an address is one at which GitHub or Azure DevOps gives tokens to jobs. That of GitHub
 * Enterprise is its own host, or one below it, which its runner names in `GITHUB_SERVER_URL`; who may
 * set variables of a job cannot set that one.
 *
 * @see https://docs.github.com/actions/reference/runners/self-hosted-runners#accessible-domains-by-function
 * @see https://docs.github.com/actions/reference/workflows-and-actions/variables#naming-conventions-for-environment-variables
 * @see https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
 */
function isOfPlatform(address: string, { GITHUB_SERVER_URL: server = "" }: Environment): boolean {
  if (!URL.canParse(address)) {
    // Nothing can be asked there.
    return true;
  }
  const { hostname, protocol } = new URL(address);
  const own = URL.canParse(server) ? new URL(server) : undefined;
  const isBelow = (host: string) => hostname === host || hostname.endsWith(`.${host}`);
  return (
    isLoopback(hostname) ||
    (protocol === "https:" && platformHosts.some(isBelow)) ||
    (own !== undefined && isBelow(own.hostname) && ["https:", own.protocol].includes(protocol))
  );
}

const platformHosts = ["actions.githubusercontent.com", "dev.azure.com", "visualstudio.com"];

function isTrusted(address: string): boolean {
  const text = address.includes("://") ? address : `https://${address}`;
  if (!URL.canParse(text)) {
    return false;
  }
  const { hostname } = new URL(text);
  // Azure's own machines have their identity at a link-local address.
  return isLoopback(hostname) || /^169\.254(\.\d+){2}$/.test(hostname) || isMicrosofts(hostname);
}

/** Hosts that describe Microsoft's clouds. */
const metadataHosts = [
  "management.azure.com",
  "management.usgovcloudapi.net",
  "management.chinacloudapi.cn",
  "management.core.windows.net",
];

/** Whether a host is one at which Microsoft's clouds are asked for their endpoints. */
export function isMicrosofts(host: string): boolean {
  const logins = Object.values(clouds).map(({ authority }) => new URL(authority).hostname);
  return [...metadataHosts, ...logins].includes(host.toLowerCase());
}
