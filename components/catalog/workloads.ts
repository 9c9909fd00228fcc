/**
 * A workload is a service whose PowerShell module can sign in as an application.
 *
 * - `exchange`: Exchange Online PowerShell, `Connect-ExchangeOnline`.
 * - `compliance`: Security & Compliance PowerShell, `Connect-IPPSSession`.
 *
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
export const workloads = ["exchange", "compliance"] as const;

/** One of {@link workloads}. */
export type Workload = (typeof workloads)[number];

/** The name Microsoft's documentation uses for a workload, for example in an error text. */
export const workloadTitles: Readonly<Record<Workload, string>> = {
  exchange: "Exchange Online PowerShell",
  compliance: "Security & Compliance PowerShell",
};

/** Whether a value read from configuration names a workload. */
export function isWorkload(value: unknown): value is Workload {
  return (workloads as readonly unknown[]).includes(value);
}

/** What Microsoft's modules and people call the workloads, in small letters and digits only. */
export const otherWorkloadNames: Readonly<Record<string, Workload>> = {
  exo: "exchange",
  exchangeonline: "exchange",
  exchangeonlinepowershell: "exchange",
  ipps: "compliance",
  microsoftpurview: "compliance",
  purview: "compliance",
  scc: "compliance",
  securitycompliance: "compliance",
  securityandcompliance: "compliance",
  securitycompliancepowershell: "compliance",
};
