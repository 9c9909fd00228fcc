import { type Client, GraphError } from "@microsoft/microsoft-graph-client";
import { readAll } from "../client";
import { type Unread, unreadOf } from "./unread";

/** A role of Exchange's own access control that a service principal holds. */
export interface ExchangeRole {
  /** Name of the role, for example `Application Mail.Read`. */
  readonly name: string;
  /** Whether it reaches only a part of the organization. */
  readonly scoped: boolean;
}

interface Assignment {
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly directoryScopeId?: string | null;
  readonly appScopeId?: string | null;
}

/**
 * Roles of Exchange's own access control, by the object id of the service principal. Only beta has
 * them, and those that come by a role group are not told there.
 *
 * @throws {GraphError} If Graph fails otherwise than by refusing.
 * @see https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments?view=graph-rest-beta
 */
export async function readExchangeRoles(graph: Client): Promise<{
  readonly byPrincipal: ReadonlyMap<string, ExchangeRole[]>;
  readonly unread?: Unread;
}> {
  const byPrincipal = new Map<string, ExchangeRole[]>();
  const root = "/roleManagement/exchange";
  try {
    const assignments = await readAll<Assignment>(graph, `${root}/roleAssignments`, "beta");
    const definitions = await readAll<{ id: string; displayName: string }>(
      graph,
      `${root}/roleDefinitions`,
      "beta",
    );
    const names = new Map(definitions.map(({ id, displayName }) => [id, displayName]));
    for (const { principalId, roleDefinitionId, directoryScopeId, appScopeId } of assignments) {
      const [, kind, id = ""] = principalId.split("/");
      if (kind?.toLowerCase() === "serviceprincipals") {
        const scoped = Boolean(appScopeId) || (directoryScopeId ?? "/") !== "/";
        const role = { name: names.get(roleDefinitionId) ?? roleDefinitionId, scoped };
        const key = id.toLowerCase();
        byPrincipal.set(key, [...(byPrincipal.get(key) ?? []), role]);
      }
    }
    return { byPrincipal };
  } catch (error) {
    if (!(error instanceof GraphError)) {
      throw error;
    }
    const source = { what: "roles in Exchange", permission: "RoleManagement.Read.Exchange" };
    return { byPrincipal, unread: unreadOf(source, error) };
  }
}
