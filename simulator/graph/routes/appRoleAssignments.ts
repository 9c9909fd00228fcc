import type { SimulatorContext } from "../../http/context";
import type { AppRoleAssignmentRecord } from "../../state/entities";
import { authorize, readApplications } from "../authorization";
import { requiredGuid } from "../body";
import type { GraphCall } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findServicePrincipal, findInPath } from "../lookup";
import { appRoleAssignmentType } from "../model/grantTypes";
import { presentAppRoleAssignment } from "../present";

/** The app role that stands for access without any role. */
const defaultAccess = "00000000-0000-0000-0000-000000000000";

/** Permission to give and take consents. */
const consenting = ["AppRoleAssignment.ReadWrite.All"] as const;

/**
 * Consents to application permissions, seen from the resource (`appRoleAssignedTo`) and from the
 * principal that holds them (`appRoleAssignments`).
 *
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignments
 */
export const appRoleAssignments = [
  consents("appRoleAssignedTo", "resourceId"),
  consents("appRoleAssignments", "principalId"),
];

function consents(
  name: string,
  index: "resourceId" | "principalId",
): EntitySet<AppRoleAssignmentRecord> {
  const servicePrincipal = (call: GraphCall) => findInPath(call, findServicePrincipal);
  return {
    paths: [`/servicePrincipals/:id/${name}`],
    parameter: "assignment",
    type: appRoleAssignmentType,
    setName: (call) => `servicePrincipals('${servicePrincipal(call).id}')/${name}`,
    read: readApplications,
    write: consenting,
    all: (call) => call.state.appRoleAssignments.findBy(index, servicePrincipal(call).id),
    show: ({ tenant }, one) => presentAppRoleAssignment(tenant, one),
    create: (call) => {
      authorizeGiving(call.c);
      return presentAppRoleAssignment(
        call.tenant,
        assignAppRole(call, servicePrincipal(call).id, index),
      );
    },
    remove: ({ state }, { id }) => state.appRoleAssignments.delete(id),
  };
}

/**
 * Giving consent needs besides one to read all applications; that of one's own is not among those
 * that Microsoft names.
 */
function authorizeGiving(c: SimulatorContext): void {
  authorize(
    c,
    readApplications.filter((permission) => permission !== "Application.ReadWrite.OwnedBy"),
  );
}

function assignAppRole(
  { state, body }: GraphCall,
  servicePrincipalId: string,
  index: "resourceId" | "principalId",
): AppRoleAssignmentRecord {
  const ids = {
    principalId: requiredGuid(body, "principalId", "AppRoleAssignment"),
    resourceId: requiredGuid(body, "resourceId", "AppRoleAssignment"),
    appRoleId: requiredGuid(body, "appRoleId", "AppRoleAssignment"),
  };
  if (ids[index] !== servicePrincipalId) {
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
