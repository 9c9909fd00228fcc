import { randomUUID } from "node:crypto";
import type { SimulatorApp } from "../../http/context";
import { asText, type JsonObject } from "../../json";
import { directoryRoleTemplates } from "../../seed/directoryRoles";
import type { DirectoryRoleAssignmentRecord } from "../../state/entities";
import type { TenantState } from "../../state/tenantState";
import type { Tenant } from "../../state/tenants";
import { requiredGuid, requiredText } from "../body";
import { type GraphCall, permit, versions } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { roleAssignmentType, roleDefinitionType } from "../model/grantTypes";
import { presentRoleDefinitionOf } from "../present";
import { mergeProperties } from "../properties";
import { showObjects } from "../references";
import { allMemberships } from "./memberships";

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

/** The object that a role is scoped to; none where it holds in the whole tenant. */
export function scopeOfAssignment(tenant: Tenant, { directoryScopeId }: JsonObject): JsonObject[] {
  return showObjects(tenant, [asText(directoryScopeId).split("/").at(-1)!]);
}

/** The role that an assignment, or a schedule of one, names. */
export function roleDefinitionIn(
  { state }: Tenant,
  { roleDefinitionId }: JsonObject,
): JsonObject[] {
  const definition = presentRoleDefinitionOf(state, asText(roleDefinitionId));
  return definition === undefined ? [] : [definition];
}

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
      roleDefinition: { many: false, type: roleDefinitionType, related: roleDefinitionIn },
      directoryScope: { many: false, related: scopeOfAssignment },
    },
  },
  read: readRoles,
  write: writeRoles,
  all: ({ state }) => state.roleAssignments.all(),
  show: (_, assignment) => ({ ...assignment }),
  create: (call) => ({ ...assignDirectoryRole(call) }),
  remove: ({ state }, { id }) => state.roleAssignments.delete(id),
};

/**
 * Who holds which role, also through groups: an assignment of a group is answered as the group's.
 * Only beta has it, as an advanced query by the principal.
 *
 * @see https://learn.microsoft.com/graph/api/rbacapplication-list-transitiveroleassignments
 */
export function installTransitiveAssignments(app: SimulatorApp): void {
  app.get(`${versions}/roleManagement/directory/transitiveRoleAssignments`, (c) => {
    const call = permit(c, readRoles);
    if (call.version !== "beta") {
      throw graphErrors.syntax("Resource not found for the segment 'transitiveRoleAssignments'.");
    }
    const [, principal] =
      /^\s*principalId\s+eq\s+'([0-9a-f-]{36})'\s*$/i.exec(c.req.query("$filter") ?? "") ?? [];
    const eventual = c.req.header("consistencylevel")?.toLowerCase() === "eventual";
    if (principal === undefined || !eventual || c.req.query("$count") !== "true") {
      throw graphErrors.unsupportedQuery();
    }
    const holders = [principal.toLowerCase(), ...allMemberships(call.state, principal)];
    const value = holders.flatMap((id) => call.state.roleAssignments.findBy("principalId", id));
    return c.json({
      "@odata.context": call.context("roleManagement/directory/transitiveRoleAssignments"),
      "@odata.count": value.length,
      value,
    });
  });
}

/**
 * Directory roles: those that are built in, and the tenant's own.
 *
 * @see https://learn.microsoft.com/graph/api/rbacapplication-post-roledefinitions
 */
export const roleDefinitions: EntitySet<{ readonly id: string }> = {
  paths: ["/roleManagement/directory/roleDefinitions"],
  type: roleDefinitionType,
  read: readRoles,
  write: writeRoles,
  all: ({ state }) => [...directoryRoleTemplates.values(), ...state.customDirectoryRoles.all()],
  find: ({ state }, key) =>
    directoryRoleTemplates.get(key.toLowerCase()) ?? state.customDirectoryRoles.get(key),
  show: ({ state }, { id }) => presentRoleDefinitionOf(state, id)!,
  create: ({ body, state }) => {
    requiredText(body, "displayName", "UnifiedRoleDefinition");
    for (const name of ["isEnabled", "rolePermissions"]) {
      if (body[name] === undefined) {
        throw graphErrors.missingProperty(name, "UnifiedRoleDefinition");
      }
    }
    const { id } = state.customDirectoryRoles.put({
      id: randomUUID(),
      properties: roleProperties({ ...roleDefinitionType.defaults! }, body),
    });
    state.touch();
    return presentRoleDefinitionOf(state, id)!;
  },
  update: ({ body, state }, { id }) => {
    const role = ownRole(state, id);
    role.properties = roleProperties(role.properties, body);
  },
  remove: ({ state }, { id }) => state.deleteCustomDirectoryRole(ownRole(state, id).id),
};

function roleProperties(current: JsonObject, sent: JsonObject) {
  const merged = mergeProperties(current, sent, roleDefinitionType);
  return { ...merged, displayName: asText(merged["displayName"]) };
}

function ownRole(state: TenantState, id: string) {
  const role = state.customDirectoryRoles.get(id);
  if (role === undefined) {
    throw graphErrors.badRequest("Built-in roles cannot be changed or deleted.");
  }
  return role;
}

function assignDirectoryRole({ state, body }: GraphCall): DirectoryRoleAssignmentRecord {
  const principalId = requiredGuid(body, "principalId", "UnifiedRoleAssignment");
  const wanted = requiredGuid(body, "roleDefinitionId", "UnifiedRoleAssignment");
  const scope =
    typeof body["appScopeId"] === "string"
      ? body["appScopeId"]
      : requiredText(body, "directoryScopeId", "UnifiedRoleAssignment");
  // The object id of an activated role is accepted too, and answered as the template's id.
  const roleDefinitionId = state.directoryRoles.get(wanted)?.roleTemplateId ?? wanted;
  if (presentRoleDefinitionOf(state, roleDefinitionId) === undefined) {
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
