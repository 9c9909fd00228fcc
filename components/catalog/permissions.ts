import { type Workload, workloads } from "./workloads";

/**
 * An application permission (app role) that a resource API of Microsoft offers.
 *
 * The ids are literals so that policies and reviewers know them at preview, before any lookup.
 */
export interface ApplicationPermission {
  /** Short name for resource names and configuration, for example `exchange-online`. */
  readonly key: string;
  /** Display name of the resource's service principal, for example `Office 365 Exchange Online`. */
  readonly resourceName: string;
  /** Application (client) id of the resource, the same in every tenant. */
  readonly resourceAppId: string;
  /** The permission's claim value, for example `Exchange.ManageAsApp`. */
  readonly value: string;
  /** Id of the app role, the same in every tenant. */
  readonly appRoleId: string;
  /** What an application can do with it, in one sentence. */
  readonly reach: string;
  /** Page the ids were taken from. */
  readonly source: string;
}

const appOnlyPage = "https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2";

/** `Exchange.ManageAsApp` of Office 365 Exchange Online. */
export const exchangeOnlineManageAsApp: ApplicationPermission = {
  key: "exchange-online",
  resourceName: "Office 365 Exchange Online",
  resourceAppId: "00000002-0000-0ff1-ce00-000000000000",
  value: "Exchange.ManageAsApp",
  appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440",
  reach:
    "The application can run Exchange Online PowerShell without a signed-in user, as far as its directory roles allow.",
  source: appOnlyPage,
};

/** `Exchange.ManageAsApp` of Microsoft Exchange Online Protection. */
export const exchangeOnlineProtectionManageAsApp: ApplicationPermission = {
  key: "exchange-online-protection",
  resourceName: "Microsoft Exchange Online Protection",
  resourceAppId: "00000007-0000-0ff1-ce00-000000000000",
  value: "Exchange.ManageAsApp",
  appRoleId: "455e5cd2-84e8-4751-8344-5672145dfa17",
  reach:
    "The application can run Security & Compliance PowerShell without a signed-in user, as far as its directory roles allow.",
  source: "https://github.com/MicrosoftDocs/office-docs-powershell/pull/13783",
};

const byWorkload: Readonly<Record<Workload, readonly ApplicationPermission[]>> = {
  exchange: [exchangeOnlineManageAsApp],
  // Tenants differ in which of the two resources issues the compliance token, so both are granted.
  compliance: [exchangeOnlineManageAsApp, exchangeOnlineProtectionManageAsApp],
};

/**
 * The application permissions that a set of workloads needs, without repetition and in the
 * catalog's order, whatever the order of the workloads.
 *
 * @example
 * permissionsFor(["compliance"]).map((permission) => permission.key)
 * // ["exchange-online", "exchange-online-protection"]
 */
export function permissionsFor(wanted: readonly Workload[]): ApplicationPermission[] {
  const needed = workloads
    .filter((workload) => wanted.includes(workload))
    .flatMap((workload) => byWorkload[workload]);
  return [...new Set(needed)];
}

/** Every permission of the catalog. */
export const applicationPermissions: readonly ApplicationPermission[] = permissionsFor(workloads);

/** The catalog's permission with these ids, or `undefined`. Ids are compared without case. */
export function findPermission(
  resourceAppId: string,
  appRoleId: string,
): ApplicationPermission | undefined {
  return applicationPermissions.find(
    (permission) =>
      permission.resourceAppId === resourceAppId.toLowerCase() &&
      permission.appRoleId === appRoleId.toLowerCase(),
  );
}
