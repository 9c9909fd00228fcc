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

/** The eight roles of the support table, in the table's order. */
export const directoryRoles: readonly DirectoryRole[] = [
  {
    name: "Compliance Administrator",
    templateId: "17315797-102d-40b4-93e0-432062caca18",
    workloads: ["exchange", "compliance"],
    privileged: false,
    writes: true,
    reach: "Manages compliance configuration and reports in Microsoft Entra ID and Microsoft 365.",
  },
  {
    name: "Exchange Administrator",
    templateId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
    workloads: ["exchange"],
    privileged: false,
    writes: true,
    reach: "Manages every aspect of Exchange Online, including the content rules of all mailboxes.",
  },
  {
    name: "Exchange Recipient Administrator",
    templateId: "31392ffb-586c-42d1-9346-e59415a2cc4e",
    workloads: ["exchange"],
    privileged: false,
    writes: true,
    reach: "Creates and updates Exchange Online recipients.",
  },
  {
    name: "Global Administrator",
    templateId: "62e90394-69f5-4237-9190-012177145e10",
    workloads: ["exchange", "compliance"],
    privileged: true,
    writes: true,
    reach: "Controls the whole tenant: every service, every account, every other administrator.",
  },
  {
    name: "Global Reader",
    templateId: "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
    workloads: ["exchange", "compliance"],
    privileged: true,
    writes: false,
    reach: "Reads everything a Global Administrator can read, and changes nothing.",
  },
  {
    name: "Helpdesk Administrator",
    templateId: "729827e3-9c14-49f7-bb1b-9608f156bbb8",
    workloads: ["exchange"],
    privileged: true,
    writes: true,
    reach: "Resets passwords of non-administrators and Helpdesk Administrators.",
  },
  {
    name: "Security Administrator",
    templateId: "194ae4cb-b126-40b2-bd5b-6091b380977d",
    workloads: ["exchange", "compliance"],
    privileged: true,
    writes: true,
    reach: "Reads security information and reports and changes security configuration.",
  },
  {
    name: "Security Reader",
    templateId: "5d6b6bb7-de71-4623-b4af-96380a352509",
    workloads: ["exchange", "compliance"],
    privileged: true,
    writes: false,
    reach: "Reads security information and reports.",
  },
];

/** The role with this display name; case and surrounding space do not matter. */
export function findDirectoryRole(name: string): DirectoryRole | undefined {
  const wanted = name.trim().toLowerCase();
  return directoryRoles.find((role) => role.name.toLowerCase() === wanted);
}

/** The roles with these names, each once, in the table's order; unknown names are left out. */
export function rolesInOrder(names: readonly string[]): DirectoryRole[] {
  const wanted = new Set(names.map(findDirectoryRole));
  return directoryRoles.filter((role) => wanted.has(role));
}

/** The role with this template id; case does not matter. */
export function findDirectoryRoleByTemplateId(templateId: string): DirectoryRole | undefined {
  return directoryRoles.find((role) => role.templateId === templateId.toLowerCase());
}

/** Names of the roles that a workload supports, in the table's order. */
export function roleNamesFor(workload: Workload): string[] {
  return directoryRoles.filter((role) => role.workloads.includes(workload)).map((r) => r.name);
}

/**
 * Whether a role may be assigned only with an entry in `exceptions`: the roles Microsoft labels
 * privileged, as far as they write. The privileged readers (Global Reader, Security Reader) are
 * what least privilege recommends for reports, so they need none.
 */
export function needsException(role: DirectoryRole): boolean {
  return role.privileged && role.writes;
}
