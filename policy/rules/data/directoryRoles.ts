import type { Severity } from "../rule";
import { asProperty } from "../values";

/** A Microsoft Entra built-in role: one row for everybody who asks about roles. */
export interface BuiltInRole {
  /** Template id: the same in every tenant, and what Graph reads back. */
  readonly templateId: string;
  /** Display name as Microsoft writes it, for example `Exchange Administrator`. */
  readonly name: string;
  /** Whether Microsoft labels the role PRIVILEGED. */
  readonly privileged: boolean;
  readonly risk: Severity;
  /** What holders can do, in one sentence, where it makes the risk or the catalog offers the role. */
  readonly reach?: string;
  /**
   * Workloads in which app-only PowerShell supports the role; empty for most.
   *
   * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2#step-5-assign-microsoft-entra-roles-to-the-application
   */
  readonly workloads: readonly ("exchange" | "compliance")[];
  /** Whether holders can change anything; known of the roles that have workloads. */
  readonly writes?: boolean;
}

/** Page with every role, its template id and its label. */
export const directoryRolesPage =
  "https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference";

/**
 * What holders can do, by the role's name: of the critical roles, and of those that app-only
 * PowerShell supports.
 */
const reachOfRole: Readonly<Record<string, string>> = {
  "Global Administrator":
    "Controls the whole tenant: every service, every account, every other administrator.",
  "Privileged Role Administrator": "Assigns any directory role, Global Administrator included.",
  "Privileged Authentication Administrator":
    "Resets the sign-in methods of every account, Global Administrators included.",
  "Application Administrator":
    "Adds a credential to any application and so acts with the permissions of each.",
  "Cloud Application Administrator":
    "Adds a credential to any application and so acts with the permissions of each.",
  "Hybrid Identity Administrator":
    "Changes federation and synchronisation, and so who can sign in as whom.",
  "Domain Name Administrator": "Changes the federation of domains, and so who can sign in as whom.",
  "External Identity Provider Administrator":
    "Adds identity providers whose word the tenant then takes for who signs in.",
  "Partner Tier2 Support":
    "Resets the passwords of every account; Microsoft says not to use the role.",
  "Directory Synchronization Accounts":
    "Is meant only for Microsoft Entra Connect, which writes identities into the tenant.",
  "Helpdesk Administrator": "Resets passwords of non-administrators and Helpdesk Administrators.",
  "Security Administrator":
    "Reads security information and reports and changes security configuration.",
  "Exchange Administrator":
    "Manages every aspect of Exchange Online, including the content rules of all mailboxes.",
  "Compliance Administrator":
    "Manages compliance configuration and reports in Microsoft Entra ID and Microsoft 365.",
  "Global Reader": "Reads everything a Global Administrator can read, and changes nothing.",
  "Security Reader": "Reads security information and reports.",
  "Exchange Recipient Administrator": "Creates and updates Exchange Online recipients.",
};

type Support = Required<Pick<BuiltInRole, "workloads" | "writes">>;

/** Microsoft's support table: in which workloads a role counts, and whether it can change anything. */
const supported: Readonly<Record<string, Support>> = {
  "Global Administrator": { workloads: ["exchange", "compliance"], writes: true },
  "Helpdesk Administrator": { workloads: ["exchange"], writes: true },
  "Security Administrator": { workloads: ["exchange", "compliance"], writes: true },
  "Exchange Administrator": { workloads: ["exchange"], writes: true },
  "Compliance Administrator": { workloads: ["exchange", "compliance"], writes: true },
  "Global Reader": { workloads: ["exchange", "compliance"], writes: false },
  "Security Reader": { workloads: ["exchange", "compliance"], writes: false },
  "Exchange Recipient Administrator": { workloads: ["exchange"], writes: true },
};

function roleRows(
  risk: Severity,
  privileged: boolean,
  all: readonly (readonly [templateId: string, name: string])[],
): BuiltInRole[] {
  return all.map(([templateId, name]) => ({
    templateId,
    name,
    privileged,
    risk,
    workloads: [],
    ...asProperty("reach", reachOfRole[name]),
    ...supported[name],
  }));
}

/**
 * Every role of the table, worst first.
 *
 * Critical: holders can become Global Administrator or act as any application. High: Microsoft
 * labels the role privileged and it writes, or it commands the content of a whole workload.
 * Medium: privileged readers, and administrators of one product. Low: readers of reports.
 */
export const builtInRoles: readonly BuiltInRole[] = [
  ...roleRows("critical", true, [
    ["62e90394-69f5-4237-9190-012177145e10", "Global Administrator"],
    ["e8611ab8-c189-46e8-94e1-60213ab1f814", "Privileged Role Administrator"],
    ["7be44c8a-adaf-4e2a-84d6-ab2649e08a13", "Privileged Authentication Administrator"],
    ["9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "Application Administrator"],
    ["158c047a-c907-4556-b7ef-446551a6b5f7", "Cloud Application Administrator"],
    ["8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2", "Hybrid Identity Administrator"],
    ["8329153b-31d0-4727-b945-745eb3bc5f31", "Domain Name Administrator"],
    ["be2f45a1-457d-42af-a067-6ec1fa63bc45", "External Identity Provider Administrator"],
    ["e00e864a-17c5-4a4b-9c06-f5b95a8d5bd8", "Partner Tier2 Support"],
  ]),
  ...roleRows("critical", false, [
    ["d29b2b05-8046-44ba-8758-1e26182fcf32", "Directory Synchronization Accounts"],
  ]),
  ...roleRows("high", true, [
    ["db506228-d27e-4b7d-95e5-295956d6615f", "Agent ID Administrator"],
    ["cf1c38e5-3621-4004-a7cb-879624dced7c", "Application Developer"],
    ["ecb2c6bf-0ab6-418e-bd87-7986f8d63bbe", "Attribute Provisioning Administrator"],
    ["c4e39bd9-1100-46d3-8c65-fb160da0071f", "Authentication Administrator"],
    ["25a516ed-2fa0-40ea-a2d0-12923a21473a", "Authentication Extensibility Administrator"],
    ["aaf43236-0c0d-4d5f-883a-6955382ac081", "B2C IEF Keyset Administrator"],
    ["7698a772-787b-4ac8-901f-60d6b08affd2", "Cloud Device Administrator"],
    ["b1be1c3e-b65d-4f19-8427-f6fa0d97feb9", "Conditional Access Administrator"],
    ["9360feb5-f418-4baa-8175-e2a00bac4301", "Directory Writers"],
    ["729827e3-9c14-49f7-bb1b-9608f156bbb8", "Helpdesk Administrator"],
    ["3a2c62db-5318-420d-8d74-23affee5d9d5", "Intune Administrator"],
    ["59d46f88-662b-457b-bceb-5c3809e5908f", "Lifecycle Workflows Administrator"],
    ["4ba39ca4-527c-499a-b93d-d9b492c50246", "Partner Tier1 Support"],
    ["966707d0-3269-4727-9be2-8c3a10f19b9d", "Password Administrator"],
    ["194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator"],
    ["5f2222b1-57c3-48ba-8ad5-d4759f1fde6f", "Security Operator"],
    ["fe930be7-5e62-47db-91af-98c3a49a38b1", "User Administrator"],
  ]),
  ...roleRows("high", false, [
    ["29232cdf-9323-42fd-ade2-1d097af3e4de", "Exchange Administrator"],
    ["49eb8f75-97e9-4e37-9b2b-6c3ebfcffa31", "Exchange Backup Administrator"],
    ["f28a1f50-f6e7-4571-818b-6a12f2af6b6c", "SharePoint Administrator"],
    ["69091246-20e8-4a56-aa4d-066075b2a7a8", "Teams Administrator"],
    ["17315797-102d-40b4-93e0-432062caca18", "Compliance Administrator"],
    ["e6d1a23a-da11-4be4-9570-befc86d067a7", "Compliance Data Administrator"],
    ["0526716b-113d-4c15-b2c8-68e3c22b9f80", "Authentication Policy Administrator"],
    ["45d8d3c5-c802-45c6-b32a-1d70b5e1e86e", "Identity Governance Administrator"],
    ["fdd7a751-b60b-444a-984c-02652fe8fa1c", "Groups Administrator"],
    ["1707125e-0aa2-4d4d-8655-a7c786c76a25", "Microsoft 365 Backup Administrator"],
    ["7495fdc4-34c4-4d15-a289-98788ce399fd", "Azure Information Protection Administrator"],
    ["892c5842-a9a6-463a-8041-72aa08ca3cf6", "Cloud App Security Administrator"],
    ["5c4f9dcd-47dc-4cf7-8c9a-9e4207cbfc91", "Customer LockBox Access Approver"],
  ]),
  ...roleRows("medium", true, [
    ["f2ef992c-3afb-46b9-b7cf-a126ee74c451", "Global Reader"],
    ["5d6b6bb7-de71-4623-b4af-96380a352509", "Security Reader"],
    ["422218e4-db15-4ef9-bbe0-8afb41546d79", "Attribute Provisioning Reader"],
  ]),
  ...roleRows("medium", false, [
    ["31392ffb-586c-42d1-9346-e59415a2cc4e", "Exchange Recipient Administrator"],
    ["58a13ea3-c632-46ae-9ee0-9c0d43cd7f3d", "Attribute Assignment Administrator"],
    ["8424c6f0-a189-499e-bbd0-26c1753c96d4", "Attribute Definition Administrator"],
    ["e3973bdf-4987-49ae-837a-ba8e231c7286", "Azure DevOps Administrator"],
    ["b0f54661-2d74-4c50-afa3-1ec803f12efe", "Billing Administrator"],
    ["44367163-eba1-44c3-98af-f5787879f96a", "Dynamics 365 Administrator"],
    ["3f1acade-1e04-4fbc-9b69-f0302cd84aef", "Edge Administrator"],
    ["a9ea8996-122f-4c74-9520-8edcd192826c", "Fabric Administrator"],
    ["ac434307-12b9-4fa1-a708-88bf58caabc1", "Global Secure Access Administrator"],
    ["95e79109-95c0-4d8e-aee3-d01accf2d47b", "Guest Inviter"],
    ["4d6ac14f-3453-41d0-bef9-a3e0c569773a", "License Administrator"],
    ["d37c8bed-0711-4417-ba38-b4abe66ce4c2", "Network Administrator"],
    ["2b745bdf-0803-4d80-aa65-822c4493daac", "Office Apps Administrator"],
    ["11648597-926c-4cf3-9c36-bcebb0ba8dcc", "Power Platform Administrator"],
    ["75941009-915a-4869-abe7-691bff18279e", "Skype for Business Administrator"],
    ["baf37b3a-610e-45da-9e62-d9d1e5e8914b", "Teams Communications Administrator"],
    ["aa38014f-0993-46e9-9b45-30501a20909d", "Teams Telephony Administrator"],
    ["11451d60-acb2-45eb-a7d6-43d0f0125c13", "Windows 365 Administrator"],
    ["810a2642-a034-447f-a5e8-41beaa378541", "Yammer Administrator"],
  ]),
  ...roleRows("low", false, [
    ["f023fd81-a637-4b56-95fd-791ac0226033", "Service Support Administrator"],
    ["88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "Directory Readers"],
    ["790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b", "Message Center Reader"],
    ["ac16e43d-7b2d-40e0-ac05-243ff356ab5b", "Message Center Privacy Reader"],
    ["4a5d8f65-41da-4de4-8968-e035b65339cf", "Reports Reader"],
    ["75934031-6c7e-415a-99d7-48dbd49e875e", "Usage Summary Reports Reader"],
    ["1076ac91-f3d9-41a7-a339-dcdf5f480acc", "Teams Reader"],
  ]),
];

/** The role with this template id, or `undefined`; case does not matter. */
export function roleByTemplateId(templateId: string): BuiltInRole | undefined {
  return builtInRoles.find((role) => role.templateId === templateId.toLowerCase());
}

/** The role with this display name, or `undefined`; case and surrounding space do not matter. */
export function roleByName(name: string): BuiltInRole | undefined {
  const wanted = name.trim().toLowerCase();
  return builtInRoles.find((role) => role.name.toLowerCase() === wanted);
}

/**
 * The row of a role by its display name.
 *
 * @throws {Error} If the table has none: a mistake in the code that asks.
 */
export function builtInRole(name: string): BuiltInRole {
  const role = roleByName(name);
  if (role === undefined) {
    throw new Error(`The table of directory roles has no ${name}.`);
  }
  return role;
}

/**
 * What every principal of a tenant has in the `wids` of its tokens, whatever roles it holds.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export const widsOfEverybody: readonly string[] = [
  "0997a1d0-0d1d-4acb-b408-d5ca73121e90",
  "b79fbf4d-3ef9-4689-8143-76b194e85509",
];
