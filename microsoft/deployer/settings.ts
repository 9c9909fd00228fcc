import { refuseRedirects } from "./redirects";
import { DeployerSettingsError } from "./settingsError";
import { readText } from "../../system/readText";
import { type Environment, unreplacedVariable } from "../../system/environment";

/** What the azuread provider is configured with, as far as it concerns signing in. */
export type ProviderSettings = Readonly<Awaited<ReturnType<typeof readProviderSettings>>>;

/** Where each setting is looked for in the environment when the stack does not configure it. */
const settingVariables = {
  tenantId: ["ARM_TENANT_ID"],
  clientId: ["ARM_CLIENT_ID"],
  clientIdFilePath: ["ARM_CLIENT_ID_FILE_PATH"],
  environment: ["ARM_ENVIRONMENT"],
  metadataHost: ["ARM_METADATA_HOSTNAME"],
  clientCertificate: ["ARM_CLIENT_CERTIFICATE"],
  clientCertificatePath: ["ARM_CLIENT_CERTIFICATE_PATH"],
  clientCertificatePassword: ["ARM_CLIENT_CERTIFICATE_PASSWORD"],
  clientSecret: ["ARM_CLIENT_SECRET"],
  clientSecretFilePath: ["ARM_CLIENT_SECRET_FILE_PATH"],
  useOidc: ["ARM_USE_OIDC"],
  oidcToken: ["ARM_OIDC_TOKEN"],
  oidcTokenFilePath: ["ARM_OIDC_TOKEN_FILE_PATH"],
  oidcRequestUrl: ["ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI"],
  oidcRequestToken: [
    "ARM_OIDC_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "SYSTEM_ACCESSTOKEN",
  ],
  adoPipelineServiceConnectionId: [
    "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
    "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
  ],
  useAksWorkloadIdentity: ["ARM_USE_AKS_WORKLOAD_IDENTITY"],
  useMsi: ["ARM_USE_MSI"],
  msiEndpoint: ["ARM_MSI_ENDPOINT"],
  useCli: ["ARM_USE_CLI"],
} as const;

type SettingName = keyof typeof settingVariables;

/**
 * Reads the settings as the azuread provider does: from the stack's configuration, else from the
 * environment, and from the files that they name.
 *
 * @param configuration Values of the namespace `azuread`, by key without it.
 * @throws {DeployerSettingsError} If a file cannot be read or two settings contradict each other.
 * @see https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/provider/provider.go
 */
export async function readProviderSettings(
  configuration: Readonly<Record<string, string | undefined>>,
  environment: Environment,
) {
  refuseRedirects(configuration, environment);
  const text = (name: SettingName): string =>
    configuration[name] ||
    settingVariables[name]
      .map((variable) => expandedVariable(variable, environment))
      .find((value) => value) ||
    "";
  const flag = (name: SettingName, byDefault: boolean) => flagOf(name, text(name), byDefault);
  const aks = flag("useAksWorkloadIdentity", false);
  return {
    tenantId: requireSame(
      "tenantId",
      text("tenantId").trim(),
      "AZURE_TENANT_ID",
      (aks && environment.AZURE_TENANT_ID) || "",
    ),
    clientId: await textOrFileContent(
      "clientId",
      text("clientId").trim(),
      text("clientIdFilePath"),
    ),
    /** Name of the cloud's environment; ignored where there is a metadata host. */
    environment: text("environment") || "global",
    metadataHost: text("metadataHost"),
    /** A `.pfx`, base64. */
    clientCertificate: text("clientCertificate"),
    clientCertificatePath: text("clientCertificatePath").trim(),
    clientCertificatePassword: text("clientCertificatePassword"),
    clientSecret: await textOrFileContent(
      "clientSecret",
      text("clientSecret").trim(),
      text("clientSecretFilePath"),
    ),
    oidcToken: await textOrFileContent("oidcToken", text("oidcToken"), text("oidcTokenFilePath")),
    oidcRequestUrl: text("oidcRequestUrl").trim(),
    oidcRequestToken: text("oidcRequestToken").trim(),
    serviceConnectionId: text("adoPipelineServiceConnectionId").trim(),
    msiEndpoint: text("msiEndpoint"),
    useOidc: flag("useOidc", false) || aks,
    useMsi: flag("useMsi", false),
    useCli: flag("useCli", true),
    /** The pipelines whose job this is. */
    pipelines: pipelinesOf(environment),
  };
}

function expandedVariable(variable: string, environment: Environment): string | undefined {
  const fault = unreplacedVariable(variable, environment);
  if (fault !== undefined) {
    throw new DeployerSettingsError(fault);
  }
  return environment[variable];
}

/** Where the process runs, by the variables that the pipelines set in each job. */
function pipelinesOf({
  GITHUB_ACTIONS,
  GITLAB_CI,
  TF_BUILD,
}: Environment): "GitHub Actions" | "GitLab" | "Azure DevOps" | undefined {
  if (GITHUB_ACTIONS === "true" || GITLAB_CI === "true") {
    return GITHUB_ACTIONS === "true" ? "GitHub Actions" : "GitLab";
  }
  return TF_BUILD === undefined || TF_BUILD === "" ? undefined : "Azure DevOps";
}

/** A truth value in the forms that Go's `strconv.ParseBool` reads. */
function flagOf(name: SettingName, text: string, byDefault: boolean): boolean {
  if (text === "") {
    return byDefault;
  }
  if (!/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(text)) {
    throw new DeployerSettingsError(
      `azuread:${name} (or ${settingVariables[name].join(", ")}) is neither true nor false. Correct it.`,
    );
  }
  return /^(1|t)/i.test(text);
}

async function textOrFileContent(name: SettingName, text: string, path: string): Promise<string> {
  if (path === "") {
    return text;
  }
  const content = await readText(path).catch((error: unknown) => {
    throw new DeployerSettingsError(
      `azuread:${name}FilePath "${path}" cannot be read: ${(error as Error).message}.`,
    );
  });
  return requireSame(name, text, `the file ${path}`, content.trim());
}

/** One of two sources, which must not say different things. */
function requireSame(name: SettingName, text: string, other: string, value: string): string {
  if (text !== "" && value !== "" && text !== value) {
    throw new DeployerSettingsError(
      `azuread:${name} (or ${settingVariables[name].join(", ")}) and ${other} differ. Remove one of them.`,
    );
  }
  return value || text;
}
