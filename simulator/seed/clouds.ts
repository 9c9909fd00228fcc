/** A Microsoft cloud; the names are those of the azuread provider's `environment` setting. */
export type CloudName = "global" | "usgovernment" | "dod" | "china";

/** What differs between clouds, as far as tokens and resources show it. */
export interface Cloud {
  /** Base addresses of the token endpoint. */
  readonly loginHosts: readonly string[];
  /** Start of the issuer of v1.0 access tokens; the tenant id and a slash follow. */
  readonly issuer: string;
  readonly graph: readonly string[];
  readonly exchange: readonly string[];
  readonly compliance: readonly string[];
  /** Azure Resource Manager, in its newer spelling and its older one. */
  readonly management: readonly string[];
}

/**
 * Every cloud by its name.
 *
 * @see https://learn.microsoft.com/graph/deployments
 * @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 * @see https://learn.microsoft.com/powershell/exchange/connect-to-exchange-online-powershell
 * @see https://learn.microsoft.com/powershell/exchange/connect-to-scc-powershell
 */
export const clouds: Readonly<Record<CloudName, Cloud>> = {
  global: {
    loginHosts: [
      "https://login.microsoftonline.com",
      "https://login.windows.net",
      "https://login.microsoft.com",
      "https://sts.windows.net",
    ],
    issuer: "https://sts.windows.net/",
    graph: ["https://graph.microsoft.com"],
    exchange: [
      "https://outlook.office365.com",
      "https://outlook.office.com",
      "https://ps.outlook.com",
    ],
    compliance: ["https://ps.compliance.protection.outlook.com"],
    management: ["https://management.azure.com", "https://management.core.windows.net"],
  },
  usgovernment: {
    loginHosts: ["https://login.microsoftonline.us"],
    issuer: "https://sts.windows.net/",
    graph: ["https://graph.microsoft.us"],
    exchange: ["https://outlook.office365.us"],
    compliance: ["https://ps.compliance.protection.office365.us"],
    management: [
      "https://management.usgovcloudapi.net",
      "https://management.core.usgovcloudapi.net",
    ],
  },
  dod: {
    loginHosts: ["https://login.microsoftonline.us"],
    issuer: "https://sts.windows.net/",
    graph: ["https://dod-graph.microsoft.us"],
    exchange: ["https://outlook-dod.office365.us", "https://webmail.apps.mil"],
    compliance: [
      "https://ps.compliance.protection.office365.us",
      "https://l5.ps.compliance.protection.office365.us",
    ],
    management: [
      "https://management.usgovcloudapi.net",
      "https://management.core.usgovcloudapi.net",
    ],
  },
  china: {
    loginHosts: ["https://login.chinacloudapi.cn", "https://login.partner.microsoftonline.cn"],
    issuer: "https://sts.chinacloudapi.cn/",
    graph: ["https://microsoftgraph.chinacloudapi.cn"],
    exchange: ["https://partner.outlook.cn", "https://outlook.office365.cn"],
    compliance: ["https://ps.compliance.protection.partner.outlook.cn"],
    management: ["https://management.chinacloudapi.cn", "https://management.core.chinacloudapi.cn"],
  },
};
