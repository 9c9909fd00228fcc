import type { Caller, SimulatorApp, SimulatorContext } from "../../http/context";
import type { AppRoleAssignmentRecord, ServicePrincipalRecord } from "../../state/entities";
import { authorize, readApplications } from "../authorization";
import { jsonBody, requiredGuid } from "../body";
import { graphErrors } from "../errors";
import { servicePrincipalInPath } from "../lookup";
import { presentAppRoleAssignment } from "../present";
import { entity, filtered, list } from "../query";

/** The app role that stands for access without any role. */
const defaultAccess = "00000000-0000-0000-0000-000000000000";

/**
 * Consents to application permissions, seen from the resource (`appRoleAssignedTo`) and from the
 * principal that holds them (`appRoleAssignments`).
 *
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignments
 */
export function installAppRoleAssignmentRoutes(app: SimulatorApp, version: string): void {
  for (const { set, index } of [
    { set: "appRoleAssignedTo", index: "resourceId" },
    { set: "appRoleAssignments", index: "principalId" },
  ] as const) {
    const path = `/${version}/servicePrincipals/:id/${set}`;
    const context = (id: string) => `servicePrincipals('${id}')/${set}`;

    app.get(path, (c) => {
      const caller = authorize(c, readApplications);
      const servicePrincipal = servicePrincipalInPath(c, caller);
      const found = filtered(
        c,
        caller.tenant.state.appRoleAssignments.findBy(index, servicePrincipal.id),
        {
          appRoleId: ({ appRoleId }) => appRoleId,
          principalId: ({ principalId }) => principalId,
          resourceId: ({ resourceId }) => resourceId,
        },
      );
      return list(
        c,
        context(servicePrincipal.id),
        found.map((one) => presentAppRoleAssignment(caller.tenant, one)),
      );
    });

    app.get(`${path}/:assignment`, (c) => {
      const caller = authorize(c, readApplications);
      const servicePrincipal = servicePrincipalInPath(c, caller);
      const assignment = assignmentInPath(c, caller, servicePrincipal, index);
      return entity(
        c,
        context(servicePrincipal.id),
        presentAppRoleAssignment(caller.tenant, assignment),
      );
    });

    app.post(path, (c) => {
      const caller = authorizeConsent(c);
      const servicePrincipal = servicePrincipalInPath(c, caller);
      const assignment = assign(c, caller, servicePrincipal, index);
      return entity(
        c,
        context(servicePrincipal.id),
        presentAppRoleAssignment(caller.tenant, assignment),
        201,
      );
    });

    app.delete(`${path}/:assignment`, (c) => {
      const caller = authorize(c, consent);
      const servicePrincipal = servicePrincipalInPath(c, caller);
      const { state } = caller.tenant;
      state.appRoleAssignments.delete(assignmentInPath(c, caller, servicePrincipal, index).id);
      state.touch();
      return c.body(null, 204);
    });
  }
}

/** Permission to give and take consents. */
const consent = ["AppRoleAssignment.ReadWrite.All"] as const;

/**
 * Giving consent needs besides one to read all applications; that of one's own is not among those
 * that Microsoft names.
 *
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto
 */
function authorizeConsent(c: SimulatorContext): Caller {
  authorize(c, consent);
  return authorize(
    c,
    readApplications.filter((permission) => permission !== "Application.ReadWrite.OwnedBy"),
  );
}

function assignmentInPath(
  c: SimulatorContext,
  caller: Caller,
  servicePrincipal: ServicePrincipalRecord,
  index: "resourceId" | "principalId",
): AppRoleAssignmentRecord {
  const id = c.req.param("assignment") ?? "";
  const found = caller.tenant.state.appRoleAssignments.get(id);
  if (found?.[index] !== servicePrincipal.id) {
    throw graphErrors.notFound(id);
  }
  return found;
}

function assign(
  c: SimulatorContext,
  caller: Caller,
  servicePrincipal: ServicePrincipalRecord,
  index: "resourceId" | "principalId",
): AppRoleAssignmentRecord {
  const { state } = caller.tenant;
  const body = jsonBody(c);
  const ids = {
    principalId: requiredGuid(body, "principalId", "AppRoleAssignment"),
    resourceId: requiredGuid(body, "resourceId", "AppRoleAssignment"),
    appRoleId: requiredGuid(body, "appRoleId", "AppRoleAssignment"),
  };
  if (ids[index] !== servicePrincipal.id) {
    throw graphErrors.invalidReferenceUpdate();
  }
  const principal = state.directoryObject(ids.principalId);
  const resource = state.servicePrincipals.get(ids.resourceId);
  if (principal === undefined || principal.type === "application") {
    throw graphErrors.notFound(ids.principalId);
  }
  if (resource === undefined) {
    throw graphErrors.notFound(ids.resourceId);
  }
  const offered = state.appRolesOf(resource);
  const exists =
    offered.some(({ id }) => id.toLowerCase() === ids.appRoleId) ||
    (ids.appRoleId === defaultAccess && offered.length === 0);
  if (!exists) {
    throw graphErrors.permissionNotFound(resource.appId);
  }
  const duplicate = state.appRoleAssignments
    .findBy("principalId", ids.principalId)
    .some((one) => one.resourceId === ids.resourceId && one.appRoleId === ids.appRoleId);
  if (duplicate) {
    throw graphErrors.permissionAlreadyAssigned();
  }
  return state.assignAppRole(ids.principalId, ids.resourceId, ids.appRoleId);
}
