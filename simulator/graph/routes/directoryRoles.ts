import { asText } from "../../json";
import { type DirectoryRoleTemplate, directoryRoleTemplates } from "../../seed/directoryRoles";
import type { DirectoryRoleAssignmentRecord, DirectoryRoleRecord } from "../../state/entities";
import type { TenantState } from "../../state/tenantState";
import { requiredGuid } from "../body";
import type { GraphCall } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findByKey, findInPath } from "../lookup";
import { directoryRoleTemplateType, directoryRoleType } from "../model/grantTypes";
import { presentDirectoryRole, presentRoleTemplate } from "../present";
import { type References, relationTo } from "../references";
import { readRoles, writeRoles } from "./roleManagement";

/** @see https://learn.microsoft.com/graph/api/resources/directoryroletemplate */
export const roleTemplates: EntitySet<DirectoryRoleTemplate> = {
  paths: ["/directoryRoleTemplates"],
  type: directoryRoleTemplateType,
  read: readRoles,
  all: () => [...directoryRoleTemplates.values()],
  find: (_, key) => directoryRoleTemplates.get(key.toLowerCase()),
  show: (_, template) => presentRoleTemplate(template),
};

/**
 * Directory roles as activated objects with members, the older view of role assignments.
 *
 * @see https://learn.microsoft.com/graph/api/resources/directoryrole
 */
export const directoryRoles: EntitySet<DirectoryRoleRecord> = {
  paths: ["/directoryRoles"],
  type: {
    ...directoryRoleType,
    navigation: {
      members: relationTo((state, { roleTemplateId }) =>
        roleHolders(state, asText(roleTemplateId)),
      ),
    },
  },
  read: readRoles,
  write: writeRoles,
  all: ({ state }) => state.directoryRoles.all(),
  delta: true,
  find: findDirectoryRole,
  show: (_, role) => presentDirectoryRole(role),
  create: ({ state, body }) => {
    const templateId = requiredGuid(body, "roleTemplateId", "DirectoryRole");
    if (!directoryRoleTemplates.has(templateId)) {
      throw graphErrors.notFound(templateId);
    }
    if (state.directoryRoles.firstBy("roleTemplateId", templateId) !== undefined) {
      throw graphErrors.conflictingObject();
    }
    return presentDirectoryRole(state.activateDirectoryRole(templateId));
  },
};

export const directoryRoleMembers: References = {
  paths: ["/directoryRoles/:id/members"],
  read: readRoles,
  write: writeRoles,
  ids: (call) => roleHolders(call.state, findInPath(call, findDirectoryRole).roleTemplateId),
  add: (call, id) => {
    if (call.state.applications.get(id) !== undefined) {
      throw graphErrors.notFound(id);
    }
    call.state.assignDirectoryRole(id, findInPath(call, findDirectoryRole).roleTemplateId, "/");
  },
  remove: (call, id) => {
    const held = roleAssignmentsOf(call.state, findInPath(call, findDirectoryRole).roleTemplateId);
    for (const { id: assignment } of held.filter(({ principalId }) => principalId === id)) {
      call.state.roleAssignments.delete(assignment);
    }
  },
};

export function findDirectoryRole(
  { state }: GraphCall,
  key: string,
): DirectoryRoleRecord | undefined {
  return findByKey(state.directoryRoles, key, {
    roleTemplateId: (value) => state.directoryRoles.firstBy("roleTemplateId", value),
  });
}

function roleHolders(state: TenantState, roleTemplateId: string): string[] {
  return roleAssignmentsOf(state, roleTemplateId).map(({ principalId }) => principalId);
}

/** Assignments of a role in the whole tenant. */
function roleAssignmentsOf(
  state: TenantState,
  roleTemplateId: string,
): DirectoryRoleAssignmentRecord[] {
  return state.roleAssignments
    .all()
    .filter((one) => one.roleDefinitionId === roleTemplateId && one.directoryScopeId === "/");
}
