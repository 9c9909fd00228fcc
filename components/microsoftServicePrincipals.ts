import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import type { ApplicationPermission } from "./catalog/permissions";

/**
 * Object id of the service principal that represents one of Microsoft's own APIs in the tenant. It
 * is looked up and never managed: a resource with `useExisting` would overwrite it on create and
 * delete it on destroy.
 *
 * @see https://github.com/pulumi/pulumi-azuread/issues/2045
 */
export function lookUpResource(
  permission: ApplicationPermission,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const found = azuread
    .getServicePrincipal({ clientId: permission.resourceAppId }, { parent })
    .then(({ objectId }) => objectId)
    .catch((error: unknown) => {
      throw explain(permission, error);
    });
  return pulumi.output(found);
}

function explain(permission: ApplicationPermission, error: unknown): Error {
  const cause = error instanceof Error ? error.message : String(error);
  if (!/no service principal found/i.test(cause)) {
    return error instanceof Error ? error : new Error(cause);
  }
  return new pulumi.RunError(
    `The tenant has no service principal for "${permission.resourceName}" (application id ${permission.resourceAppId}), so ${permission.value} cannot be granted; nothing has been changed. ` +
      "A tenant gets it with its first Exchange Online licence. If the licence is there, create it once with " +
      `\`az ad sp create --id ${permission.resourceAppId}\` or \`New-MgServicePrincipal -AppId ${permission.resourceAppId}\`, then run the preview again.`,
  );
}
