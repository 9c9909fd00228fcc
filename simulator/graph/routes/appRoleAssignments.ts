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
import { readDirectory } from "./directoryObjects";
import { findGroup } from "./groups";
import { findUser } from "./users";

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
 * @see https://learn.microsoft.com/graph/api/user-list-approleassignments
 */
export const appRoleAssignments = [
  consents("servicePrincipals", "appRoleAssignedTo", findServicePrincipal),
  consents("servicePrincipals", "appRoleAssignments", findServicePrincipal),
  consents("groups", "appRoleAssignments", findGroup),
  consents("users", "appRoleAssignments", findUser),
];

function consents(
  holders: string,
  name: "appRoleAssignedTo" | "appRoleAssignments",
  find: (call: GraphCall, key: string) => { readonly id: string } | undefined,
): EntitySet<AppRoleAssignmentRecord> {
  const index = name === "appRoleAssignedTo" ? "resourceId" : "principalId";
  const holder = (call: GraphCall) => findInPath(call, find);
  return {
    paths: [`/${holders}/:id/${name}`],
    parameter: "assignment",
    type: appRoleAssignmentType,
    setName: (call) => `${holders}('${holder(call).id}')/${name}`,
    read: holders === "servicePrincipals" ? readApplications : [...readDirectory, ...consenting],
    write: consenting,
    all: (call) => call.state.appRoleAssignments.findBy(index, holder(call).id),
    show: ({ tenant }, one) => presentAppRoleAssignment(tenant, one),
    create: (call) => {
      authorizeGiving(call.c);
      return presentAppRoleAssignment(call.tenant, assignAppRole(call, holder(call).id, index));
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
  holderId: string,
  index: "resourceId" | "principalId",
): AppRoleAssignmentRecord {
  const ids = {
    principalId: requiredGuid(body, "principalId", "AppRoleAssignment"),
    resourceId: requiredGuid(body, "resourceId", "AppRoleAssignment"),
    appRoleId: requiredGuid(body, "appRoleId", "AppRoleAssignment"),
  };
  if (ids[index] !== holderId) {
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
