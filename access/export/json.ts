import { jsonText } from "../../system/visibleText";
import type { ExportDocument } from "./documentShape";
import { optionalKey, type StackAccess } from "./stackAccess";

/** Raised whenever a property is renamed, removed or changes its meaning. */
const exportVersion = 1;

/**
 * The stack's access as JSON, described by `export.schema.json` beside this file. The same stack
 * gives the same text.
 *
 * @throws {ExportError} If secrets are wanted of a supplied certificate.
 */
export function jsonDocument(access: StackAccess, includeSecrets: boolean): string {
  const { certificate } = access;
  const key = includeSecrets ? optionalKey(access) : undefined;
  const document: ExportDocument = {
    version: exportVersion,
    stack: access.stack,
    tenantId: access.tenantId,
    organization: access.organization,
    cloud: access.cloud,
    applicationId: access.applicationId,
    applicationObjectId: access.applicationObjectId,
    servicePrincipalObjectId: access.servicePrincipalObjectId,
    workloads: access.workloads,
    permissions: access.permissions,
    directoryRoles: access.directoryRoles,
    certificates: access.certificates,
    generation: certificate?.name,
    connect: access.connect,
    secrets: key && { pfx: key.pfx, pfxPassword: key.password },
  };
  return `${jsonText(document)}\n`;
}
