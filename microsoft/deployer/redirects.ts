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

/**
 * Refuses variables by which a credential would go to a host that is neither Microsoft's nor this
 * machine.
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
