import { Failure } from "../../system/failure";
import type { AssignmentWish, GraphRoles } from "../graphRoles";
import type { Assigned, AssignmentWay } from "./assignmentByCmdlets";

/**
 * Assigns over Microsoft Graph, which needs no pointer to the service principal and no role in
 * Exchange of whoever assigns.
 *
 * @see https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments?view=graph-rest-beta
 */
export function assignByGraph(graph: GraphRoles): AssignmentWay {
  const find = async (wish: AssignmentWish) => {
    const assigned = await graph.assignmentsOf(wish.principalId);
    return assigned.find(
      (one) =>
        one.roleDefinitionId === wish.roleDefinitionId &&
        (one.appScopeId ?? null) === wish.appScopeId &&
        (one.appScopeId !== null || one.directoryScopeId === wish.directoryScopeId),
    )?.id;
  };
  return {
    find: async (assigned) => find(await wishOf(graph, assigned)),
    async create(assigned) {
      const wish = await wishOf(graph, assigned);
      await graph.assign(wish);
      const id = await find(wish);
      if (id === undefined) {
        throw new Failure(
          `The assignment of ${assigned.role} was made and is not listed yet. Repeat the update.`,
        );
      }
      return id;
    },
    async read(id) {
      const found = await graph.assignment(id);
      const [, objectId] = /^\/ServicePrincipals\/(.+)$/i.exec(found?.principalId ?? "") ?? [];
      if (found === undefined || objectId === undefined) {
        return undefined;
      }
      const unit = /^\/AdministrativeUnits\/(.+)$/i.exec(found.directoryScopeId ?? "")?.[1];
      const scope = found.appScopeId === null ? undefined : await graph.scopeName(found.appScopeId);
      return {
        objectId,
        role: (await graph.roleName(found.roleDefinitionId)) ?? found.roleDefinitionId,
        ...(scope === undefined ? {} : { recipientScope: scope }),
        ...(unit === undefined ? {} : { administrativeUnit: unit }),
      };
    },
    remove: (id) => graph.unassign(id),
  };
}

async function wishOf(
  graph: GraphRoles,
  { objectId, role, recipientScope, administrativeUnit }: Assigned,
): Promise<AssignmentWish> {
  const roleDefinitionId = await graph.roleId(role);
  if (roleDefinitionId === undefined) {
    throw new Failure(
      `Exchange Online has no management role "${role}". Correct its name, or make it first.`,
    );
  }
  const appScopeId = recipientScope === undefined ? null : await graph.scopeId(recipientScope);
  if (appScopeId === undefined) {
    throw new Failure(
      `Exchange Online has no management scope "${recipientScope}". Correct its name, or make it first.`,
    );
  }
  return {
    principalId: `/ServicePrincipals/${objectId}`,
    roleDefinitionId,
    directoryScopeId:
      appScopeId !== null
        ? null
        : administrativeUnit === undefined
          ? "/"
          : `/AdministrativeUnits/${administrativeUnit}`,
    appScopeId,
  };
}
