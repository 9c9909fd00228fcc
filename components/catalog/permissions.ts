import { manageAsApp, type Permission } from "../../policy/rules/data/permissions";
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

function catalogRow(key: string, row: Permission): ApplicationPermission {
  const { resourceName, resourceAppId, value, id, reason, source } = row;
  return { key, resourceName, resourceAppId, value, appRoleId: id, reach: reason, source };
}

/** `Exchange.ManageAsApp` of Office 365 Exchange Online. */
const exchangeOnlineManageAsApp = catalogRow("exchange-online", manageAsApp.exchangeOnline);

/** `Exchange.ManageAsApp` of Microsoft Exchange Online Protection. */
const exchangeOnlineProtectionManageAsApp = catalogRow(
  "exchange-online-protection",
  manageAsApp.exchangeOnlineProtection,
);

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
