import { directoryRoles } from "../../components/catalog/directoryRoles";
import { permissionsFor } from "../../components/catalog/permissions";
import type { Workload } from "../../components/catalog/workloads";
import { type HttpAnswer, NoAnswer, send } from "../../microsoft/http";
import type { Target } from "./target";

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
 * @param token Of somebody who may read applications; for the roles, also role assignments.
 * @returns `undefined` where it cannot be read: nothing is known then, and nothing is concluded.
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignments
 * @see https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
 */
export async function readRecordedGrants(
  target: Target,
  workload: Workload,
  token: string,
): Promise<RecordedGrants | undefined> {
  const { applicationId } = target;
  const [principal, application] = [
    await read(target, token, `/servicePrincipals(appId='${applicationId}')?$select=id`),
    await read(
      target,
      token,
      `/applications(appId='${applicationId}')?$select=id,requiredResourceAccess`,
    ),
  ] as [{ id?: string } | undefined, Manifest | undefined];
  if (principal?.id === undefined || application === undefined) {
    return undefined;
  }
  const consents = await readAll<{ appRoleId?: string }>(
    target,
    token,
    `/servicePrincipals/${principal.id}/appRoleAssignments`,
  );
  if (consents === undefined) {
    return undefined;
  }
  const assignments = await readAll<{ roleDefinitionId?: string; directoryScopeId?: string }>(
    target,
    token,
    `/roleManagement/directory/roleAssignments?$filter=${encodeURIComponent(`principalId eq '${principal.id}'`)}`,
  );
  const wanted = permissionsFor([workload]).map(({ appRoleId }) => appRoleId);
  const requested = (application.requiredResourceAccess ?? []).flatMap(({ resourceAccess }) =>
    (resourceAccess ?? []).map(({ id }) => id),
  );
  const held = assignments
    ?.filter(({ directoryScopeId }) => directoryScopeId === "/")
    .map(({ roleDefinitionId }) => roleDefinitionId);
  return {
    consented: wanted.every((id) => consents.some(({ appRoleId }) => appRoleId === id)),
    requested: wanted.every((id) => requested.includes(id)),
    servingRoles:
      held &&
      directoryRoles
        .filter((role) => role.workloads.includes(workload) && held.includes(role.templateId))
        .map(({ name }) => name),
  };
}

interface Manifest {
  requiredResourceAccess?: { resourceAccess?: { id?: string }[] }[];
}

/** Every page of a list, `undefined` where one is refused. */
async function readAll<T>(target: Target, token: string, path: string): Promise<T[] | undefined> {
  const rows: T[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const page = (await read(target, token, next)) as
      { value?: T[]; "@odata.nextLink"?: string } | undefined;
    if (page?.value === undefined) {
      return undefined;
    }
    rows.push(...page.value);
    next = page["@odata.nextLink"];
  }
  return rows;
}

async function read(target: Target, token: string, path: string): Promise<object | undefined> {
  const { graph, extraCaPem } = target.endpoints;
  const url = path.startsWith("/") ? `${graph}/v1.0${path}` : path;
  // The token is for Graph: a next page elsewhere does not get it.
  if (graph === undefined || new URL(url).origin !== new URL(graph).origin) {
    return undefined;
  }
  let answer: HttpAnswer;
  try {
    answer = await send(url, {
      method: "GET",
      headers: { Authorization: `Bearer ${token}`, Accept: "application/json" },
      ...(extraCaPem === undefined ? {} : { extraCaPem }),
    });
  } catch (error) {
    if (error instanceof NoAnswer) {
      return undefined;
    }
    throw error;
  }
  if (answer.status !== 200) {
    return undefined;
  }
  try {
    const body: unknown = JSON.parse(answer.body);
    return typeof body === "object" && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}
