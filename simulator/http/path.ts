/** Names in Graph's paths; Graph takes them in any case. */
const names = new Map(
  [
    "addPassword",
    "administrativeUnits",
    "applications",
    "appRoleAssignedTo",
    "appRoleAssignments",
    "defaultAppManagementPolicy",
    "deletedItems",
    "directory",
    "directoryRoles",
    "directoryRoleTemplates",
    "domains",
    "federatedIdentityCredentials",
    "members",
    "organization",
    "ownedObjects",
    "owners",
    "policies",
    "removePassword",
    "restore",
    "roleAssignments",
    "roleDefinitions",
    "roleManagement",
    "servicePrincipals",
    "users",
  ].map((name) => [name.toLowerCase(), name]),
);

/**
 * The path of a request in the form a router can take:
 *
 * - Alternate keys become segments: `/applications(appId='1')/owners` is `/applications/appId=1/owners`.
 * - Names in Graph's paths and `/AdminApi/` are written in one way; clients write them in several.
 *
 * @see https://learn.microsoft.com/graph/api/application-get#http-request
 */
export function routedPath(url: string): string {
  const { pathname } = new URL(url);
  const keyed = /\(|%28/i.test(pathname)
    ? decodedPath(pathname).replace(/\((\w+)='([^']*)'\)/g, "/$1=$2")
    : pathname;
  return /^\/(v1\.0|beta)\//.test(keyed)
    ? keyed
        .split("/")
        .map((segment) => names.get(segment.toLowerCase()) ?? segment)
        .join("/")
    : keyed.replace(/\/adminapi\//i, "/adminapi/");
}

/** A path without percent encoding; one that is malformed stays as it is. */
export function decodedPath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
