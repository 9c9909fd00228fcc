import type { Workload } from "../../components/catalog/workloads";
import type { ConnectMethod } from "./credentials";

/** The PowerShell module of both workloads. */
export const moduleName = "ExchangeOnlineManagement";

/**
 * The versions that the ready pipelines install: the newest, and the newest for PowerShell 7.4 and
 * 7.5. Windows PowerShell 5.1 takes any.
 *
 * @see https://learn.microsoft.com/powershell/exchange/exchange-online-powershell-v2
 */
export const moduleVersions = { current: "3.10.1", beforePowerShell76: "3.9.2" } as const;

/** Whether a text is the number of a release that PowerShell's gallery may have. */
export function isReleasedVersion(text: string): boolean {
  return /^(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4})){2}$/.test(text);
}

/** What every recipe says about versions. */
export const versionNote =
  "Module 3.10.0 and newer need PowerShell 7.6, 3.5.0 to 3.9.2 need PowerShell 7.4; Windows PowerShell 5.1 takes any.";

/** Operating systems on which PowerShell runs. */
export type Platform = "windows" | "linux" | "macos";

/**
 * Where a method works for a workload. Microsoft offers Security & Compliance PowerShell only
 * on Windows, thumbprints need Windows' certificate store, and managed identities exist in Azure.
 *
 * @see https://learn.microsoft.com/powershell/exchange/exchange-online-powershell-v2
 */
export function platformsOf(workload: Workload, method: ConnectMethod): readonly Platform[] {
  if (workload === "compliance" || method === "thumbprint") {
    return ["windows"];
  }
  return method === "managed-identity" ? ["windows", "linux"] : ["windows", "linux", "macos"];
}

/**
 * The oldest module that connects this way: before 3.0.0, and 3.2.0 for Security & Compliance, it
 * depends on remote PowerShell, which is no longer offered.
 */
export function oldestModule(workload: Workload, method: ConnectMethod): string {
  if (method.startsWith("access-token")) {
    return workload === "exchange" ? "3.1.0" : "3.8.0";
  }
  return workload === "exchange" ? "3.0.0" : "3.2.0";
}
