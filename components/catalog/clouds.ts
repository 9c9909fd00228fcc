/**
 * Microsoft's clouds that offer app-only access. The names are those of the azuread provider's
 * `environment` setting: `usgovernment` is GCC High (Microsoft 365 GCC itself is in `global`).
 *
 * @see https://learn.microsoft.com/powershell/exchange/connect-to-exchange-online-powershell
 * @see https://learn.microsoft.com/powershell/exchange/connect-to-scc-powershell
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust
 */
export const cloudNames = ["global", "usgovernment", "dod", "china"] as const;

/** One of {@link cloudNames}. */
export type CloudName = (typeof cloudNames)[number];

/** Endpoints, names and switches of one cloud. */
export interface Cloud {
  readonly name: CloudName;
  /** The name people know it by. */
  readonly title: string;
  /** Value of the azuread provider's `environment`. */
  readonly azureadEnvironment: string;
  /** What the Azure CLI calls it. */
  readonly azureCli: string;
  /** Base of the token endpoint, without a trailing slash. */
  readonly authority: string;
  /** Base of Microsoft Graph, without a trailing slash. */
  readonly graph: string;
  /** Audience of the tokens of other issuers that Microsoft Entra ID of this cloud exchanges. */
  readonly exchangeAudience: string;
  /** Suffixes of a tenant's initial domain. */
  readonly organizationSuffixes: readonly string[];
  readonly exchange: {
    /** Value of `-ExchangeEnvironmentName`. */
    readonly environmentName: string;
    /** Base of the REST endpoint and the token's resource, without a trailing slash. */
    readonly resource: string;
  };
  readonly compliance: {
    /** Value of `-ConnectionUri`; the global cloud needs none. */
    readonly connectionUri?: string;
    /** Value of `-AzureADAuthorizationEndpointUri`; the global cloud needs none. */
    readonly authorizationEndpointUri?: string;
    /** Base of the REST endpoint and the token's resource, without a trailing slash. */
    readonly resource: string;
  };
}

/** Every cloud by its name. */
export const clouds: Readonly<Record<CloudName, Cloud>> = {
  global: {
    name: "global",
    title: "Microsoft 365 and Microsoft 365 GCC",
    azureadEnvironment: "public",
    azureCli: "AzureCloud",
    authority: "https://login.microsoftonline.com",
    graph: "https://graph.microsoft.com",
    exchangeAudience: "api://AzureADTokenExchange",
    organizationSuffixes: [".onmicrosoft.com"],
    exchange: { environmentName: "O365Default", resource: "https://outlook.office365.com" },
    compliance: { resource: "https://ps.compliance.protection.outlook.com" },
  },
  usgovernment: {
    name: "usgovernment",
    title: "Microsoft 365 GCC High",
    azureadEnvironment: "usgovernment",
    azureCli: "AzureUSGovernment",
    authority: "https://login.microsoftonline.us",
    graph: "https://graph.microsoft.us",
    exchangeAudience: "api://AzureADTokenExchangeUSGov",
    organizationSuffixes: [".onmicrosoft.us", ".onmicrosoft.com"],
    exchange: { environmentName: "O365USGovGCCHigh", resource: "https://outlook.office365.us" },
    compliance: {
      connectionUri: "https://ps.compliance.protection.office365.us/powershell-liveid/",
      authorizationEndpointUri: "https://login.microsoftonline.us/organizations",
      resource: "https://ps.compliance.protection.office365.us",
    },
  },
  dod: {
    name: "dod",
    title: "Microsoft 365 DoD",
    azureadEnvironment: "usgovernmentl5",
    azureCli: "AzureUSGovernment",
    authority: "https://login.microsoftonline.us",
    graph: "https://dod-graph.microsoft.us",
    exchangeAudience: "api://AzureADTokenExchangeUSGov",
    organizationSuffixes: [".onmicrosoft.us", ".onmicrosoft.com"],
    exchange: { environmentName: "O365USGovDoD", resource: "https://outlook-dod.office365.us" },
    compliance: {
      connectionUri: "https://l5.ps.compliance.protection.office365.us/powershell-liveid/",
      authorizationEndpointUri: "https://login.microsoftonline.us/organizations",
      resource: "https://ps.compliance.protection.office365.us",
    },
  },
  china: {
    name: "china",
    title: "Office 365 operated by 21Vianet",
    azureadEnvironment: "china",
    azureCli: "AzureChinaCloud",
    authority: "https://login.chinacloudapi.cn",
    graph: "https://microsoftgraph.chinacloudapi.cn",
    exchangeAudience: "api://AzureADTokenExchangeChina",
    organizationSuffixes: [".partner.onmschina.cn"],
    exchange: { environmentName: "O365China", resource: "https://partner.outlook.cn" },
    compliance: {
      connectionUri: "https://ps.compliance.protection.partner.outlook.cn/powershell-liveid/",
      authorizationEndpointUri: "https://login.chinacloudapi.cn/organizations",
      resource: "https://ps.compliance.protection.partner.outlook.cn",
    },
  },
};

/** Names besides {@link Cloud.azureadEnvironment} under which the provider knows an environment. */
const environmentAliases: Readonly<Record<string, string>> = {
  global: "public",
  usgovernmentl4: "usgovernment",
  dod: "usgovernmentl5",
};

/** What Microsoft's own pages, tools and people call the clouds, in small letters and digits only. */
export const otherCloudNames: Readonly<Record<string, CloudName>> = {
  ...Object.fromEntries(
    Object.values(clouds).flatMap(({ name, azureadEnvironment, exchange }) =>
      [azureadEnvironment, exchange.environmentName.toLowerCase()].map((one) => [one, name]),
    ),
  ),
  azurecloud: "global",
  commercial: "global",
  gcc: "global",
  worldwide: "global",
  azureusgovernment: "usgovernment",
  gcchigh: "usgovernment",
  usgov: "usgovernment",
  "21vianet": "china",
  azurechinacloud: "china",
  gallatin: "china",
};

/**
 * The cloud that a value of the azuread provider's `environment` stands for.
 *
 * @see https://github.com/hashicorp/go-azure-sdk/blob/main/sdk/environments/from_name.go
 */
export function cloudOfEnvironment(environment: string): Cloud | undefined {
  const name = environment.toLowerCase();
  const wanted = environmentAliases[name] ?? name;
  return Object.values(clouds).find((cloud) => cloud.azureadEnvironment === wanted);
}

/** The cloud whose Microsoft Graph has an address; none for one of a test, or behind a proxy. */
export function cloudOfGraph(graph: string): Cloud | undefined {
  return Object.values(clouds).find((cloud) => cloud.graph === graph);
}

/** Whether a value read from configuration names a cloud. */
export function isCloudName(value: unknown): value is CloudName {
  return (cloudNames as readonly unknown[]).includes(value);
}

/** Whether a domain has the form of an initial domain of this cloud. */
export function isInitialDomainOf(cloud: Cloud, domain: string): boolean {
  const name = domain.toLowerCase();
  return cloud.organizationSuffixes.some(
    (suffix) =>
      name.endsWith(suffix) &&
      /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name.slice(0, -suffix.length)),
  );
}
