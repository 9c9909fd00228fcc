/** A built-in directory role: the same template id in every tenant. */
export interface DirectoryRoleTemplate {
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly isPrivileged: boolean;
}

/**
 * Built-in roles: those that app-only PowerShell supports, and others people often use. Template
 * id, name, description, and whether Microsoft calls the role privileged.
 *
 * @see https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
 */
const templates = `
9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3 | Application Administrator | Can create and manage all aspects of app registrations and enterprise apps. | privileged
cf1c38e5-3621-4004-a7cb-879624dced7c | Application Developer | Can create application registrations independent of the 'Users can register applications' setting. | privileged
c4e39bd9-1100-46d3-8c65-fb160da0071f | Authentication Administrator | Can access to view, set and reset authentication method information for any non-admin user. | privileged
b0f54661-2d74-4c50-afa3-1ec803f12efe | Billing Administrator | Can perform common billing related tasks like updating payment information.
158c047a-c907-4556-b7ef-446551a6b5f7 | Cloud Application Administrator | Can create and manage all aspects of app registrations and enterprise apps except App Proxy. | privileged
17315797-102d-40b4-93e0-432062caca18 | Compliance Administrator | Can read and manage compliance configuration and reports in Microsoft Entra ID and Microsoft 365.
e6d1a23a-da11-4be4-9570-befc86d067a7 | Compliance Data Administrator | Creates and manages compliance content.
b1be1c3e-b65d-4f19-8427-f6fa0d97feb9 | Conditional Access Administrator | Can manage Conditional Access capabilities. | privileged
88d8e3e3-8f55-4a1e-953a-9b9898b8876b | Directory Readers | Can read basic directory information.
9360feb5-f418-4baa-8175-e2a00bac4301 | Directory Writers | Can read and write basic directory information. | privileged
49eb8f75-97e9-4e37-9b2b-6c3ebfcffa31 | Exchange Backup Administrator | Back up and restore content (including granular restore) for Exchange Online in Microsoft 365 Backup.
29232cdf-9323-42fd-ade2-1d097af3e4de | Exchange Administrator | Can manage all aspects of the Exchange product.
31392ffb-586c-42d1-9346-e59415a2cc4e | Exchange Recipient Administrator | Can create or update Exchange Online recipients within the Exchange Online organization.
62e90394-69f5-4237-9190-012177145e10 | Global Administrator | Can manage all aspects of Microsoft Entra ID and Microsoft services that use Microsoft Entra identities. | privileged
f2ef992c-3afb-46b9-b7cf-a126ee74c451 | Global Reader | Can read everything that a Global Administrator can, but not update anything. | privileged
fdd7a751-b60b-444a-984c-02652fe8fa1c | Groups Administrator | Can create and manage groups and their settings.
95e79109-95c0-4d8e-aee3-d01accf2d47b | Guest Inviter | Can invite guest users independent of the 'members can invite guests' setting.
729827e3-9c14-49f7-bb1b-9608f156bbb8 | Helpdesk Administrator | Can reset passwords for non-administrators and Helpdesk Administrators. | privileged
3a2c62db-5318-420d-8d74-23affee5d9d5 | Intune Administrator | Can manage all aspects of the Intune product. | privileged
4d6ac14f-3453-41d0-bef9-a3e0c569773a | License Administrator | Can manage product licenses on users and groups.
790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b | Message Center Reader | Can read messages and updates for their organization in Office 365 Message Center only.
11648597-926c-4cf3-9c36-bcebb0ba8dcc | Power Platform Administrator | Can create and manage all aspects of Microsoft Dynamics 365, Power Apps and Power Automate.
7be44c8a-adaf-4e2a-84d6-ab2649e08a13 | Privileged Authentication Administrator | Can access to view, set and reset authentication method information for any user. | privileged
e8611ab8-c189-46e8-94e1-60213ab1f814 | Privileged Role Administrator | Can manage role assignments in Microsoft Entra ID, and all aspects of Privileged Identity Management. | privileged
4a5d8f65-41da-4de4-8968-e035b65339cf | Reports Reader | Can read sign-in and audit reports.
194ae4cb-b126-40b2-bd5b-6091b380977d | Security Administrator | Can read security information and reports, and manage configuration in Microsoft Entra ID and Office 365. | privileged
5f2222b1-57c3-48ba-8ad5-d4759f1fde6f | Security Operator | Creates and manages security events. | privileged
5d6b6bb7-de71-4623-b4af-96380a352509 | Security Reader | Can read security information and reports in Microsoft Entra ID and Office 365. | privileged
f28a1f50-f6e7-4571-818b-6a12f2af6b6c | SharePoint Administrator | Can manage all aspects of the SharePoint service.
69091246-20e8-4a56-aa4d-066075b2a7a8 | Teams Administrator | Can manage the Microsoft Teams service.
fe930be7-5e62-47db-91af-98c3a49a38b1 | User Administrator | Can manage all aspects of users and groups, including resetting passwords for limited admins. | privileged
`;

/** Every built-in role by its template id. */
export const directoryRoleTemplates: ReadonlyMap<string, DirectoryRoleTemplate> = new Map(
  templates
    .trim()
    .split("\n")
    .map((row) => {
      const [id = "", displayName = "", description = "", privileged] = row.split(" | ");
      return [id, { id, displayName, description, isPrivileged: privileged === "privileged" }];
    }),
);
