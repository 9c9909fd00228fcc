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

const applications = "ApplicationManagement";
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
  ["POST", /^\/applications$/, "Add application", applications],
  ["DELETE", /^\/applications\/[^/]+$/, "Delete application", applications],
  [
    "PATCH",
    /^\/applications\/[^/]+$/,
    ({ keyCredentials }) => (keyCredentials === undefined ? "Update application" : secrets),
    applications,
  ],
  ["POST", /^\/applications\/[^/]+\/(add|remove)Password$/, secrets, applications],
  ["POST", /^\/applications\/[^/]+\/owners\//, "Add owner to application", applications],
  ["DELETE", /^\/applications\/[^/]+\/owners\//, "Remove owner from application", applications],
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
  ["*", /^\/applications\/[^/]+\/federatedIdentityCredentials/, "Update application", applications],
  ["POST", /^\/servicePrincipals$/, "Add service principal", applications],
  ["DELETE", /^\/servicePrincipals\/[^/]+$/, "Remove service principal", applications],
  ["PATCH", /^\/servicePrincipals\/[^/]+$/, "Update service principal", applications],
  [
    "POST",
    /^\/servicePrincipals\/[^/]+\/addPassword$/,
    "Add service principal credentials",
    applications,
  ],
  [
    "POST",
    /^\/servicePrincipals\/[^/]+\/removePassword$/,
    "Remove service principal credentials",
    applications,
  ],
  ["POST", /^\/servicePrincipals\/[^/]+\/owners\//, "Add owner to service principal", applications],
  [
    "DELETE",
    /^\/servicePrincipals\/[^/]+\/owners\//,
    "Remove owner from service principal",
    applications,
  ],
  [
    "POST",
    /\/appRoleAssign(ments|edTo)$/,
    "Add app role assignment to service principal",
    applications,
  ],
  [
    "DELETE",
    /\/appRoleAssign(ments|edTo)\//,
    "Remove app role assignment from service principal",
    applications,
  ],
  ["POST", /^\/oauth2PermissionGrants$/, "Add delegated permission grant", applications],
  ["DELETE", /^\/oauth2PermissionGrants\//, "Remove delegated permission grant", applications],
  ["PATCH", /^\/oauth2PermissionGrants\//, "Update delegated permission grant", applications],
  ["POST", /\/deletedItems\/[^/]+\/restore$/, "Restore application", applications],
  ["DELETE", /\/deletedItems\/[^/]+$/, "Hard Delete application", applications],
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
