/** Application (client) ids of Microsoft's that this project names, the same in every tenant. */
export const applicationIds = {
  microsoftGraph: "00000003-0000-0000-c000-000000000000",
  exchangeOnline: "00000002-0000-0ff1-ce00-000000000000",
  exchangeOnlineProtection: "00000007-0000-0ff1-ce00-000000000000",
  sharePointOnline: "00000003-0000-0ff1-ce00-000000000000",
  azureDevOps: "499b84ac-1321-427f-aa17-267ca6975798",
} as const;

/**
 * Names of Microsoft's own applications that stacks refer to most. Their service principals belong
 * to Microsoft: whoever manages them in a stack overwrites them, and deletes them with the stack.
 */
const names: ReadonlyMap<string, string> = new Map([
  [applicationIds.microsoftGraph, "Microsoft Graph"],
  ["00000002-0000-0000-c000-000000000000", "Windows Azure Active Directory"],
  [applicationIds.sharePointOnline, "Office 365 SharePoint Online"],
  ["00000004-0000-0ff1-ce00-000000000000", "Skype for Business Online"],
  ["00000006-0000-0ff1-ce00-000000000000", "Microsoft Office 365 Portal"],
  ["c5393580-f805-4401-95e8-94b7a6ef2fc2", "Office 365 Management APIs"],
  ["797f4846-ba00-4fd7-ba43-dac1f8f63013", "Windows Azure Service Management API"],
  ["fc780465-2017-40d4-a0c5-307022471b92", "WindowsDefenderATP"],
  ["8ee8fdad-f234-4243-8f3b-15c294843740", "Microsoft Threat Protection"],
  ["870c4f2e-85b6-4d43-bdda-6ed9a579b725", "Microsoft Information Protection Sync Service"],
  ["cfa8b339-82a2-471a-a3c9-0fc0be7a4093", "Azure Key Vault"],
  [applicationIds.azureDevOps, "Azure DevOps"],
  ["04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Microsoft Azure CLI"],
  ["cc15fd57-2c6c-4117-a88c-83b1d56b4bbe", "Microsoft Teams Services"],
  [applicationIds.exchangeOnline, "Office 365 Exchange Online"],
  [applicationIds.exchangeOnlineProtection, "Microsoft Exchange Online Protection"],
]);

/** Ids of the tenants that own Microsoft's applications. */
const microsoftTenants: ReadonlySet<string> = new Set([
  "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
  "72f988bf-86f1-41af-91ab-2d7cd011db47",
]);

/** Microsoft numbers its oldest applications so; nobody else gets an id of this form. */
const reservedAppId = /^[0-9a-f]{8}-0000-(0ff1-ce00|0000-c000)-000000000000$/;

/** Display name of one of Microsoft's applications, or `undefined`. Case does not matter. */
export function microsoftApplicationName(appId: string): string | undefined {
  return names.get(appId.toLowerCase());
}

/** Display name of an application where it is one of Microsoft's, else its id. */
export function applicationNameOrId(appId: string): string {
  return microsoftApplicationName(appId) ?? appId;
}

/**
 * Whether an application is Microsoft's own.
 *
 * @param ownerTenantId Tenant that owns the application, where it is known.
 * @see https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
 */
export function isMicrosoftApplication(appId: string, ownerTenantId?: string): boolean {
  const id = appId.toLowerCase();
  return (
    names.has(id) ||
    reservedAppId.test(id) ||
    (ownerTenantId !== undefined && microsoftTenants.has(ownerTenantId.toLowerCase()))
  );
}
