import type { Client } from "@microsoft/microsoft-graph-client";
import type { Application } from "@microsoft/microsoft-graph-types";
import { roleNamesFor } from "../../components/catalog/directoryRoles";
import { permissionsFor } from "../../components/catalog/permissions";
import type { Workload } from "../../components/catalog/workloads";
import { readAll } from "../../microsoft/graph/client";

/** What the directory records for an application, whether or not it has reached any service. */
export interface RecordedGrants {
  /** Whether every permission of the workload is consented to. */
  readonly consented: boolean;
  /** Whether the application's manifest asks for every permission of the workload. */
  readonly requested: boolean;
  /** Names of the directory roles that serve the workload; `undefined` where they may not be read. */
  readonly servingRoles: readonly string[] | undefined;
}

/**
 * Reads from Microsoft Graph what was granted to an application.
 *
 * @param graph With the token of somebody who may read applications; for the roles, also role
 * assignments.
 * @returns `undefined` where it cannot be read: nothing is known then, and nothing is concluded.
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignments
 * @see https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
 */
export async function readRecordedGrants(
  graph: Client,
  applicationId: string,
  workload: Workload,
): Promise<RecordedGrants | undefined> {
  try {
    const principal = (await graph
      .api(`/servicePrincipals(appId='${applicationId}')?$select=id`)
      .get()) as { id: string };
    const application = (await graph
      .api(`/applications(appId='${applicationId}')?$select=id,requiredResourceAccess`)
      .get()) as Application;
    const consents = await readAll<{ appRoleId?: string }>(
      graph,
      `/servicePrincipals/${principal.id}/appRoleAssignments`,
    );
    const wanted = permissionsFor([workload]).map(({ appRoleId }) => appRoleId);
    const requested = (application.requiredResourceAccess ?? []).flatMap(({ resourceAccess }) =>
      (resourceAccess ?? []).map(({ id }) => id),
    );
    return {
      consented: wanted.every((id) => consents.some(({ appRoleId }) => appRoleId === id)),
      requested: wanted.every((id) => requested.includes(id)),
      servingRoles: await readServingRoles(graph, principal.id, workload),
    };
  } catch {
    return undefined;
  }
}

async function readServingRoles(
  graph: Client,
  principalId: string,
  workload: Workload,
): Promise<string[] | undefined> {
  const filter = encodeURIComponent(`principalId eq '${principalId}'`);
  try {
    const assignments = await readAll<{ roleDefinitionId?: string; directoryScopeId?: string }>(
      graph,
      `/roleManagement/directory/roleAssignments?$filter=${filter}`,
    );
    const held = assignments
      .filter(({ directoryScopeId }) => directoryScopeId === "/")
      .map(({ roleDefinitionId }) => roleDefinitionId);
    return roleNamesFor(workload, held);
  } catch {
    return undefined;
  }
}
