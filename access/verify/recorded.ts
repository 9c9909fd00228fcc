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
  /** Names of the directory roles that serve the workload; `undefined` where they could not be read. */
  readonly servingRoles: readonly string[] | undefined;
  /** Why they could not. */
  readonly rolesUnread?: unknown;
  /** A role that would serve the workload and is held in a way that no token carries. */
  readonly heldOtherwise?: HeldOtherwise | undefined;
}

/** How an application can hold a role besides directly and for the whole tenant. */
export interface HeldOtherwise {
  readonly role: string;
  readonly how: "scoped" | "by-group" | "only-eligible";
  /** The scope or the group, as a person knows it. */
  readonly where: string;
}

/**
 * Reads from Microsoft Graph what was granted to an application.
 *
 * @param graph With the token of somebody who may read applications; for the roles, also role
 * assignments.
 * @throws {GraphError} If it cannot be read: nothing is known then, and nothing is concluded.
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignments
 * @see https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
 */
export async function readRecordedGrants(
  graph: Client,
  applicationId: string,
  workload: Workload,
): Promise<RecordedGrants> {
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
    ...(await readRoles(graph, principal.id, workload)),
  };
}

interface RecordedAssignment {
  readonly roleDefinitionId?: string;
  readonly directoryScopeId?: string;
}

async function readRoles(
  graph: Client,
  principalId: string,
  workload: Workload,
): Promise<Pick<RecordedGrants, "servingRoles" | "rolesUnread" | "heldOtherwise">> {
  const assignedTo = (id: string, kind = "roleAssignments") => {
    const filter = encodeURIComponent(`principalId eq '${id}'`);
    return readAll<RecordedAssignment>(
      graph,
      `/roleManagement/directory/${kind}?$filter=${filter}`,
    );
  };
  const serving = (all: readonly RecordedAssignment[]) =>
    roleNamesFor(
      workload,
      all.map(({ roleDefinitionId }) => roleDefinitionId),
    );
  const tenantWide = ({ directoryScopeId }: RecordedAssignment) => directoryScopeId === "/";
  let assigned: RecordedAssignment[];
  try {
    assigned = await assignedTo(principalId);
  } catch (error) {
    return { servingRoles: undefined, rolesUnread: error };
  }
  const servingRoles = serving(assigned.filter(tenantWide));
  if (servingRoles.length > 0) {
    return { servingRoles };
  }
  const scoped = assigned.find((one) => !tenantWide(one) && serving([one]).length > 0);
  if (scoped !== undefined) {
    const [role = ""] = serving([scoped]);
    const where = await scopeName(graph, scoped.directoryScopeId ?? "");
    return { servingRoles, heldOtherwise: { role, how: "scoped", where } };
  }
  const heldOtherwise =
    (await ignoringRefusals(async () => {
      const groups = await readAll<{ id: string; displayName?: string }>(
        graph,
        `/servicePrincipals/${principalId}/transitiveMemberOf`,
      );
      for (const { id, displayName = id } of groups) {
        const [role] = serving((await assignedTo(id)).filter(tenantWide));
        if (role !== undefined) {
          return { role, how: "by-group", where: displayName } as const;
        }
      }
      return undefined;
    })) ??
    (await ignoringRefusals(async () => {
      const [role] = serving(await assignedTo(principalId, "roleEligibilityScheduleInstances"));
      return role === undefined ? undefined : ({ role, how: "only-eligible", where: "" } as const);
    }));
  return { servingRoles, heldOtherwise };
}

/** What may not be read says nothing about the application. */
async function ignoringRefusals<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}

async function scopeName(graph: Client, scope: string): Promise<string> {
  const [, id] = /^\/administrativeUnits\/([0-9a-f-]+)$/i.exec(scope) ?? [];
  const unit =
    id === undefined
      ? undefined
      : await ignoringRefusals(
          async () =>
            (await graph.api(`/directory/administrativeUnits/${id}?$select=displayName`).get()) as {
              displayName?: string;
            },
        );
  return unit?.displayName === undefined
    ? `the scope ${scope}`
    : `the administrative unit ${unit.displayName}`;
}
