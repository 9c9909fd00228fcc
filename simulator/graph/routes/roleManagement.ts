import { asText } from "../../json";
import { type DirectoryRoleTemplate, directoryRoleTemplates } from "../../seed/directoryRoles";
import type { DirectoryRoleAssignmentRecord } from "../../state/entities";
import type { TenantState } from "../../state/tenantState";
import { requiredGuid, requiredText } from "../body";
import type { GraphCall } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { roleAssignmentType, roleDefinitionType } from "../model/grantTypes";
import { presentRoleDefinition } from "../present";
import { showObjects } from "../references";

/** Permissions that suffice to read directory roles and who holds them. */
export const readRoles = [
  "RoleManagement.Read.Directory",
  "RoleManagement.Read.All",
  "RoleManagement.ReadWrite.Directory",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];

/** Permissions that suffice to give and take directory roles. */
export const writeRoles = ["RoleManagement.ReadWrite.Directory"];

/** @see https://learn.microsoft.com/graph/api/resources/unifiedroleassignment */
export const roleAssignments: EntitySet<DirectoryRoleAssignmentRecord> = {
  paths: ["/roleManagement/directory/roleAssignments"],
  type: {
    ...roleAssignmentType,
    navigation: {
      principal: {
        many: false,
        related: (tenant, { principalId }) => showObjects(tenant, [asText(principalId)]),
      },
      roleDefinition: {
        many: false,
        related: (_, { roleDefinitionId }) => {
          const template = directoryRoleTemplates.get(asText(roleDefinitionId));
          return template === undefined ? [] : [presentRoleDefinition(template)];
        },
      },
    },
  },
  read: readRoles,
  write: writeRoles,
  all: ({ state }) => state.roleAssignments.all(),
  show: (_, assignment) => ({ ...assignment }),
  create: (call) => ({ ...assignDirectoryRole(call) }),
  remove: ({ state }, { id }) => state.roleAssignments.delete(id),
};

/** @see https://learn.microsoft.com/graph/api/resources/unifiedroledefinition */
export const roleDefinitions: EntitySet<DirectoryRoleTemplate> = {
  paths: ["/roleManagement/directory/roleDefinitions"],
  type: roleDefinitionType,
  read: readRoles,
  all: () => [...directoryRoleTemplates.values()],
  find: (_, key) => directoryRoleTemplates.get(key.toLowerCase()),
  show: (_, template) => presentRoleDefinition(template),
};

function assignDirectoryRole({ state, body }: GraphCall): DirectoryRoleAssignmentRecord {
  const principalId = requiredGuid(body, "principalId", "UnifiedRoleAssignment");
  const wanted = requiredGuid(body, "roleDefinitionId", "UnifiedRoleAssignment");
  const scope =
    typeof body["appScopeId"] === "string"
      ? body["appScopeId"]
      : requiredText(body, "directoryScopeId", "UnifiedRoleAssignment");
  // The object id of an activated role is accepted too, and answered as the template's id.
  const roleDefinitionId = state.directoryRoles.get(wanted)?.roleTemplateId ?? wanted;
  if (!directoryRoleTemplates.has(roleDefinitionId)) {
    throw graphErrors.notFound(wanted);
  }
  const principal = state.directoryObject(principalId);
  if (principal === undefined || principal.type === "application") {
    throw graphErrors.notFound(principalId);
  }
  if (state.groups.get(principalId)?.properties.isAssignableToRole === false) {
    throw graphErrors.badRequest(
      "The group is not assignable to roles: isAssignableToRole has to be set when it is created.",
    );
  }
  checkScope(state, scope);
  const duplicate = state.roleAssignments
    .findBy("principalId", principalId)
    .some((one) => one.roleDefinitionId === roleDefinitionId && one.directoryScopeId === scope);
  if (duplicate) {
    throw graphErrors.conflictingObject();
  }
  return state.assignDirectoryRole(principalId, roleDefinitionId, scope);
}

function checkScope(state: TenantState, scope: string): void {
  if (scope === "/") {
    return;
  }
  const unit = /^\/administrativeUnits\/([^/]+)$/.exec(scope)?.[1];
  const object = /^\/([^/]+)$/.exec(scope)?.[1];
  const exists =
    (unit !== undefined && state.administrativeUnits.get(unit) !== undefined) ||
    (object !== undefined && state.directoryObject(object) !== undefined);
  if (!exists) {
    throw graphErrors.notFound(unit ?? object ?? scope);
  }
}
