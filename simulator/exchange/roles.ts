/** A service with an admin API. */
export type Workload = "exchange" | "compliance";

const role = {
  complianceAdministrator: "17315797-102d-40b4-93e0-432062caca18",
  exchangeAdministrator: "29232cdf-9323-42fd-ade2-1d097af3e4de",
  exchangeRecipientAdministrator: "31392ffb-586c-42d1-9346-e59415a2cc4e",
  globalAdministrator: "62e90394-69f5-4237-9190-012177145e10",
  globalReader: "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
  helpdeskAdministrator: "729827e3-9c14-49f7-bb1b-9608f156bbb8",
  securityAdministrator: "194ae4cb-b126-40b2-bd5b-6091b380977d",
  securityReader: "5d6b6bb7-de71-4623-b4af-96380a352509",
} as const;

type RoleName = keyof typeof role;

const compliance: readonly RoleName[] = [
  "complianceAdministrator",
  "globalAdministrator",
  "globalReader",
  "securityAdministrator",
  "securityReader",
];

/**
 * The directory roles that app-only PowerShell supports, by workload.
 *
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2#step-5-assign-microsoft-entra-roles-to-the-application
 */
const supported: Readonly<Record<Workload, readonly RoleName[]>> = {
  exchange: Object.keys(role) as RoleName[],
  compliance,
};

/**
 * Which roles may call a cmdlet. The roles behind it follow Exchange's role groups; a cmdlet that
 * is not in the table is unknown here.
 *
 * @see https://learn.microsoft.com/exchange/permissions-exo/permissions-exo
 * @see https://learn.microsoft.com/defender-office-365/scc-permissions
 */
const cmdletRoles: Readonly<Record<Workload, Readonly<Record<string, readonly RoleName[]>>>> = {
  exchange: {
    "Get-OrganizationConfig": supported.exchange,
    "Get-AcceptedDomain": supported.exchange.filter((name) => name !== "helpdeskAdministrator"),
    "Get-Mailbox": supported.exchange.filter((name) => !name.startsWith("security")),
    "Get-Recipient": supported.exchange.filter((name) => !name.startsWith("security")),
    "Get-TransportRule": [
      "complianceAdministrator",
      "exchangeAdministrator",
      "globalAdministrator",
      "globalReader",
    ],
    "Get-TransportConfig": [
      "complianceAdministrator",
      "exchangeAdministrator",
      "globalAdministrator",
      "globalReader",
    ],
    "Get-HostedContentFilterPolicy": [
      "exchangeAdministrator",
      "globalAdministrator",
      "globalReader",
    ],
    "Get-AdminAuditLogConfig": supported.exchange.filter(
      (name) => name !== "helpdeskAdministrator" && name !== "exchangeRecipientAdministrator",
    ),
  },
  compliance: {
    "Get-Label": compliance,
    "Get-LabelPolicy": compliance,
    "Get-DlpCompliancePolicy": compliance,
    "Get-ProtectionAlert": compliance,
    "Get-RetentionCompliancePolicy": [
      "complianceAdministrator",
      "globalAdministrator",
      "globalReader",
    ],
  },
};

/** Whether one of these role template ids is supported in a workload. */
export function hasSupportedRole(workload: Workload, wids: readonly string[]): boolean {
  return supported[workload].some((name) => wids.includes(role[name]));
}

/** Whether a workload has a cmdlet of this name; case does not count. */
export function findCmdlet(workload: Workload, name: string): string | undefined {
  return Object.keys(cmdletRoles[workload]).find(
    (cmdlet) => cmdlet.toLowerCase() === name.toLowerCase(),
  );
}

/** The cmdlets that these role template ids allow in a workload. */
export function allowedCmdlets(workload: Workload, wids: readonly string[]): string[] {
  return Object.entries(cmdletRoles[workload])
    .filter(([, names]) => names.some((name) => wids.includes(role[name])))
    .map(([cmdlet]) => cmdlet);
}
