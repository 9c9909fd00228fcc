import { type CloudName, clouds } from "./clouds";
import {
  type AppRoleTemplate,
  appRolesIn,
  graphAppRoles,
  graphScopes,
  type ScopeTemplate,
} from "./graphPermissions";

/** A Microsoft-owned application whose service principal tenants have from the start. */
export interface FirstPartyTemplate {
  readonly appId: string;
  readonly displayName: string;
  readonly appRoles: readonly AppRoleTemplate[];
  /** Delegated permissions. */
  readonly scopes: readonly ScopeTemplate[];
  /** Identifier URIs in a cloud, with which a scope names this resource. */
  identifiers(cloud: CloudName): readonly string[];
}

/** The tenant that Microsoft's own applications belong to. */
export const microsoftServicesTenantId = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

export const graphAppId = "00000003-0000-0000-c000-000000000000";
export const exchangeAppId = "00000002-0000-0ff1-ce00-000000000000";
export const protectionAppId = "00000007-0000-0ff1-ce00-000000000000";
export const managementAppId = "797f4846-ba00-4fd7-ba43-dac1f8f63013";

const manageAsApp = {
  value: "Exchange.ManageAsApp",
  displayName: "Manage Exchange As Application",
  description:
    "Allows the app to manage the organization's Exchange environment without any user interaction. This includes mailboxes, groups, and other configuration objects. To enable management actions, an admin must assign the appropriate roles directly to the app.",
};

/**
 * Office 365 Exchange Online with the permission that PowerShell needs, those that look like it, and
 * others that reach into mailboxes; the names of the last five are not Microsoft's.
 *
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2#step-2-assign-api-permissions-to-the-application
 * @see https://learn.microsoft.com/exchange/reference/admin-api-authentication
 */
const exchange: FirstPartyTemplate = {
  appId: exchangeAppId,
  displayName: "Office 365 Exchange Online",
  appRoles: [
    { id: "dc50a0fb-09a3-484d-be87-e023b12c6440", ...manageAsApp },
    {
      id: "ea3d980d-ebc7-4be4-8298-a167e5b8797c",
      value: "Exchange.ManageAsAppV2",
      displayName: "Manage Exchange As Application",
      description: "Allows the app to manage Exchange through the Exchange Online Admin API.",
    },
    {
      id: "dc890d15-9560-4a4c-9b7f-a736ec74ec40",
      value: "full_access_as_app",
      displayName: "Use Exchange Web Services with full access to all mailboxes",
      description:
        "Allows the app to have full access via Exchange Web Services to all mailboxes without a signed-in user.",
    },
    ...appRolesIn(`
Exchange.AdminAPI.ManageAsApp 95930782-af91-4e2e-89b7-e34ce33a0450 Manage Exchange through the Admin API
IMAP.AccessAsApp 5e5addcd-3e8d-4e90-baf5-964efab2b20a Access mailboxes by IMAP
Mailbox.Migration f7264778-fba9-422d-8e9e-2675a2c4b513 Move mailboxes between organizations
POP.AccessAsApp cb842b43-da6e-4506-86fe-bb12199c656d Access mailboxes by POP
SMTP.SendAsApp 7146a1f0-8703-45b3-9eae-527a64c00995 Send mail by SMTP as any mailbox
`),
  ],
  scopes: [],
  identifiers: (cloud) => clouds[cloud].exchange,
};

/**
 * Microsoft Exchange Online Protection, the resource of Security & Compliance PowerShell.
 *
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
const protection: FirstPartyTemplate = {
  appId: protectionAppId,
  displayName: "Microsoft Exchange Online Protection",
  appRoles: [{ id: "455e5cd2-84e8-4751-8344-5672145dfa17", ...manageAsApp }],
  scopes: [],
  identifiers: (cloud) => clouds[cloud].compliance,
};

const graph: FirstPartyTemplate = {
  appId: graphAppId,
  displayName: "Microsoft Graph",
  appRoles: graphAppRoles,
  scopes: graphScopes,
  identifiers: (cloud) => clouds[cloud].graph,
};

/**
 * Azure Resource Manager, without which no Azure tool signs in; it is named in both spellings.
 *
 * @see https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
 */
const management: FirstPartyTemplate = {
  appId: managementAppId,
  displayName: "Windows Azure Service Management API",
  appRoles: [],
  scopes: [],
  identifiers: (cloud) => clouds[cloud].management,
};

/** Every Microsoft-owned application by its application id. Shared by all tenants, never changed. */
export const firstPartyTemplates: ReadonlyMap<string, FirstPartyTemplate> = new Map(
  [graph, exchange, protection, management].map((template) => [template.appId, template]),
);
