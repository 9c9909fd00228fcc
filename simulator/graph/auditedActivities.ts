import type { JsonObject } from "../json";

/** What the audit log calls a change. */
export interface Activity {
  readonly name: string;
  readonly category: string;
  readonly operationType: string;
}

type ActivityRow = readonly [
  method: string,
  path: RegExp,
  name: string | ((body: JsonObject) => string),
  category: string,
];

const appActivities = "ApplicationManagement";
const roles = "RoleManagement";
const groupManagement = "GroupManagement";
// The log has an en dash, and a space at the end.
const secrets = "Update application \u2013 Certificates and secrets management ";

/**
 * Changes by their requests, as the log names them. The first row that fits counts; what none fits
 * is named after its request (assumed).
 *
 * @see https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities
 */
const known: readonly ActivityRow[] = [
  ["POST", /^\/applications$/, "Add application", appActivities],
  ["DELETE", /^\/applications\/[^/]+$/, "Delete application", appActivities],
  [
    "PATCH",
    /^\/applications\/[^/]+$/,
    ({ keyCredentials }) => (keyCredentials === undefined ? "Update application" : secrets),
    appActivities,
  ],
  ["POST", /^\/applications\/[^/]+\/(add|remove)(Key|Password)$/, secrets, appActivities],
  ["POST", /^\/applications\/[^/]+\/owners\//, "Add owner to application", appActivities],
  ["DELETE", /^\/applications\/[^/]+\/owners\//, "Remove owner from application", appActivities],
  [
    "POST",
    /^\/applications\/[^/]+\/appManagementPolicies\//,
    "Add policy to application",
    "Policy",
  ],
  [
    "DELETE",
    /^\/applications\/[^/]+\/appManagementPolicies\//,
    "Remove policy from application",
    "Policy",
  ],
  [
    "*",
    /^\/applications\/[^/]+\/federatedIdentityCredentials/,
    "Update application",
    appActivities,
  ],
  ["POST", /^\/servicePrincipals$/, "Add service principal", appActivities],
  ["DELETE", /^\/servicePrincipals\/[^/]+$/, "Remove service principal", appActivities],
  ["PATCH", /^\/servicePrincipals\/[^/]+$/, "Update service principal", appActivities],
  [
    "POST",
    /^\/servicePrincipals\/[^/]+\/add(Key|Password|TokenSigningCertificate)$/,
    "Add service principal credentials",
    appActivities,
  ],
  [
    "POST",
    /^\/servicePrincipals\/[^/]+\/remove(Key|Password)$/,
    "Remove service principal credentials",
    appActivities,
  ],
  [
    "POST",
    /^\/servicePrincipals\/[^/]+\/owners\//,
    "Add owner to service principal",
    appActivities,
  ],
  [
    "DELETE",
    /^\/servicePrincipals\/[^/]+\/owners\//,
    "Remove owner from service principal",
    appActivities,
  ],
  [
    "POST",
    /\/appRoleAssign(ments|edTo)$/,
    "Add app role assignment to service principal",
    appActivities,
  ],
  [
    "DELETE",
    /\/appRoleAssign(ments|edTo)\//,
    "Remove app role assignment from service principal",
    appActivities,
  ],
  ["POST", /^\/oauth2PermissionGrants$/, "Add delegated permission grant", appActivities],
  ["DELETE", /^\/oauth2PermissionGrants\//, "Remove delegated permission grant", appActivities],
  ["PATCH", /^\/oauth2PermissionGrants\//, "Update delegated permission grant", appActivities],
  ["POST", /\/deletedItems\/[^/]+\/restore$/, "Restore application", appActivities],
  ["DELETE", /\/deletedItems\/[^/]+$/, "Hard Delete application", appActivities],
  ["POST", /\/roleAssignments$/, "Add member to role", roles],
  ["DELETE", /\/roleAssignments\//, "Remove member from role", roles],
  ["POST", /^\/directoryRoles\/[^/]+\/members\//, "Add member to role", roles],
  ["DELETE", /^\/directoryRoles\/[^/]+\/members\//, "Remove member from role", roles],
  [
    "POST",
    /\/roleEligibilityScheduleRequests$/,
    ({ action }) =>
      action === "adminRemove"
        ? "Remove eligible member from role in PIM completed (permanent)"
        : "Add eligible member to role in PIM completed (permanent)",
    roles,
  ],
  [
    "POST",
    /\/roleAssignmentScheduleRequests$/,
    ({ action }) =>
      action === "adminRemove"
        ? "Remove member from role in PIM completed (permanent)"
        : "Add member to role in PIM completed (permanent)",
    roles,
  ],
  ["PATCH", /\/roleManagementPolicies\//, "Update role setting in PIM", roles],
  ["POST", /^\/groups$/, "Add group", groupManagement],
  ["PATCH", /^\/groups\/[^/]+$/, "Update group", groupManagement],
  ["DELETE", /^\/groups\/[^/]+$/, "Delete group", groupManagement],
  ["POST", /^\/groups\/[^/]+\/members\//, "Add member to group", groupManagement],
  ["DELETE", /^\/groups\/[^/]+\/members\//, "Remove member from group", groupManagement],
  ["POST", /^\/groups\/[^/]+\/owners\//, "Add owner to group", groupManagement],
  ["DELETE", /^\/groups\/[^/]+\/owners\//, "Remove owner from group", groupManagement],
  ["POST", /^\/policies\/appManagementPolicies$/, "Add policy", "Policy"],
  ["PATCH", /^\/policies\//, "Update policy", "Policy"],
  ["DELETE", /^\/policies\//, "Delete policy", "Policy"],
];

const operationTypes: Readonly<Record<string, string>> = {
  POST: "Add",
  PATCH: "Update",
  DELETE: "Delete",
};

/** What the log calls a change by its request, of which the version is left out. */
export function activityOf(method: string, path: string, body: JsonObject): Activity {
  const row = known.find(([verb, form]) => (verb === "*" || verb === method) && form.test(path));
  const [, , name = `${method} ${path.replace(/[0-9a-f-]{36}/g, "{id}")}`, category = "Other"] =
    row ?? [];
  return {
    name: typeof name === "string" ? name : name(body),
    category,
    operationType: operationTypes[method] ?? method,
  };
}
