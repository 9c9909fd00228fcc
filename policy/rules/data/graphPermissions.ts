import type { Severity } from "../rule";

/** An application permission of Microsoft Graph. */
export interface GraphPermission {
  /** Id of the app role. */
  readonly id: string;
  /** Claim value: what a token has in `roles`. */
  readonly value: string;
  readonly risk: Severity;
  readonly reason: string;
  readonly source: string;
}

/** Page with every permission of Microsoft Graph and its ids. */
export const graphPermissionsPage = "https://learn.microsoft.com/graph/permissions-reference";

const reasons: Readonly<Record<Severity, string>> = {
  critical: "Leads to control of the whole tenant: to every role, account or application.",
  high: "Reads the content of every user, or changes accounts, groups or devices.",
  medium: "Reads the directory, its logs or its settings.",
  low: "Reads what most people in a tenant may read.",
};

function graph(
  risk: Severity,
  rows: readonly (readonly [id: string, value: string])[],
): GraphPermission[] {
  const reason = reasons[risk];
  return rows.map(([id, value]) => ({ id, value, risk, reason, source: graphPermissionsPage }));
}

/**
 * Application permissions of Microsoft Graph that are asked for often, or that are dangerous.
 *
 * Critical: leads to Global Administrator, or lets the application act as any account or
 * application. High: content of every mailbox, site or chat, or writing access to accounts, groups
 * and devices. Medium: reads the directory or its logs. Low: reads what is not secret in a tenant.
 */
export const graphPermissions: readonly GraphPermission[] = [
  ...graph("critical", [
    ["9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8", "RoleManagement.ReadWrite.Directory"],
    ["06b708a9-e830-4db3-a914-8e69da51d44f", "AppRoleAssignment.ReadWrite.All"],
    ["1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", "Application.ReadWrite.All"],
    ["19dbc75e-c2e2-444c-a770-ec69d8559fc7", "Directory.ReadWrite.All"],
    ["dd199f4a-f148-40a4-a2ec-f0069cc799ec", "RoleAssignmentSchedule.ReadWrite.Directory"],
    ["fee28b28-e1f3-4841-818e-2704dc62245f", "RoleEligibilitySchedule.ReadWrite.Directory"],
    ["854d9ab1-6657-4ec8-be45-823027bcd009", "PrivilegedAccess.ReadWrite.AzureAD"],
    ["2f6817f8-7b12-4f0f-bc18-eeaf60705a9e", "PrivilegedAccess.ReadWrite.AzureADGroup"],
    ["41202f2c-f7ab-45be-b001-85c9728b9d69", "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup"],
    [
      "618b6020-bca8-4de6-99f6-ef445fa4d857",
      "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
    ],
    ["81adad77-a25a-489d-ac43-321115620139", "PrivilegedAssignmentSchedule.ReadWrite.EntraAppRole"],
    [
      "7f4c39f1-1aa7-44b7-ab05-38df2609c37a",
      "PrivilegedEligibilitySchedule.ReadWrite.EntraAppRole",
    ],
    ["31e08e0a-d3f7-4ca2-ac39-7343fb83e8ad", "RoleManagementPolicy.ReadWrite.Directory"],
    ["b38dcc4d-a239-4ed6-aa84-6c65b284f97c", "RoleManagementPolicy.ReadWrite.AzureADGroup"],
    ["50483e42-d915-4231-9639-7fdb7fd190e5", "UserAuthenticationMethod.ReadWrite.All"],
    ["627169a8-8c15-451c-861a-5b80e383de5c", "UserAuthMethod-TAP.ReadWrite.All"],
    ["0400e371-7db1-4338-a269-96069eb65227", "UserAuthMethod-Passkey.ReadWrite.All"],
    ["f6d38dfd-ec08-4995-8f07-23e929df0936", "UserAuthMethod-Password.ReadWrite.All"],
    ["cc117bb9-00cf-4eb8-b580-ea2a878fe8f7", "User-PasswordProfile.ReadWrite.All"],
    ["a402ca1c-2696-4531-972d-6e5ee4aa11ea", "Policy.ReadWrite.PermissionGrant"],
    ["29c18626-4985-4dcd-85c0-193eef327366", "Policy.ReadWrite.AuthenticationMethod"],
    ["01c0a623-fc9b-48e9-b794-0756f8e8f067", "Policy.ReadWrite.ConditionalAccess"],
    ["fb221be6-99f2-473f-bd32-01c6a0e9ca3b", "Policy.ReadWrite.Authorization"],
    ["7e05723c-0bb0-42da-be95-ae9f08a6e53c", "Domain.ReadWrite.All"],
    ["64d40371-8d58-4270-bc8a-b4a66de36b9a", "Domain-InternalFederation.ReadWrite.All"],
    ["292d869f-3427-49a8-9dab-8c70152b74e9", "Organization.ReadWrite.All"],
    ["a2b63618-5350-462d-b1b3-ba6eb3684e26", "PublicKeyInfrastructure.ReadWrite.All"],
    ["c22a92cc-79bf-4bb1-8b6c-e0a05d3d80ce", "OnPremDirectorySynchronization.ReadWrite.All"],
    ["9b50c33d-700f-43b1-b2eb-87e89b703581", "Synchronization.ReadWrite.All"],
    ["9acd699f-1e81-4958-b001-93b1d2506e19", "EntitlementManagement.ReadWrite.All"],
    ["025d3225-3f02-4882-b4c0-cd5b541a4e80", "RoleManagement.ReadWrite.Exchange"],
    ["8e8e4742-1d95-4f68-9d56-6ee75648c72a", "DelegatedPermissionGrant.ReadWrite.All"],
    ["9255e99d-faf5-445e-bbf7-cb71482737c4", "DeviceManagementScripts.ReadWrite.All"],
    ["e330c4f0-4170-414e-a55a-2f022ec2b57b", "DeviceManagementRBAC.ReadWrite.All"],
  ]),
  ...graph("high", [
    ["18a4783c-866b-4cc7-a460-3d5e5662c884", "Application.ReadWrite.OwnedBy"],
    ["fc023787-fd04-4e44-9bc7-d454f00c0f0a", "Application.ReadUpdate.All"],
    ["62a82d76-70ea-41e2-9197-370581804d09", "Group.ReadWrite.All"],
    ["dbaae8cf-10b5-4b86-a4a1-f871c94c6695", "GroupMember.ReadWrite.All"],
    ["741f803b-c850-494e-b5df-cde7c675a1ca", "User.ReadWrite.All"],
    ["3011c876-62b7-4ada-afa2-506cbbecc68c", "User.EnableDisableAccount.All"],
    ["c529cfca-c91b-489c-af2b-d92990b66ce6", "User.ManageIdentities.All"],
    ["eccc023d-eccf-4e7b-9683-8813ab36cecc", "User.DeleteRestore.All"],
    ["405a51b5-8d8d-430b-9842-8be4b0e9f324", "User.Export.All"],
    ["810c84a8-4a9e-49e6-bf7d-12d183f40d01", "Mail.Read"],
    ["e2a3a72e-5f79-4c64-b1b1-878b674786c9", "Mail.ReadWrite"],
    ["b633e1c5-b582-4048-a93e-9f11b44c7e96", "Mail.Send"],
    ["e118f1da-5c1c-46cf-bff6-8858d786f46f", "Mail-Advanced.ReadWrite.All"],
    ["937550e9-33a3-494b-88ae-d9cd394b1fbb", "MailboxItem.Export.All"],
    ["76577085-e73d-4f1d-b26a-85fb33892327", "MailboxItem.ImportExport.All"],
    ["7d9f353d-a7bd-4fbb-822a-26d5dd39a3ce", "MailboxItem.Read.All"],
    ["1583d471-fede-4e7c-b062-57e9d60cfb49", "MailboxItem.ReadWrite.All"],
    ["6931bccd-447a-43d1-b442-00a195474933", "MailboxSettings.ReadWrite"],
    ["fef87b92-8391-4589-9da7-eb93dab7dc8a", "MailboxFolder.ReadWrite.All"],
    ["aa6d92d4-b25a-4640-aefe-3e3231e5e736", "MailboxConfigItem.ReadWrite"],
    ["ef54d2bf-783f-4e0f-bca1-3210c0444d99", "Calendars.ReadWrite"],
    ["6918b873-d17a-4dc1-b314-35f528134491", "Contacts.ReadWrite"],
    ["01d4889c-1287-42c6-ac1f-5d1e02578ef6", "Files.Read.All"],
    ["75359482-378d-4052-8f01-80520e7db3cd", "Files.ReadWrite.All"],
    ["332a536c-c7ef-4017-ab91-336970924f0d", "Sites.Read.All"],
    ["9492366f-7969-46a4-8d15-ed1a20078fff", "Sites.ReadWrite.All"],
    ["0c0bf378-bf22-4481-8f81-9e89a9b4960a", "Sites.Manage.All"],
    ["a82116e5-55eb-4c41-a434-62fe8a61c773", "Sites.FullControl.All"],
    ["6b7d71aa-70aa-4810-a8d9-5d9fb2830017", "Chat.Read.All"],
    ["294ce7c9-31ba-490a-ad7d-97a7d075e4ed", "Chat.ReadWrite.All"],
    ["b9bb2381-47a4-46cd-aafb-00cb12f68504", "ChatMessage.Read.All"],
    ["7b2449af-6ccd-4f4d-9f78-e550c193f0d1", "ChannelMessage.Read.All"],
    ["50180013-6191-4d1e-a373-e590ff4e66af", "eDiscovery.Read.All"],
    ["b2620db1-3bf7-4c5b-9cb9-576d29eac736", "eDiscovery.ReadWrite.All"],
    ["1138cb37-bd11-4084-a2b7-9f71582aeddb", "Device.ReadWrite.All"],
    ["884b599e-4d48-43a5-ba94-15c414d00588", "DeviceLocalCredential.Read.All"],
    ["57f1cf28-c0c4-4ec3-9a30-19a2eaaf2f6e", "BitlockerKey.Read.All"],
    ["9241abd9-d0e6-425a-bd4f-47ba86e767a4", "DeviceManagementConfiguration.ReadWrite.All"],
    ["78145de6-330d-4800-a6ce-494ff2d33d07", "DeviceManagementApps.ReadWrite.All"],
    ["243333ab-4d21-40cb-a475-36241daa0842", "DeviceManagementManagedDevices.ReadWrite.All"],
    [
      "5b07b0dd-2377-4e44-a38d-703f09a0dc3c",
      "DeviceManagementManagedDevices.PrivilegedOperations.All",
    ],
    ["5eb59dd3-1da2-4329-8733-9dabdc435916", "AdministrativeUnit.ReadWrite.All"],
    ["90db2b9a-d928-4d33-a4dd-8442ae3d41e4", "IdentityProvider.ReadWrite.All"],
    ["338163d7-f101-4c92-94ba-ca46fe52447c", "Policy.ReadWrite.CrossTenantAccess"],
    ["be74164b-cff1-491c-8741-e671cb536e13", "Policy.ReadWrite.ApplicationConfiguration"],
    ["1c6e93a6-28e2-4cbb-9f64-1a46a821124d", "Policy.ReadWrite.SecurityDefaults"],
    ["f2bf083f-0179-402a-bedb-b2784de8a49b", "SecurityActions.ReadWrite.All"],
    ["dd98c7f5-2d42-42d3-a0e4-633161547251", "ThreatHunting.Read.All"],
    ["eb158f57-df43-4751-8b21-b8932adb3d34", "RecordsManagement.ReadWrite.All"],
    ["0c458cef-11f3-48c2-a568-c66751c238c0", "Notes.ReadWrite.All"],
    ["3aeca27b-ee3a-4c2b-8ded-80376e2134a4", "Notes.Read.All"],
  ]),
  ...graph("medium", [
    ["7ab1d382-f21e-4acd-a863-ba3e13f7da61", "Directory.Read.All"],
    ["df021288-bdef-4463-88db-98f22de89214", "User.Read.All"],
    ["5b567255-7703-4780-807c-7be8301ae99b", "Group.Read.All"],
    ["98830695-27a2-44f7-8c18-0c3ebc9698f6", "GroupMember.Read.All"],
    ["9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", "Application.Read.All"],
    ["b0afded3-3588-46d8-8b3d-9842eff778da", "AuditLog.Read.All"],
    ["246dd0d5-5bd0-4def-940b-0421030a5b68", "Policy.Read.All"],
    ["483bed4a-2ad3-4361-a73b-c83ccdbdc53c", "RoleManagement.Read.Directory"],
    ["c7fbd983-d9aa-4fa7-84b8-17382c103bc4", "RoleManagement.Read.All"],
    ["c769435f-f061-4d0b-8ff1-3d39870e5f85", "RoleManagement.Read.Exchange"],
    ["40f97065-369a-49f4-947c-6a255697ae91", "MailboxSettings.Read"],
    ["99280d24-a782-4793-93cc-0888549957f6", "MailboxFolder.Read.All"],
    ["27d9d776-f4d2-426d-80ad-5f22f2b01b0a", "MailboxConfigItem.Read"],
    ["6be147d2-ea4f-4b5a-a3fa-3eab6f3c140a", "Mail.ReadBasic"],
    ["693c5e45-0940-467d-9b8a-1022fb9d42ef", "Mail.ReadBasic.All"],
    ["798ee544-9d2d-430c-a058-570e29e34338", "Calendars.Read"],
    ["089fe4d0-434a-44c5-8827-41ba8a0b17f5", "Contacts.Read"],
    ["7438b122-aefc-4978-80ed-43db9fcc7715", "Device.Read.All"],
    ["81b4724a-58aa-41c1-8a55-84ef97466587", "DelegatedPermissionGrant.Read.All"],
    ["472e4a4d-bb4a-4026-98d1-0b0d74cb74a5", "SecurityAlert.Read.All"],
    ["45cc0394-e837-488b-a098-1918f48d186c", "SecurityIncident.Read.All"],
    ["bf394140-e372-4bf9-a898-299cfc7564e5", "SecurityEvents.Read.All"],
    ["dc5007c0-2d7d-4c42-879c-2dab87571379", "IdentityRiskyUser.Read.All"],
    ["6e472fd1-ad78-48da-a0f0-97ab2c6b769e", "IdentityRiskEvent.Read.All"],
    ["38d9df27-64da-44fd-b7c5-a6fbac20248f", "UserAuthenticationMethod.Read.All"],
    ["d07a8cc0-3d51-4b77-b3b0-32704d1f69fa", "AccessReview.Read.All"],
    ["883ea226-0bf2-4a8f-9f9d-92c9162a727d", "Sites.Selected"],
    ["23c5a9bd-d900-4ecf-be26-a0689755d9e5", "Lists.SelectedOperations.Selected"],
    ["bd61925e-3bf4-4d62-bc0b-06b06c96d95c", "Files.SelectedOperations.Selected"],
    ["2f51be20-0bb4-4fed-bf7b-db946066c75e", "DeviceManagementManagedDevices.Read.All"],
    ["dc377aa6-52d8-4e23-b271-2a7ae04cedf3", "DeviceManagementConfiguration.Read.All"],
    ["89b20d8a-76e2-4057-867b-9961f800b9a4", "ExchangeMessageTrace.Read.All"],
    ["6b0d2622-d34e-4470-935b-b96550e5ca8d", "AuditLogsQuery-Exchange.Read.All"],
    ["5e1e9171-754d-478c-812c-f1755a9a4c2d", "AuditLogsQuery.Read.All"],
    ["89c8469c-83ad-45f7-8ff2-6e3d4285709e", "ServicePrincipalEndpoint.ReadWrite.All"],
    ["09850681-111b-4a89-9bed-3f2cae46d706", "User.Invite.All"],
    ["134fd756-38ce-4afd-ba33-e9623dbe66c2", "AdministrativeUnit.Read.All"],
  ]),
  ...graph("low", [
    ["498476ce-e0fe-48b0-b801-37ba7e2685c6", "Organization.Read.All"],
    ["dbb9058a-0e50-45d7-ae91-66909b5d4664", "Domain.Read.All"],
    ["230c1aed-a721-4c5d-9cb4-a90514e508ef", "Reports.Read.All"],
    ["97235f07-e226-4f63-ace3-39588e11d3a1", "User.ReadBasic.All"],
    ["e2f98668-2877-4f38-a2f4-8202e0717aa1", "LicenseAssignment.Read.All"],
    ["79c261e0-fe76-4144-aad5-bdc68fbe4037", "ServiceHealth.Read.All"],
    ["1b620472-6534-4fe6-9df2-4680e8aa28ec", "ServiceMessage.Read.All"],
    ["a2c9652d-4d7f-4e4e-9d75-ac32fdc6f413", "MailTips.ReadBasic.All"],
    ["e1a88a34-94c4-4418-be12-c87b00e26bea", "OrgContact.Read.All"],
    ["ee353f83-55ef-4b78-82da-555bfa2b4b95", "ReportSettings.Read.All"],
    ["913b9306-0ce1-42b8-9137-6a7df690a760", "Place.Read.All"],
  ]),
];

/**
 * The row of a permission by its claim value.
 *
 * @throws {Error} If the table has none: a mistake in the code that asks.
 */
export function graphPermission(value: string): GraphPermission {
  const row = graphPermissions.find((one) => one.value === value);
  if (row === undefined) {
    throw new Error(`The table of permissions has no ${value}.`);
  }
  return row;
}

/** Id and claim value of the delegated permissions that any sign-in asks for. */
export const graphSignInScopes: ReadonlyMap<string, string> = new Map([
  ["e1fe6dd8-ba31-4d61-89e7-88639da4683d", "User.Read"],
  ["37f7f235-527c-4136-accd-4a02d197296e", "openid"],
  ["14dad69e-099b-42c9-810b-d002981feec1", "profile"],
  ["64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", "email"],
  ["7427e0e9-2fba-42fe-b0c0-848c9e6a8182", "offline_access"],
]);
