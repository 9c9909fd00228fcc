/** An application permission of Microsoft Graph. */
export interface GraphPermission {
  /** Value in the token's `roles`. */
  readonly name: string;
  /** Id of the app role. */
  readonly id: string;
}

/** Application id of Microsoft Graph in every tenant. */
export const microsoftGraphAppId = "00000003-0000-0000-c000-000000000000";

/**
 * The permissions that a deployer of a stack may need, or that include one it needs.
 *
 * @see https://learn.microsoft.com/graph/permissions-reference
 */
export const graphPermissions = {
  ownApplications: {
    name: "Application.ReadWrite.OwnedBy",
    id: "18a4783c-866b-4cc7-a460-3d5e5662c884",
  },
  allApplications: {
    name: "Application.ReadWrite.All",
    id: "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
  },
  readApplications: {
    name: "Application.Read.All",
    id: "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
  },
  consents: {
    name: "AppRoleAssignment.ReadWrite.All",
    id: "06b708a9-e830-4db3-a914-8e69da51d44f",
  },
  directoryRoles: {
    name: "RoleManagement.ReadWrite.Directory",
    id: "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
  },
  readDomains: { name: "Domain.Read.All", id: "dbb9058a-0e50-45d7-ae91-66909b5d4664" },
  domains: { name: "Domain.ReadWrite.All", id: "7e05723c-0bb0-42da-be95-ae9f08a6e53c" },
  readDirectory: { name: "Directory.Read.All", id: "7ab1d382-f21e-4acd-a863-ba3e13f7da61" },
  readPolicies: { name: "Policy.Read.All", id: "246dd0d5-5bd0-4def-940b-0421030a5b68" },
  directory: { name: "Directory.ReadWrite.All", id: "19dbc75e-c2e2-444c-a770-ec69d8559fc7" },
} as const satisfies Record<string, GraphPermission>;

/**
 * Directory roles with which a deployer may do what a permission would allow, by template id.
 *
 * @see https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
 */
export const administrators = {
  global: { id: "62e90394-69f5-4237-9190-012177145e10", name: "Global Administrator" },
  privilegedRole: {
    id: "e8611ab8-c189-46e8-94e1-60213ab1f814",
    name: "Privileged Role Administrator",
  },
  application: { id: "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", name: "Application Administrator" },
  cloudApplication: {
    id: "158c047a-c907-4556-b7ef-446551a6b5f7",
    name: "Cloud Application Administrator",
  },
} as const;

/** A directory role by its template id. */
export type Administrator = (typeof administrators)[keyof typeof administrators];
