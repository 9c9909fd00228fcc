import { isGuid } from "../../system/guid";

/**
 * Object id in the resource id of an application, `/applications/{object id}`; `undefined` for
 * anything else, such as one that is not known yet.
 *
 * @see https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/services/applications/application_resource.go
 */
export function applicationObjectIdIn(id: unknown): string | undefined {
  const [root, kind, objectId = "", ...rest] = typeof id === "string" ? id.split("/") : [];
  return root === "" && kind === "applications" && isGuid(objectId) && rest.length === 0
    ? objectId
    : undefined;
}

/**
 * The parts of the resource id of a certificate, `{object id}/certificate/{key id}`; `undefined` for
 * anything else.
 *
 * @see https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/services/applications/application_certificate_resource.go
 */
export function certificateIdParts(
  id: string,
): { readonly applicationObjectId: string; readonly keyId: string } | undefined {
  const [applicationObjectId = "", kind, keyId = "", ...rest] = id.split("/");
  return kind === "certificate" && applicationObjectId !== "" && keyId !== "" && rest.length === 0
    ? { applicationObjectId, keyId: keyId.toLowerCase() }
    : undefined;
}
