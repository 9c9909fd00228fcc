import type { Severity } from "../rule";
import { graphPermissions, graphSignInScopes } from "./graphPermissions";
import { applicationIds, applicationNameOrId } from "./microsoftApplications";
import { learn } from "./pages";

/** An application permission, or a delegated one, by its ids. */
export interface PermissionId {
  /** Application id of the resource that offers it. */
  readonly resourceAppId: string;
  /** Id of the app role or scope. */
  readonly id: string;
  /** `Role` for an application permission, `Scope` for a delegated one. */
  readonly type: "Role" | "Scope";
}

/** An application permission of Microsoft's: one row for everybody who asks about permissions. */
export interface Permission extends PermissionId {
  /** Display name of the resource's service principal. */
  readonly resourceName: string;
  readonly type: "Role";
  /** Claim value, for example `Exchange.ManageAsApp`. */
  readonly value: string;
  readonly risk: Severity;
  /** What an application can do with it, in one sentence: why it has this risk. */
  readonly reason: string;
  /** Page the row was taken from. */
  readonly source: string;
}

/**
 * `Exchange.ManageAsApp` of the two Exchange resources. App-only access to PowerShell is high
 * whatever the role: the roles can be widened without the application being reviewed again.
 */
export const manageAsApp = {
  exchangeOnline: permissionRow(
    applicationIds.exchangeOnline,
    "dc50a0fb-09a3-484d-be87-e023b12c6440",
    "Exchange.ManageAsApp",
    "high",
    "The application can run Exchange Online PowerShell without a signed-in user, as far as its directory roles allow.",
    `${learn}/powershell/exchange/app-only-auth-powershell-v2`,
  ),
  exchangeOnlineProtection: permissionRow(
    applicationIds.exchangeOnlineProtection,
    "455e5cd2-84e8-4751-8344-5672145dfa17",
    "Exchange.ManageAsApp",
    "high",
    "The application can run Security & Compliance PowerShell without a signed-in user, as far as its directory roles allow.",
    "https://github.com/MicrosoftDocs/office-docs-powershell/pull/13783",
  ),
} as const;

/** Every application permission of the table. */
export const permissions: readonly Permission[] = [
  manageAsApp.exchangeOnline,
  manageAsApp.exchangeOnlineProtection,
  permissionRow(
    applicationIds.exchangeOnline,
    "dc890d15-9560-4a4c-9b7f-a736ec74ec40",
    "full_access_as_app",
    "critical",
    "Reads, writes and sends in every mailbox through Exchange Web Services.",
    `${learn}/exchange/client-developer/exchange-web-services/how-to-authenticate-an-ews-application-by-using-oauth`,
  ),
  permissionRow(
    applicationIds.exchangeOnline,
    "5e5addcd-3e8d-4e90-baf5-964efab2b20a",
    "IMAP.AccessAsApp",
    "high",
    "Reads and writes, over IMAP, each mailbox that the application is given.",
    `${learn}/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth`,
  ),
  permissionRow(
    applicationIds.sharePointOnline,
    "678536fe-1083-478a-9c59-b99265e6b0d3",
    "Sites.FullControl.All",
    "critical",
    "Has full control of every site, every file in it and every permission on it.",
    `${learn}/sharepoint/dev/solution-guidance/security-apponly-azuread`,
  ),
  ...graphPermissions.map(({ id, value, risk, reason, source }) =>
    permissionRow(applicationIds.microsoftGraph, id, value, risk, reason, source),
  ),
];

/** The permissions that app-only PowerShell needs, and no other application permission. */
export const appOnlyPermissions: readonly PermissionId[] = Object.values(manageAsApp).map(
  ({ resourceAppId, id, type }) => ({ resourceAppId, id, type }),
);

/** The app role of an assignment that gives access to an application without any permission. */
export const defaultAccess = "00000000-0000-0000-0000-000000000000";

const byId: ReadonlyMap<string, Permission> = new Map(permissions.map((one) => [one.id, one]));

/**
 * The application permission with this id. Ids of Microsoft's app roles are unique, so it is found
 * without its resource too; with another resource than its own it is not. Case does not matter.
 */
export function permissionById(appRoleId: string, resourceAppId?: string): Permission | undefined {
  const permission = byId.get(appRoleId.toLowerCase());
  return resourceAppId === undefined || permission?.resourceAppId === resourceAppId.toLowerCase()
    ? permission
    : undefined;
}

/** Claim value of a delegated permission that every sign-in asks for, or `undefined`. */
export function signInScope(id: string, resourceAppId: string): string | undefined {
  return resourceAppId.toLowerCase() === applicationIds.microsoftGraph
    ? graphSignInScopes.get(id.toLowerCase())
    : undefined;
}

function permissionRow(
  resourceAppId: string,
  id: string,
  value: string,
  risk: Severity,
  reason: string,
  source: string,
): Permission {
  const resourceName = applicationNameOrId(resourceAppId);
  return { resourceAppId, resourceName, id, type: "Role", value, risk, reason, source };
}
