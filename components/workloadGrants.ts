import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import type { WorkloadGrantsArgs } from "./args";
import { azureCliCommand } from "./catalog/azureCli";
import { cloudOfEnvironment } from "./catalog/clouds";
import type { DirectoryRole } from "./catalog/directoryRoles";
import type { ApplicationPermission } from "./catalog/permissions";
import { childNames } from "./names";
import { grantsArgs } from "./resolve";

/**
 * Admin consent to the workloads' application permissions, and the directory roles, for any
 * service principal. Used by itself it serves a managed identity, which needs no app registration.
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
    const { workloads, permissions, roles, exceptions } = grantsArgs.resolve(args);
    // The exceptions stand where the roles are assigned, so that a policy finds why one is accepted.
    const recorded = { workloads, directoryRoles: roles.map((role) => role.name), exceptions };
    super("apponly:index:WorkloadGrants", name, recorded, opts);
    const principal = args.servicePrincipalObjectId;

    this.consents = permissions.map((permission) => grant(name, permission, principal, this));
    this.roleAssignments = roles.map((role) =>
      assignRole(name, role, principal, this.consents, this),
    );
    this.registerOutputs({
      consents: this.consents.map((one) => one.id),
      roleAssignments: this.roleAssignments.map((one) => one.id),
    });
  }
}

function grant(
  name: string,
  permission: ApplicationPermission,
  principalObjectId: pulumi.Input<string>,
  parent: pulumi.Resource,
): azuread.AppRoleAssignment {
  return new azuread.AppRoleAssignment(
    childNames.consent(name, permission.key),
    {
      appRoleId: permission.appRoleId,
      principalObjectId,
      resourceObjectId: lookUpResource(permission, parent),
    },
    { parent },
  );
}

function assignRole(
  name: string,
  role: DirectoryRole,
  principalObjectId: pulumi.Input<string>,
  consents: azuread.AppRoleAssignment[],
  parent: pulumi.Resource,
): azuread.DirectoryRoleAssignment {
  return new azuread.DirectoryRoleAssignment(
    childNames.role(name, role.name),
    // The template id is what Graph reads back: the tenant's own id would be replaced at every preview.
    { roleId: role.templateId, principalObjectId },
    // The provider retries a consent to a principal that is not replicated yet, but not a role
    // assignment; after the consents the principal is known to be there.
    { parent, dependsOn: consents },
  );
}

/**
 * Object id of the service principal that represents one of Microsoft's own APIs in the tenant. It
 * is looked up and never managed: a resource with `useExisting` would overwrite it on create and
 * delete it on destroy.
 *
 * @see https://github.com/pulumi/pulumi-azuread/issues/2045
 */
function lookUpResource(
  permission: ApplicationPermission,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const found = azuread
    .getServicePrincipal({ clientId: permission.resourceAppId }, { parent })
    .then(({ objectId }) => objectId)
    .catch((error: unknown) => {
      throw explainGrant(permission, error);
    });
  return pulumi.output(found);
}

function explainGrant(permission: ApplicationPermission, error: unknown): Error {
  const cause = error instanceof Error ? error.message : String(error);
  if (!/no service principal found/i.test(cause)) {
    return error instanceof Error ? error : new Error(cause);
  }
  return new pulumi.RunError(
    `The tenant has no service principal for "${permission.resourceName}" (application id ${permission.resourceAppId}), so ${permission.value} cannot be granted; nothing has been changed. ` +
      `A tenant gets it with its first Exchange Online licence. If the licence is there, create it once, with Microsoft Graph PowerShell by \`New-MgServicePrincipal -AppId ${permission.resourceAppId}\` or with the Azure CLI, and run the preview again: ` +
      azureCliCommand(
        cloudOfEnvironment(azuread.config.environment ?? ""),
        `ad sp create --id ${permission.resourceAppId}`,
      ),
  );
}
