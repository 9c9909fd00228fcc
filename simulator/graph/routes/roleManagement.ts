import type { Caller, SimulatorApp, SimulatorContext } from "../../http/context";
import { directoryRoleTemplates } from "../../seed/directoryRoles";
import type { DirectoryRoleAssignmentRecord } from "../../state/entities";
import { authorize } from "../authorization";
import { jsonBody, requiredGuid, requiredText } from "../body";
import { graphErrors } from "../errors";
import { presentRoleAssignment, presentRoleDefinition } from "../present";
import { entity, filtered, list } from "../query";

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

/**
 * Directory roles as role definitions and their assignments.
 *
 * @see https://learn.microsoft.com/graph/api/resources/unifiedroleassignment
 * @see https://learn.microsoft.com/graph/api/resources/unifiedroledefinition
 */
export function installRoleManagementRoutes(app: SimulatorApp, version: string): void {
  const assignments = `/${version}/roleManagement/directory/roleAssignments`;
  const definitions = `/${version}/roleManagement/directory/roleDefinitions`;
  const assignmentSet = "roleManagement/directory/roleAssignments";
  const definitionSet = "roleManagement/directory/roleDefinitions";

  app.get(assignments, (c) => {
    const caller = authorize(c, readRoles);
    const found = filtered(c, caller.tenant.state.roleAssignments.all(), {
      principalId: ({ principalId }) => principalId,
      roleDefinitionId: ({ roleDefinitionId }) => roleDefinitionId,
    });
    return list(c, assignmentSet, found.map(presentRoleAssignment));
  });

  app.post(assignments, (c) => {
    const caller = authorize(c, writeRoles);
    return entity(c, assignmentSet, presentRoleAssignment(assign(c, caller)), 201);
  });

  app.get(`${assignments}/:id`, (c) => {
    const caller = authorize(c, readRoles);
    return entity(c, assignmentSet, presentRoleAssignment(assignmentInPath(c, caller)));
  });

  app.delete(`${assignments}/:id`, (c) => {
    const caller = authorize(c, writeRoles);
    const { state } = caller.tenant;
    state.roleAssignments.delete(assignmentInPath(c, caller).id);
    state.touch();
    return c.body(null, 204);
  });

  app.get(definitions, (c) => {
    authorize(c, readRoles);
    const found = filtered(c, [...directoryRoleTemplates.values()], {
      displayName: ({ displayName }) => displayName,
      id: ({ id }) => id,
      isBuiltIn: () => true,
      templateId: ({ id }) => id,
    });
    return list(
      c,
      definitionSet,
      found.map(({ id }) => presentRoleDefinition(id)).filter((one) => one !== undefined),
    );
  });

  app.get(`${definitions}/:id`, (c) => {
    authorize(c, readRoles);
    const id = c.req.param("id").toLowerCase();
    const definition = presentRoleDefinition(id);
    if (definition === undefined) {
      throw graphErrors.notFound(id);
    }
    return entity(c, definitionSet, definition);
  });
}

function assignmentInPath(c: SimulatorContext, caller: Caller): DirectoryRoleAssignmentRecord {
  const id = c.req.param("id") ?? "";
  const found = caller.tenant.state.roleAssignments.get(id);
  if (found === undefined) {
    throw graphErrors.notFound(id);
  }
  return found;
}

function assign(c: SimulatorContext, caller: Caller): DirectoryRoleAssignmentRecord {
  const { state } = caller.tenant;
  const body = jsonBody(c);
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
  checkScope(caller, scope);
  const duplicate = state.roleAssignments
    .findBy("principalId", principalId)
    .some((one) => one.roleDefinitionId === roleDefinitionId && one.directoryScopeId === scope);
  if (duplicate) {
    throw graphErrors.conflictingObject();
  }
  return state.assignDirectoryRole(principalId, roleDefinitionId, scope);
}

function checkScope(caller: Caller, scope: string): void {
  if (scope === "/") {
    return;
  }
  const { state } = caller.tenant;
  const unit = /^\/administrativeUnits\/([^/]+)$/.exec(scope)?.[1];
  const object = /^\/([^/]+)$/.exec(scope)?.[1];
  const exists =
    (unit !== undefined && state.administrativeUnits.get(unit) !== undefined) ||
    (object !== undefined && state.directoryObject(object) !== undefined);
  if (!exists) {
    throw graphErrors.notFound(unit ?? object ?? scope);
  }
}
