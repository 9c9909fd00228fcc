import { applicationPermissions } from "../../components/catalog/permissions";
import type { Risk } from "../model";
import {
  graphPermissionRows,
  graphPermissionsPage,
  graphSignInScopes,
  microsoftGraphAppId,
} from "./graphPermissions";
import { microsoftApplicationName } from "../../policy/rules/data/microsoftApplications";

/** A permission as far as a reviewer needs it. */
export interface KnownPermission {
  readonly resourceAppId: string;
  readonly resourceName: string;
  /** Id of the app role or scope. */
  readonly id: string;
  /** Claim value, for example `Exchange.ManageAsApp`. */
  readonly value: string;
  readonly risk: Risk;
  readonly reason: string;
  readonly source: string;
}

/** Why permissions of Microsoft Graph have their risk. */
export const graphReasons: Readonly<Record<Risk, string>> = {
  critical: "Leads to control of the whole tenant: to every role, account or application.",
  high: "Reads the content of every user, or changes accounts, groups or devices.",
  medium: "Reads the directory, its logs or its settings.",
  low: "Reads what most people in a tenant may read.",
  info: "Signs users in and reads their own profile.",
};

const exchangeOnline = "00000002-0000-0ff1-ce00-000000000000";
const sharePointOnline = "00000003-0000-0ff1-ce00-000000000000";

/** Permissions of the Office services besides those of the catalog. */
const office: readonly KnownPermission[] = [
  {
    resourceAppId: exchangeOnline,
    resourceName: "Office 365 Exchange Online",
    id: "dc890d15-9560-4a4c-9b7f-a736ec74ec40",
    value: "full_access_as_app",
    risk: "critical",
    reason: "Reads, writes and sends in every mailbox through Exchange Web Services.",
    source:
      "https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-authenticate-an-ews-application-by-using-oauth",
  },
  {
    resourceAppId: exchangeOnline,
    resourceName: "Office 365 Exchange Online",
    id: "5e5addcd-3e8d-4e90-baf5-964efab2b20a",
    value: "IMAP.AccessAsApp",
    risk: "high",
    reason: "Reads and writes, over IMAP, each mailbox that the application is given.",
    source:
      "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth",
  },
  {
    resourceAppId: sharePointOnline,
    resourceName: "Office 365 SharePoint Online",
    id: "678536fe-1083-478a-9c59-b99265e6b0d3",
    value: "Sites.FullControl.All",
    risk: "critical",
    reason: "Has full control of every site, every file in it and every permission on it.",
    source: "https://learn.microsoft.com/sharepoint/dev/solution-guidance/security-apponly-azuread",
  },
];

const graph: readonly KnownPermission[] = graphPermissionRows.map(([id, value, risk]) => ({
  resourceAppId: microsoftGraphAppId,
  resourceName: "Microsoft Graph",
  id,
  value,
  risk,
  reason: graphReasons[risk],
  source: graphPermissionsPage,
}));

// App-only access to PowerShell is high whatever the role: the roles can be widened without the
// application being reviewed again.
const catalog: readonly KnownPermission[] = applicationPermissions.map((permission) => ({
  resourceAppId: permission.resourceAppId,
  resourceName: permission.resourceName,
  id: permission.appRoleId,
  value: permission.value,
  risk: "high",
  reason: permission.reach,
  source: permission.source,
}));

/** Every application permission of the table. */
export const knownPermissions: readonly KnownPermission[] = [...catalog, ...office, ...graph];

const byId: ReadonlyMap<string, KnownPermission> = new Map(
  knownPermissions.map((permission) => [permission.id, permission]),
);

/**
 * The application permission with this id. Ids of Microsoft's app roles are unique, so it is found
 * without its resource too; with another resource than its own it is not.
 */
export function knownPermission(
  appRoleId: string,
  resourceAppId?: string,
): KnownPermission | undefined {
  const found = byId.get(appRoleId.toLowerCase());
  return resourceAppId === undefined || found?.resourceAppId === resourceAppId.toLowerCase()
    ? found
    : undefined;
}

/** Claim value of a delegated permission that every sign-in asks for, or `undefined`. */
export function signInScope(id: string, resourceAppId: string): string | undefined {
  return resourceAppId.toLowerCase() === microsoftGraphAppId
    ? graphSignInScopes.get(id.toLowerCase())
    : undefined;
}

/** Name of a resource application, or its id. */
export function resourceNameOf(resourceAppId: string): string {
  return microsoftApplicationName(resourceAppId) ?? resourceAppId;
}
