import { builtInRoles } from "../../policy/rules/data/directoryRoles";
import type { Workload } from "./workloads";

/**
 * A Microsoft Entra built-in role that app-only PowerShell supports.
 *
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2#step-5-assign-microsoft-entra-roles-to-the-application
 * @see https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
 */
export interface DirectoryRole {
  /** Display name as Microsoft writes it, for example `Exchange Administrator`. */
  readonly name: string;
  /** Template id: the same in every tenant, and what Graph reads back. */
  readonly templateId: string;
  /** Workloads in which the role is supported. */
  readonly workloads: readonly Workload[];
  /** Whether Microsoft labels the role PRIVILEGED. */
  readonly privileged: boolean;
  /** Whether holders can change anything, as opposed to reading only. */
  readonly writes: boolean;
  /** What holders can do, in one sentence. */
  readonly reach: string;
}

/** The roles of Microsoft's support table, in the table's order, which is that of their names. */
export const directoryRoles: readonly DirectoryRole[] = builtInRoles
  .filter((role): role is DirectoryRole & typeof role => role.workloads.length > 0)
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** The role with this display name; case and surrounding space do not matter. */
export function findDirectoryRole(name: string): DirectoryRole | undefined {
  const wanted = name.trim().toLowerCase();
  return directoryRoles.find((role) => role.name.toLowerCase() === wanted);
}

/**
 * What else the roles are called, in small letters and digits only: by their template ids, and as
 * Microsoft Graph and the older modules call two of them.
 *
 * @see https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference#deprecated-roles
 */
export const otherRoleNames: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    directoryRoles.map(({ name, templateId }) => [templateId.replaceAll("-", ""), name]),
  ),
  companyadministrator: "Global Administrator",
  exchangeserviceadministrator: "Exchange Administrator",
};

/**
 * Names of the roles that a workload supports, in the table's order.
 *
 * @param held Template ids of the roles in question; all by default.
 */
export function roleNamesFor(workload: Workload, held?: readonly unknown[]): string[] {
  return directoryRoles
    .filter(({ workloads }) => workloads.includes(workload))
    .filter(({ templateId }) => held === undefined || held.includes(templateId))
    .map(({ name }) => name);
}

/**
 * Whether a role may be assigned only with an entry in `exceptions`: the roles Microsoft labels
 * privileged, as far as they write. The privileged readers (Global Reader, Security Reader) are
 * what least privilege recommends for reports, so they need none.
 */
export function needsException(role: DirectoryRole): boolean {
  return role.privileged && role.writes;
}
