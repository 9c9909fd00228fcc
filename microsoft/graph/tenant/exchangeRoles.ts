import { type Client, GraphError } from "@microsoft/microsoft-graph-client";
import { types } from "../../../policy/rules/types";
import { readAll } from "../client";
import { type Unread, unreadOf } from "./unread";

/** A role of Exchange's own access control that a service principal holds. */
export interface ExchangeRole {
  /** Of the assignment. */
  readonly id: string;
  /** Name of the role, for example `Application Mail.Read`. */
  readonly name: string;
  /** Whether it reaches only a part of the organization. */
  readonly scoped: boolean;
  /** Name of the management scope within which it may write. */
  readonly recipientScope?: string;
  /** Object id of the administrative unit within which it may write. */
  readonly administrativeUnit?: string;
}

interface Assignment {
  readonly id: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly directoryScopeId?: string | null;
  readonly appScopeId?: string | null;
}

/**
 * Roles of Exchange's own access control, by the object id of the service principal. Only beta has
 * them, and those that come by a role group are not told there.
 *
 * @param principalId Object id of only one service principal. @default all
 * @throws {GraphError} If Graph fails otherwise than by refusing.
 * @see https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments?view=graph-rest-beta
 */
export async function readExchangeRoles(
  graph: Client,
  principalId?: string,
): Promise<{
  readonly byPrincipal: ReadonlyMap<string, ExchangeRole[]>;
  readonly unread?: Unread;
}> {
  const byPrincipal = new Map<string, ExchangeRole[]>();
  const root = "/roleManagement/exchange";
  const filter =
    principalId === undefined
      ? ""
      : `?$filter=${encodeURIComponent(`principalId eq '/ServicePrincipals/${principalId}'`)}`;
  const namesIn = async (list: string) => {
    const all = await readAll<{ id: string; displayName: string }>(
      graph,
      `${root}/${list}`,
      "beta",
    );
    return new Map(all.map(({ id, displayName }) => [id, displayName]));
  };
  try {
    const assignments = await readAll<Assignment>(
      graph,
      `${root}/roleAssignments${filter}`,
      "beta",
    );
    const names =
      assignments.length === 0 ? new Map<string, string>() : await namesIn("roleDefinitions");
    const scopes = assignments.some(({ appScopeId }) => appScopeId)
      ? await namesIn("customAppScopes")
      : new Map<string, string>();
    for (const one of assignments) {
      const [, kind, principal = ""] = one.principalId.split("/");
      if (kind?.toLowerCase() === "serviceprincipals") {
        const key = principal.toLowerCase();
        byPrincipal.set(key, [...(byPrincipal.get(key) ?? []), exchangeRoleOf(one, names, scopes)]);
      }
    }
    return { byPrincipal };
  } catch (error) {
    if (!(error instanceof GraphError)) {
      throw error;
    }
    const source = {
      what: "roles in Exchange",
      permission: "RoleManagement.Read.Exchange",
      hides: [types.exchangeAssignment],
    };
    return { byPrincipal, unread: unreadOf(source, error) };
  }
}

function exchangeRoleOf(
  { id, roleDefinitionId, directoryScopeId, appScopeId }: Assignment,
  names: ReadonlyMap<string, string>,
  scopes: ReadonlyMap<string, string>,
): ExchangeRole {
  const scope = directoryScopeId ?? "/";
  const [, unit] = /^\/AdministrativeUnits\/(.+)$/i.exec(scope) ?? [];
  return {
    id,
    name: names.get(roleDefinitionId) ?? roleDefinitionId,
    scoped: Boolean(appScopeId) || scope !== "/",
    ...(appScopeId ? { recipientScope: scopes.get(appScopeId) ?? appScopeId } : {}),
    ...(unit === undefined ? {} : { administrativeUnit: unit }),
  };
}
