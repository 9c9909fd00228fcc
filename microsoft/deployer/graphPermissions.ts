import { builtInRole } from "../../policy/rules/data/directoryRoles";
import { graphPermission } from "../../policy/rules/data/graphPermissions";

/** An application permission of Microsoft Graph. */
export interface DeployerPermission {
  /** Value in the token's `roles`. */
  readonly name: string;
  /** Id of the app role. */
  readonly id: string;
}

/**
 * The permissions that a deployer of a stack may need, or that include one it needs.
 *
 * @see https://learn.microsoft.com/graph/permissions-reference
 */
export const deployerPermissions = {
  ownApplications: deployerPermission("Application.ReadWrite.OwnedBy"),
  allApplications: deployerPermission("Application.ReadWrite.All"),
  readApplications: deployerPermission("Application.Read.All"),
  consents: deployerPermission("AppRoleAssignment.ReadWrite.All"),
  directoryRoles: deployerPermission("RoleManagement.ReadWrite.Directory"),
  exchangeRoles: deployerPermission("RoleManagement.ReadWrite.Exchange"),
  readDomains: deployerPermission("Domain.Read.All"),
  domains: deployerPermission("Domain.ReadWrite.All"),
  readDirectory: deployerPermission("Directory.Read.All"),
  readPolicies: deployerPermission("Policy.Read.All"),
  readAuditLog: deployerPermission("AuditLog.Read.All"),
  directory: deployerPermission("Directory.ReadWrite.All"),
} as const satisfies Record<string, DeployerPermission>;

/**
 * Directory roles with which a deployer may do what a permission would allow, by template id.
 *
 * @see https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
 */
export const administrators = {
  global: administratorNamed("Global Administrator"),
  privilegedRole: administratorNamed("Privileged Role Administrator"),
  application: administratorNamed("Application Administrator"),
  cloudApplication: administratorNamed("Cloud Application Administrator"),
} as const;

/** A directory role by its template id. */
export interface Administrator {
  readonly id: string;
  readonly name: string;
}

function administratorNamed(name: string): Administrator {
  return { id: builtInRole(name).templateId, name };
}

function deployerPermission(name: string): DeployerPermission {
  return { name, id: graphPermission(name).id };
}
