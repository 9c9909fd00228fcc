import { randomUUID } from "node:crypto";
import { ExchangeError } from "../../exchange/errors";
import { addAssignment } from "../../exchange/cmdlets/assignments";
import { freeName } from "../../exchange/cmdlets/cmdletCall";
import { parseOpath } from "../../exchange/opath";
import {
  findRole,
  type ManagementRole,
  managementRoles,
  roleGroups,
} from "../../exchange/roleDirectory";
import { asText, isGuid, isJsonObject, type JsonObject } from "../../json";
import type { RoleAssignmentRecord, ScopeRecord } from "../../state/exchangeEntities";
import type { TenantState } from "../../state/tenantState";
import { requiredText } from "../body";
import type { GraphCall } from "../call";
import type { EntitySet } from "../entitySet";
import { GraphError, graphErrors } from "../errors";
import {
  customAppScopeType,
  exchangeRoleDefinitionType,
  roleAssignmentType,
} from "../model/grantTypes";

/** Permissions that suffice to read Exchange's own roles. */
const readExchangeRoles = [
  "RoleManagement.Read.Exchange",
  "RoleManagement.Read.All",
  "RoleManagement.ReadWrite.Exchange",
];
/** Permissions that suffice to assign them. */
const writeExchangeRoles = ["RoleManagement.ReadWrite.Exchange"];

const commonFields = { read: readExchangeRoles, write: writeExchangeRoles };

/** Only beta has Exchange's roles. */
function betaState(call: GraphCall): TenantState {
  if (call.version !== "beta") {
    throw graphErrors.syntax("Resource not found for the segment 'exchange'.");
  }
  return call.state;
}

/**
 * The management roles; neither role groups nor their members are told here.
 *
 * @see https://learn.microsoft.com/graph/api/resources/unifiedroledefinition?view=graph-rest-beta
 */
export const exchangeRoleDefinitions: EntitySet<ManagementRole> = {
  ...commonFields,
  paths: ["/roleManagement/exchange/roleDefinitions"],
  type: exchangeRoleDefinitionType,
  setName: () => "roleManagement/exchange/roleDefinitions",
  all: (call) => managementRoles(betaState(call), "exchange"),
  show: (_, { id, name, description, parent, isApplicationRole }) => ({
    id,
    description,
    displayName: name,
    isBuiltIn: parent === "",
    isEnabled: true,
    templateId: null,
    version: "0.12 (14.0.451.0)",
    allowedPrincipalTypes: isApplicationRole ? "servicePrincipal" : "user,group,servicePrincipal",
    rolePermissions: [{ allowedResourceActions: [], excludedResourceActions: [], condition: null }],
  }),
};

/** @see https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments?view=graph-rest-beta */
export const exchangeRoleAssignments: EntitySet<RoleAssignmentRecord> = {
  ...commonFields,
  paths: ["/roleManagement/exchange/roleAssignments"],
  type: roleAssignmentType,
  setName: () => "roleManagement/exchange/roleAssignments",
  all: (call) => {
    const state = betaState(call);
    roleGroups(state, "exchange");
    return state.exchangeRoleAssignments
      .all()
      .filter(({ workload, delegating }) => workload === "exchange" && !delegating);
  },
  show: ({ state }, one) => presentAssignment(state, one),
  create: (call) => {
    const state = betaState(call);
    const principal = principalIn(
      state,
      requiredText(call.body, "principalId", "UnifiedRoleAssignment"),
    );
    const role = requiredText(call.body, "roleDefinitionId", "UnifiedRoleAssignment");
    const assignment = asGraph(() =>
      addAssignment(
        { state, workload: "exchange" },
        { role, ...principal, ...scopeIn(state, call.body) },
      ),
    );
    state.exchangeRoleAssignments.put(assignment);
    state.touch();
    return presentAssignment(state, assignment);
  },
  update: ({ state, body }, assignment) => {
    assignment.writeScope = scopeIn(state, body);
  },
  remove: ({ state }, { id }) => state.exchangeRoleAssignments.delete(id),
};

/** @see https://learn.microsoft.com/graph/api/unifiedrbacapplicationmultiple-list-customappscopes?view=graph-rest-beta */
export const customAppScopes: EntitySet<ScopeRecord> = {
  ...commonFields,
  paths: ["/roleManagement/exchange/customAppScopes"],
  type: customAppScopeType,
  setName: () => "roleManagement/exchange/customAppScopes",
  all: (call) => betaState(call).exchangeScopes.all(),
  show: (_, scope) => shownScope(scope),
  create: (call) => {
    const state = betaState(call);
    const displayName = requiredText(call.body, "displayName", "CustomAppScope");
    const filter = filterIn(call.body) ?? "";
    const name = asGraph(() => {
      parseOpath(filter);
      return freeName("management scope", state.exchangeScopes.all(), displayName);
    });
    const scope = state.exchangeScopes.put({ id: randomUUID(), name, filter, exclusive: false });
    state.touch();
    return shownScope(scope);
  },
  update: ({ body }, scope) => {
    const filter = filterIn(body);
    if (filter !== undefined) {
      asGraph(() => parseOpath(filter));
      scope.filter = filter;
    }
  },
  remove: ({ state }, { id, name }) => {
    if (state.exchangeRoleAssignments.all().some(({ writeScope }) => writeScope.scope === name)) {
      throw graphErrors.badRequest(
        `The management scope "${name}" can't be removed because it's associated with a management role assignment.`,
      );
    }
    state.exchangeScopes.delete(id);
  },
};

function shownScope({ id, name, filter, exclusive }: ScopeRecord): JsonObject {
  return {
    id,
    displayName: name,
    type: "RecipientScope",
    customAttributes: { Exclusive: exclusive, RecipientFilter: filter },
  };
}

function filterIn(body: JsonObject): string | undefined {
  const attributes = body["customAttributes"];
  return isJsonObject(attributes) ? asText(attributes["RecipientFilter"]) : undefined;
}

function presentAssignment(state: TenantState, one: RoleAssignmentRecord): JsonObject {
  const { scope, administrativeUnit, group } = one.writeScope;
  const group_ = roleGroups(state, "exchange").find(({ id }) => id === one.assigneeId);
  return {
    id: one.id,
    principalId:
      one.assigneeType === "RoleGroup"
        ? `/RoleGroups/${group_?.name ?? one.assigneeId}`
        : `/${one.assigneeType}s/${one.assigneeId}`,
    roleDefinitionId: findRole(state, "exchange", one.role)?.id ?? one.role,
    directoryScopeId:
      scope !== undefined
        ? null
        : administrativeUnit !== undefined
          ? `/AdministrativeUnits/${administrativeUnit}`
          : group !== undefined
            ? `/Groups/${group}`
            : "/",
    appScopeId: state.exchangeScopes.all().find(({ name }) => name === scope)?.id ?? null,
  };
}

/** `/ServicePrincipals/{object id}`, which needs no pointer, `/Users/{id}` or `/RoleGroups/{name}`. */
function principalIn(state: TenantState, principalId: string) {
  const [, kind = "", key = ""] = /^\/(\w+)\/(.+)$/.exec(principalId) ?? [];
  const principal = state.servicePrincipals.get(key);
  if (/^serviceprincipals$/i.test(kind) && principal !== undefined) {
    const assigneeName = state.nameOf(principal);
    return { assigneeType: "ServicePrincipal", assigneeId: principal.id, assigneeName } as const;
  }
  const user = state.users.get(key);
  if (/^users$/i.test(kind) && user !== undefined) {
    return { assigneeType: "User", assigneeId: user.id, assigneeName: user.displayName } as const;
  }
  const group = roleGroups(state, "exchange").find(({ name }) => name === key);
  if (/^rolegroups$/i.test(kind) && group !== undefined) {
    return { assigneeType: "RoleGroup", assigneeId: group.id, assigneeName: group.name } as const;
  }
  throw graphErrors.badRequest(
    `Ex1BAEC5|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|Couldn't find object "${key || principalId}". Please make sure that it was spelled correctly or specify a different object. principalId`,
  );
}

function scopeIn(state: TenantState, body: JsonObject) {
  const appScope = body["appScopeId"];
  if (typeof appScope === "string") {
    const scope = state.exchangeScopes.get(appScope);
    if (scope === undefined) {
      throw graphErrors.notFound(appScope);
    }
    return { scope: scope.name };
  }
  const directoryScope = asText(body["directoryScopeId"] ?? "/");
  const [, kind = "", id = ""] = /^\/(\w+)\/(.+)$/.exec(directoryScope) ?? [];
  if (directoryScope !== "/" && !isGuid(id)) {
    throw graphErrors.invalidValue("directoryScopeId", "UnifiedRoleAssignment");
  }
  return /^administrativeunits$/i.test(kind)
    ? { administrativeUnit: id }
    : /^groups$/i.test(kind)
      ? { group: id }
      : {};
}

/** What Exchange refuses, as Graph passes it on: 409 for what exists, 404 for what does not. */
function asGraph<T>(run: () => T): T {
  try {
    return run();
  } catch (problem) {
    if (!(problem instanceof ExchangeError)) {
      throw problem;
    }
    const { internal } = problem.options;
    const message = internal?.message ?? problem.message;
    const status = /already exists/.test(message) ? 409 : problem.status;
    throw new GraphError(
      status,
      status === 409
        ? "Conflict"
        : status === 404
          ? "Request_ResourceNotFound"
          : "Request_BadRequest",
      `${internal?.type ?? ""}|${message}`,
    );
  }
}
