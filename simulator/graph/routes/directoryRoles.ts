import type { Caller, SimulatorApp, SimulatorContext } from "../../http/context";
import { asText } from "../../json";
import { directoryRoleTemplates } from "../../seed/directoryRoles";
import type { DirectoryRoleAssignmentRecord, DirectoryRoleRecord } from "../../state/entities";
import { authorize } from "../authorization";
import { jsonBody, referencedIds, requiredGuid } from "../body";
import { graphErrors } from "../errors";
import { alternateKey, showDirectoryObjects } from "../lookup";
import { presentDirectoryRole, presentRoleTemplate } from "../present";
import { entity, filtered, list } from "../query";
import { readRoles, writeRoles } from "./roleManagement";

/**
 * Directory roles as activated objects with members, the older view of role assignments.
 *
 * @see https://learn.microsoft.com/graph/api/resources/directoryrole
 * @see https://learn.microsoft.com/graph/api/resources/directoryroletemplate
 */
export function installDirectoryRoleRoutes(app: SimulatorApp, version: string): void {
  app.get(`/${version}/directoryRoleTemplates`, (c) => {
    authorize(c, readRoles);
    const ids = filtered(c, [...directoryRoleTemplates.keys()], {});
    return list(
      c,
      "directoryRoleTemplates",
      ids.map(presentRoleTemplate).filter((one) => one !== undefined),
    );
  });

  app.get(`/${version}/directoryRoleTemplates/:id`, (c) => {
    authorize(c, readRoles);
    const id = c.req.param("id").toLowerCase();
    const template = presentRoleTemplate(id);
    if (template === undefined) {
      throw graphErrors.notFound(id);
    }
    return entity(c, "directoryRoleTemplates", template);
  });

  app.get(`/${version}/directoryRoles`, (c) => {
    const { tenant } = authorize(c, readRoles);
    const found = filtered(c, tenant.state.directoryRoles.all(), {
      displayName: ({ roleTemplateId }) => directoryRoleTemplates.get(roleTemplateId)?.displayName,
      roleTemplateId: ({ roleTemplateId }) => roleTemplateId,
    });
    return list(c, "directoryRoles", found.map(presentDirectoryRole));
  });

  app.post(`/${version}/directoryRoles`, (c) => {
    const { tenant } = authorize(c, writeRoles);
    const templateId = requiredGuid(jsonBody(c), "roleTemplateId", "DirectoryRole");
    if (!directoryRoleTemplates.has(templateId)) {
      throw graphErrors.notFound(templateId);
    }
    if (tenant.state.directoryRoles.firstBy("roleTemplateId", templateId) !== undefined) {
      throw graphErrors.conflictingObject();
    }
    const role = tenant.state.activateDirectoryRole(templateId);
    return entity(c, "directoryRoles", presentDirectoryRole(role), 201);
  });

  app.get(`/${version}/directoryRoles/:id`, (c) => {
    const caller = authorize(c, readRoles);
    return entity(c, "directoryRoles", presentDirectoryRole(roleInPath(c, caller)));
  });

  app.get(`/${version}/directoryRoles/:id/members`, (c) => {
    const caller = authorize(c, readRoles);
    const ids = assignmentsOf(caller, roleInPath(c, caller)).map(({ principalId }) => principalId);
    const members = showDirectoryObjects(c, caller, ids);
    return list(c, "directoryObjects", filtered(c, members, { id: ({ id }) => asText(id) }));
  });

  app.post(`/${version}/directoryRoles/:id/members/$ref`, (c) => {
    const caller = authorize(c, writeRoles);
    const role = roleInPath(c, caller);
    const [id = ""] = referencedIds(jsonBody(c)["@odata.id"]);
    const member = caller.tenant.state.directoryObject(id);
    if (member === undefined || member.type === "application") {
      throw graphErrors.notFound(id);
    }
    if (assignmentsOf(caller, role).some(({ principalId }) => principalId === id)) {
      throw graphErrors.referenceAlreadyExists("members");
    }
    caller.tenant.state.assignDirectoryRole(id, role.roleTemplateId, "/");
    return c.body(null, 204);
  });

  app.delete(`/${version}/directoryRoles/:id/members/:member/$ref`, (c) => {
    const caller = authorize(c, writeRoles);
    const member = c.req.param("member").toLowerCase();
    const held = assignmentsOf(caller, roleInPath(c, caller)).find(
      ({ principalId }) => principalId === member,
    );
    if (held === undefined) {
      throw graphErrors.notFound(member);
    }
    caller.tenant.state.roleAssignments.delete(held.id);
    caller.tenant.state.touch();
    return c.body(null, 204);
  });
}

function roleInPath(c: SimulatorContext, caller: Caller): DirectoryRoleRecord {
  const id = c.req.param("id") ?? "";
  const { directoryRoles } = caller.tenant.state;
  const templateId = alternateKey(id, "roleTemplateId");
  const role =
    templateId === undefined
      ? directoryRoles.get(id)
      : directoryRoles.firstBy("roleTemplateId", templateId);
  if (role === undefined) {
    throw graphErrors.notFound(templateId ?? id);
  }
  return role;
}

function assignmentsOf(caller: Caller, role: DirectoryRoleRecord): DirectoryRoleAssignmentRecord[] {
  return caller.tenant.state.roleAssignments
    .all()
    .filter((one) => one.roleDefinitionId === role.roleTemplateId && one.directoryScopeId === "/");
}
