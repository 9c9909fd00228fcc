import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import type { ExceptionArgs } from "./args";
import { type ApplicationPermission, permissionsFor } from "./catalog/permissions";
import { type DirectoryRole, rolesInOrder } from "./catalog/directoryRoles";
import { isWorkload, workloads } from "./catalog/workloads";
import { ConfigurationError } from "./faults";
import { lookUpResource } from "./microsoftServicePrincipals";
import { exceptionFaults, roleFaults, workloadFaults } from "./validation/roles";

/** Arguments of {@link WorkloadGrants}. */
export interface WorkloadGrantsArgs {
  /** Object id of the service principal, also of a managed identity, that receives the grants. */
  servicePrincipalObjectId: pulumi.Input<string>;
  /** Workloads it serves: `exchange`, `compliance`, or both. */
  workloads: string[];
  /** Names of the directory roles, for example `Exchange Administrator`. */
  directoryRoles: string[];
  /**
   * Privileged roles that are accepted for a time.
   *
   * @default []
   */
  exceptions?: ExceptionArgs[];
}

/**
 * Admin consent to the workloads' application permissions, and the directory roles, for any
 * service principal. Used alone it serves a managed identity, which needs no app registration.
 *
 * @example
 * new WorkloadGrants("runbook", {
 *   servicePrincipalObjectId: automationAccount.identity.principalId,
 *   workloads: ["exchange"],
 *   directoryRoles: ["Exchange Recipient Administrator"],
 * });
 * @throws {ConfigurationError} If a workload or a role is unknown, a workload has no role that
 * serves it, or a privileged role has no live exception.
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
export class WorkloadGrants extends pulumi.ComponentResource {
  /** The consents, in the catalog's order. */
  public readonly consents: azuread.AppRoleAssignment[];
  /** The role assignments, in the table's order. */
  public readonly roleAssignments: azuread.DirectoryRoleAssignment[];

  constructor(name: string, args: WorkloadGrantsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "apponly:index:WorkloadGrants",
      name,
      {
        workloads: workloads.filter((workload) => args.workloads.includes(workload)),
        directoryRoles: rolesInOrder(args.directoryRoles).map((role) => role.name),
        // Recorded where the roles are assigned, so that a policy finds why one is accepted.
        exceptions: args.exceptions ?? [],
      },
      opts,
    );
    const { permissions, roles } = resolve(args);
    const principal = args.servicePrincipalObjectId;

    this.consents = permissions.map((permission) => consent(name, permission, principal, this));
    this.roleAssignments = roles.map((role) => assign(name, role, principal, this.consents, this));
    this.registerOutputs({
      consents: this.consents.map((one) => one.id),
      roleAssignments: this.roleAssignments.map((one) => one.id),
    });
  }
}

function resolve(args: WorkloadGrantsArgs): {
  permissions: ApplicationPermission[];
  roles: DirectoryRole[];
} {
  const faults = [
    ...workloadFaults(args.workloads),
    ...roleFaults(args.directoryRoles, args.workloads),
    ...exceptionFaults(args.exceptions ?? [], args.directoryRoles, new Date()),
  ];
  if (faults.length > 0) {
    throw new ConfigurationError(faults);
  }
  return {
    permissions: permissionsFor(args.workloads.filter(isWorkload)),
    roles: rolesInOrder(args.directoryRoles),
  };
}

function consent(
  name: string,
  permission: ApplicationPermission,
  principalObjectId: pulumi.Input<string>,
  parent: pulumi.Resource,
): azuread.AppRoleAssignment {
  return new azuread.AppRoleAssignment(
    `${name}-consent-${permission.key}`,
    {
      appRoleId: permission.appRoleId,
      principalObjectId,
      resourceObjectId: lookUpResource(permission, parent),
    },
    { parent },
  );
}

function assign(
  name: string,
  role: DirectoryRole,
  principalObjectId: pulumi.Input<string>,
  consents: azuread.AppRoleAssignment[],
  parent: pulumi.Resource,
): azuread.DirectoryRoleAssignment {
  return new azuread.DirectoryRoleAssignment(
    `${name}-role-${role.name.toLowerCase().replace(/ /g, "-")}`,
    // The template id is what Graph reads back: the tenant's own id would be replaced at every preview.
    { roleId: role.templateId, principalObjectId },
    // The provider retries a consent to a principal that is not replicated yet, but not a role
    // assignment; after the consents the principal is known to be there.
    { parent, dependsOn: consents },
  );
}
