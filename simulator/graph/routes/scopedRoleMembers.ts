import { asText, isJsonObject } from "../../json";
import type { DirectoryRoleAssignmentRecord } from "../../state/entities";
import { requiredGuid } from "../body";
import type { GraphCall } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findInPath } from "../lookup";
import { scopedRoleMembershipType } from "../model/grantTypes";
import { unitPaths } from "./administrativeUnits";
import { readDirectory } from "./directoryObjects";
import { findDirectoryRole } from "./directoryRoles";
import { readRoles, writeRoles } from "./roleManagement";
import { findUser } from "./users";

const unit = (call: GraphCall) =>
  findInPath(call, ({ state }, key) => state.administrativeUnits.get(key));
const scopeOf = ({ id }: { readonly id: string }) => `/administrativeUnits/${id}`;

const membershipView = {
  parameter: "member",
  type: scopedRoleMembershipType,
  setName: () => "scopedRoleMemberships",
  show: presentScopedMember,
};

/**
 * Who holds a role in an administrative unit: the older view of role assignments with that scope.
 *
 * @see https://learn.microsoft.com/graph/api/resources/scopedrolemembership
 */
export const scopedRoleMembers: EntitySet<DirectoryRoleAssignmentRecord> = {
  ...membershipView,
  paths: unitPaths.map((path) => `${path}/:id/scopedRoleMembers`),
  read: readRoles,
  write: writeRoles,
  all: (call) =>
    call.state.roleAssignments
      .all()
      .filter(({ directoryScopeId }) => directoryScopeId === scopeOf(unit(call))),
  create: (call) => {
    const { body, state } = call;
    const roleId = requiredGuid(body, "roleId", "ScopedRoleMembership");
    const role = state.directoryRoles.get(roleId);
    const info = isJsonObject(body["roleMemberInfo"] ?? null) ? body["roleMemberInfo"] : null;
    const principalId = isJsonObject(info) ? asText(info["id"]) : "";
    const principal = state.directoryObject(principalId);
    if (role === undefined || principal === undefined || principal.type === "application") {
      throw graphErrors.notFound(role === undefined ? roleId : principalId);
    }
    const scope = scopeOf(unit(call));
    const held = state.roleAssignments
      .findBy("principalId", principalId)
      .some(
        (one) => one.roleDefinitionId === role.roleTemplateId && one.directoryScopeId === scope,
      );
    if (held) {
      throw graphErrors.conflictingObject();
    }
    return presentScopedMember(
      call,
      state.assignDirectoryRole(principalId, role.roleTemplateId, scope),
    );
  },
  remove: ({ state }, { id }) => state.roleAssignments.delete(id),
};

/**
 * The same, seen from an activated role.
 *
 * @see https://learn.microsoft.com/graph/api/directoryrole-list-scopedmembers
 */
export const scopedMembersOfRoles: EntitySet<DirectoryRoleAssignmentRecord> = {
  ...membershipView,
  paths: ["/directoryRoles/:id/scopedMembers"],
  read: readRoles,
  all: (call) => {
    const { roleTemplateId } = findInPath(call, findDirectoryRole);
    return call.state.roleAssignments
      .all()
      .filter((one) => one.roleDefinitionId === roleTemplateId && isOfUnit(one));
  },
};

/**
 * The same, seen from a user.
 *
 * @see https://learn.microsoft.com/graph/api/user-list-scopedrolememberof
 */
export const scopedRolesOfUsers: EntitySet<DirectoryRoleAssignmentRecord> = {
  ...membershipView,
  paths: ["/users/:id/scopedRoleMemberOf"],
  read: readDirectory,
  all: (call) =>
    call.state.roleAssignments
      .findBy("principalId", findInPath(call, findUser).id)
      .filter(isOfUnit),
};

function isOfUnit({ directoryScopeId }: DirectoryRoleAssignmentRecord): boolean {
  return directoryScopeId.startsWith("/administrativeUnits/");
}

function presentScopedMember({ state }: GraphCall, assignment: DirectoryRoleAssignmentRecord) {
  const { id, principalId, roleDefinitionId, directoryScopeId } = assignment;
  return {
    id,
    roleId: state.activateDirectoryRole(roleDefinitionId).id,
    administrativeUnitId: directoryScopeId.replace("/administrativeUnits/", ""),
    roleMemberInfo: {
      id: principalId,
      displayName: state.directoryObject(principalId)?.displayName ?? null,
    },
  };
}
