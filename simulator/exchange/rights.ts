import type { Caller } from "../http/context";
import type { RoleAssignmentRecord, Workload } from "../state/exchangeEntities";
import { directoryRolesOf, findRole, roleGroups } from "./roleDirectory";

/** One way in which a caller may run a cmdlet. */
export interface Grant {
  readonly parameters: readonly string[];
  readonly assignment: RoleAssignmentRecord;
}

/** What a caller may run in a workload: ways by cmdlet. */
export type Rights = ReadonlyMap<string, readonly Grant[]>;

/**
 * What a caller may run, by the directory roles in its token, by the role groups that its service
 * principal is a member of, and by what is assigned to the service principal itself. They add up.
 *
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2#step-5-assign-permissions
 */
export function rightsOf(
  { tenant: { state, faults }, wids, objectId }: Caller,
  workload: Workload,
): Rights {
  const member = roleGroups(state, workload).filter(
    (group) =>
      (group.members.includes(objectId) && !faults.grantLags(`${group.id}/${objectId}`)) ||
      directoryRolesOf(group).some((role) => wids.includes(role)),
  );
  const assigned = [...member.map(({ id }) => id), objectId]
    .flatMap((id) => state.exchangeRoleAssignments.findBy("assigneeId", id))
    .filter(
      (one) =>
        one.workload === workload && one.enabled && !one.delegating && !faults.grantLags(one.id),
    );
  const rights = new Map<string, Grant[]>();
  for (const assignment of assigned) {
    for (const { cmdlet, parameters } of findRole(state, workload, assignment.role)?.entries ??
      []) {
      rights.set(cmdlet, [...(rights.get(cmdlet) ?? []), { parameters, assignment }]);
    }
  }
  return rights;
}

/** The parameters with which a cmdlet may be called. */
export function parametersOf(rights: Rights, cmdlet: string): string[] {
  return [...new Set((rights.get(cmdlet) ?? []).flatMap(({ parameters }) => parameters))].sort();
}
