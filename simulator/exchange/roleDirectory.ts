import { directoryRoleTemplates } from "../seed/directoryRoles";
import type { RoleEntry, RoleGroupRecord, Workload } from "../state/exchangeEntities";
import { seededId } from "../state/seedTenant";
import type { TenantState } from "../state/tenantState";
import { entriesOfBuiltInRoles } from "./cmdletTable";
import {
  applicationRoles,
  complianceRoleGroups,
  exchangeRoleGroups,
  unassignedRoles,
} from "./data/roleGroups";

/** A management role, built in or custom. */
export interface ManagementRole {
  readonly id: string;
  readonly name: string;
  /** Empty where the role is built in. */
  readonly parent: string;
  readonly description: string;
  /** Whether it is about data over Graph and EWS, not about cmdlets. */
  readonly isApplicationRole: boolean;
  readonly entries: readonly RoleEntry[];
}

interface BuiltInGroup {
  readonly name: string;
  /** Template ids of directory roles whose holders are members. */
  readonly directoryRoles: readonly string[];
  readonly roles: readonly string[];
}

const lines = (text: string) => text.trim().split("\n");

function readGroups(text: string, workload: Workload): BuiltInGroup[] {
  const rows = lines(text).map((row) => row.split("|").map((cell) => cell.trim()));
  const listed = rows.flatMap(([, , roles = ""]) => (roles === "*" ? [] : roles.split(", ")));
  const everything = new Set([...entriesOfBuiltInRoles(workload).keys(), ...listed]);
  return rows.map(([name = "", holders = "", roles = ""]) => ({
    name,
    directoryRoles: [...directoryRoleTemplates.values()]
      .filter(({ displayName }) => holders.split(", ").includes(displayName))
      .map(({ id }) => id),
    roles: roles === "*" ? [...everything].sort() : roles.split(", "),
  }));
}

const builtInGroups: Readonly<Record<Workload, readonly BuiltInGroup[]>> = {
  exchange: readGroups(exchangeRoleGroups, "exchange"),
  compliance: readGroups(complianceRoleGroups, "compliance"),
};

const builtInRoles: Readonly<Record<Workload, readonly Omit<ManagementRole, "id">[]>> = {
  exchange: builtIn("exchange", [...unassignedRoles, ...lines(applicationRoles)]),
  compliance: builtIn("compliance", []),
};

function builtIn(workload: Workload, others: readonly string[]): Omit<ManagementRole, "id">[] {
  const names = new Set([...builtInGroups[workload].flatMap(({ roles }) => roles), ...others]);
  return [...names].sort().map((name) => ({
    name,
    parent: "",
    description: "",
    isApplicationRole: others.includes(name) && name.startsWith("Application "),
    entries: entriesOfBuiltInRoles(workload).get(name) ?? [],
  }));
}

/**
 * Of the tenants that were asked last, by tenant and workload: a hundred ids are hashes, and each
 * look-up of a role wants them.
 */
const builtInRolesByTenant = new Map<string, readonly ManagementRole[]>();

function builtInRolesOf(tenantId: string, workload: Workload): readonly ManagementRole[] {
  const key = `${tenantId}/${workload}/role`;
  const known = builtInRolesByTenant.get(key);
  if (known !== undefined) {
    return known;
  }
  const roles = builtInRoles[workload].map((role) => ({
    ...role,
    id: seededId(tenantId, `${workload}/role/${role.name}`),
  }));
  if (builtInRolesByTenant.size >= 16) {
    builtInRolesByTenant.clear();
  }
  builtInRolesByTenant.set(key, roles);
  return roles;
}

/** Every management role of a workload; Security & Compliance has no custom ones. */
export function managementRoles(state: TenantState, workload: Workload): ManagementRole[] {
  return [
    ...builtInRolesOf(state.identity.tenantId, workload),
    ...(workload === "exchange"
      ? state.exchangeRoles.all().map((role) => ({ ...role, isApplicationRole: false }))
      : []),
  ];
}

/** A management role by its name in any case, or its id. */
export function findRole(
  state: TenantState,
  workload: Workload,
  nameOrId: string,
): ManagementRole | undefined {
  const wanted = nameOrId.toLowerCase();
  return managementRoles(state, workload).find(
    ({ name, id }) => name.toLowerCase() === wanted || id === wanted,
  );
}

/** The role groups of a workload. The built-in ones are made when they are first asked for. */
export function roleGroups(state: TenantState, workload: Workload): RoleGroupRecord[] {
  const { tenantId } = state.identity;
  for (const { name, roles } of builtInGroups[workload]) {
    const id = seededId(tenantId, `${workload}/group/${name}`);
    if (state.exchangeRoleGroups.get(id) !== undefined) {
      break;
    }
    state.exchangeRoleGroups.put({
      id,
      workload,
      name,
      displayName: name,
      description: "",
      builtIn: true,
      members: [],
    });
    for (const role of roles) {
      state.exchangeRoleAssignments.put({
        id: seededId(tenantId, `${workload}/assignment/${name}/${role}`),
        workload,
        name: `${role}-${name}`,
        role,
        assigneeType: "RoleGroup",
        assigneeId: id,
        writeScope: {},
        delegating: false,
        enabled: true,
      });
    }
  }
  return state.exchangeRoleGroups.all().filter((group) => group.workload === workload);
}

/** Template ids of the directory roles whose holders are members of a role group. */
export function directoryRolesOf({ name, workload, builtIn }: RoleGroupRecord): readonly string[] {
  return builtIn
    ? (builtInGroups[workload].find((group) => group.name === name)?.directoryRoles ?? [])
    : [];
}
