import { readFileSync } from "node:fs";
import { join } from "node:path";

/** An application permission that a Microsoft-owned service principal offers. */
export interface AppRoleTemplate {
  readonly id: string;
  readonly value: string;
  readonly displayName: string;
  readonly description: string;
}

/**
 * Application permissions of Microsoft Graph that Microsoft publishes, as of August 2026: value, id,
 * name. Those of the public cloud that are neither hidden nor disabled, and those of policies of roles,
 * which pages name and the table hides.
 *
 * @see https://github.com/microsoftgraph/microsoft-graph-devx-content/tree/master/permissions/new
 * @see https://learn.microsoft.com/graph/permissions-reference
 */
const permissions = readFileSync(join(__dirname, "graphPermissions.txt"), "utf8");

/** The app roles of the Microsoft Graph service principal. */
export const graphAppRoles: readonly AppRoleTemplate[] = appRolesIn(permissions);

/** App roles out of a table: value, id and name in each row. */
export function appRolesIn(table: string): AppRoleTemplate[] {
  return table
    .trim()
    .split("\n")
    .map((row) => {
      const [value = "", id = "", ...words] = row.split(" ");
      const displayName = words.join(" ");
      return { id, value, displayName, description: `${displayName}.` };
    });
}

/** A delegated permission that a Microsoft-owned service principal offers. */
export interface ScopeTemplate {
  readonly id: string;
  readonly value: string;
  readonly displayName: string;
}

/**
 * Delegated permissions of Microsoft Graph that applications get without asking for more: the
 * portal gives `User.Read` to every new one.
 *
 * @see https://learn.microsoft.com/graph/permissions-reference
 */
export const graphScopes: readonly ScopeTemplate[] = [
  {
    id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
    value: "User.Read",
    displayName: "Sign in and read user profile",
  },
  { id: "37f7f235-527c-4136-accd-4a02d197296e", value: "openid", displayName: "Sign users in" },
  {
    id: "14dad69e-099b-42c9-810b-d002981feec1",
    value: "profile",
    displayName: "View users' basic profile",
  },
  {
    id: "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
    value: "email",
    displayName: "View users' email address",
  },
  {
    id: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
    value: "offline_access",
    displayName: "Maintain access to data you have given it access to",
  },
];
