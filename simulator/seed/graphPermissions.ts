/** An application permission that a Microsoft-owned service principal offers. */
export interface AppRoleTemplate {
  readonly id: string;
  readonly value: string;
  readonly displayName: string;
  readonly description: string;
}

/**
 * Application permissions of Microsoft Graph: those that the routes here ask for, those that reach
 * into mailboxes and Exchange, and those of an auditor. Value, id, name.
 *
 * @see https://learn.microsoft.com/graph/permissions-reference
 */
const permissions = `
AdministrativeUnit.Read.All 134fd756-38ce-4afd-ba33-e9623dbe66c2 Read all administrative units
AdministrativeUnit.ReadWrite.All 5eb59dd3-1da2-4329-8733-9dabdc435916 Read and write all administrative units
Application.Read.All 9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30 Read all applications
Application.ReadWrite.All 1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9 Read and write all applications
Application.ReadWrite.OwnedBy 18a4783c-866b-4cc7-a460-3d5e5662c884 Manage apps that this app creates or owns
AppRoleAssignment.ReadWrite.All 06b708a9-e830-4db3-a914-8e69da51d44f Manage app permission grants and app role assignments
AuditLog.Read.All b0afded3-3588-46d8-8b3d-9842eff778da Read all audit log data
AuditLogsQuery-Exchange.Read.All 6b0d2622-d34e-4470-935b-b96550e5ca8d Read audit logs data from Exchange workload
Calendars.Read 798ee544-9d2d-430c-a058-570e29e34338 Read calendars in all mailboxes
Calendars.ReadWrite ef54d2bf-783f-4e0f-bca1-3210c0444d99 Read and write calendars in all mailboxes
Contacts.Read 089fe4d0-434a-44c5-8827-41ba8a0b17f5 Read contacts in all mailboxes
Contacts.ReadWrite 6918b873-d17a-4dc1-b314-35f528134491 Read and write contacts in all mailboxes
DelegatedAdminRelationship.Read.All f6e9e124-4586-492f-adc0-c6f96e4823fd Read Delegated Admin relationships with customers
DelegatedPermissionGrant.Read.All 81b4724a-58aa-41c1-8a55-84ef97466587 Read all delegated permission grants
DelegatedPermissionGrant.ReadWrite.All 8e8e4742-1d95-4f68-9d56-6ee75648c72a Manage all delegated permission grants
Directory.Read.All 7ab1d382-f21e-4acd-a863-ba3e13f7da61 Read directory data
Directory.ReadWrite.All 19dbc75e-c2e2-444c-a770-ec69d8559fc7 Read and write directory data
DirectoryRecommendations.Read.All ae73097b-cb2a-4447-b064-5d80f6093921 Read all Azure AD recommendations
Domain.Read.All dbb9058a-0e50-45d7-ae91-66909b5d4664 Read domains
Domain.ReadWrite.All 7e05723c-0bb0-42da-be95-ae9f08a6e53c Read and write domains
eDiscovery.Read.All 50180013-6191-4d1e-a373-e590ff4e66af Read all eDiscovery objects
eDiscovery.ReadWrite.All b2620db1-3bf7-4c5b-9cb9-576d29eac736 Read and write all eDiscovery objects
ExchangeMessageTrace.Read.All 89b20d8a-76e2-4057-867b-9961f800b9a4 Read Exchange message trace
Group.Create bf7b1a76-6e77-406b-b258-bf5c7720e98f Create groups
Group.Read.All 5b567255-7703-4780-807c-7be8301ae99b Read all groups
Group.ReadWrite.All 62a82d76-70ea-41e2-9197-370581804d09 Read and write all groups
GroupMember.Read.All 98830695-27a2-44f7-8c18-0c3ebc9698f6 Read all group memberships
GroupMember.ReadBasic.All 8222c640-cae5-4860-8d11-b32cfad95e03 Read basic group memberships
GroupMember.ReadWrite.All dbaae8cf-10b5-4b86-a4a1-f871c94c6695 Read and write all group memberships
IdentityRiskyServicePrincipal.Read.All 607c7344-0eed-41e5-823a-9695ebe1b7b0 Read all identity risky service principal information
Mail.Read 810c84a8-4a9e-49e6-bf7d-12d183f40d01 Read mail in all mailboxes
Mail.ReadBasic 6be147d2-ea4f-4b5a-a3fa-3eab6f3c140a Read basic mail in all mailboxes
Mail.ReadBasic.All 693c5e45-0940-467d-9b8a-1022fb9d42ef Read basic mail in all mailboxes
Mail.ReadWrite e2a3a72e-5f79-4c64-b1b1-878b674786c9 Read and write mail in all mailboxes
Mail.Send b633e1c5-b582-4048-a93e-9f11b44c7e96 Send mail as any user
MailboxFolder.Read.All 99280d24-a782-4793-93cc-0888549957f6 Read all mailbox folders
MailboxFolder.ReadWrite.All fef87b92-8391-4589-9da7-eb93dab7dc8a Read and write all mailbox folders
MailboxItem.Export.All 937550e9-33a3-494b-88ae-d9cd394b1fbb Export all mailbox items
MailboxItem.ImportExport.All 76577085-e73d-4f1d-b26a-85fb33892327 Import and export all mailbox items
MailboxItem.Read.All 7d9f353d-a7bd-4fbb-822a-26d5dd39a3ce Read all mailbox items
MailboxItem.ReadWrite.All 1583d471-fede-4e7c-b062-57e9d60cfb49 Read and write all mailbox items
MailboxSettings.Read 40f97065-369a-49f4-947c-6a255697ae91 Read all user mailbox settings
MailboxSettings.ReadWrite 6931bccd-447a-43d1-b442-00a195474933 Read and write all user mailbox settings
Organization.Read.All 498476ce-e0fe-48b0-b801-37ba7e2685c6 Read organization information
Policy.Read.All 246dd0d5-5bd0-4def-940b-0421030a5b68 Read your organization's policies
Policy.ReadWrite.ApplicationConfiguration be74164b-cff1-491c-8741-e671cb536e13 Read and write your organization's application configuration policies
PrivilegedAssignmentSchedule.Read.AzureADGroup cd4161cb-f098-48f8-a884-1eda9a42434c Read assignment schedules for access to Azure AD groups
PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup 41202f2c-f7ab-45be-b001-85c9728b9d69 Read, create, and delete assignment schedules for access to Azure AD groups
PrivilegedEligibilitySchedule.Read.AzureADGroup edb419d6-7edc-42a3-9345-509bfdf5d87c Read eligibility schedules for access to Azure AD groups
PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup 618b6020-bca8-4de6-99f6-ef445fa4d857 Read, create, and delete eligibility schedules for access to Azure AD groups
RoleAssignmentSchedule.Read.Directory d5fe8ce8-684c-4c83-a52c-46e882ce4be1 Read all active role assignments and role schedules for your company's directory
RoleAssignmentSchedule.ReadWrite.Directory dd199f4a-f148-40a4-a2ec-f0069cc799ec Read, update, and delete all policies for privileged role assignments of your company's directory
RoleEligibilitySchedule.Read.Directory ff278e11-4a33-4d0c-83d2-d01dc58929a5 Read all eligible role assignments and role schedules for your company's directory
RoleEligibilitySchedule.ReadWrite.Directory fee28b28-e1f3-4841-818e-2704dc62245f Read, update, and delete all eligible role assignments for your company's directory
RoleManagement.Read.All c7fbd983-d9aa-4fa7-84b8-17382c103bc4 Read role management data for all RBAC providers
RoleManagement.Read.Directory 483bed4a-2ad3-4361-a73b-c83ccdbdc53c Read all directory RBAC settings
RoleManagement.Read.Exchange c769435f-f061-4d0b-8ff1-3d39870e5f85 Read Exchange Online RBAC configuration
RoleManagement.ReadWrite.Directory 9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8 Read and write all directory RBAC settings
RoleManagement.ReadWrite.Exchange 025d3225-3f02-4882-b4c0-cd5b541a4e80 Read and write Exchange Online RBAC configuration
User.Read.All df021288-bdef-4463-88db-98f22de89214 Read all users' full profiles
`;

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
