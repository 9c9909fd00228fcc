import { asText, isJsonObject, type JsonObject } from "../../json";
import { directoryRoleTemplates } from "../../seed/directoryRoles";
import { defaultRulesOf } from "../../seed/roleManagementRules";
import { seededId } from "../../state/seedTenant";
import type { TenantState } from "../../state/tenantState";
import { authorize } from "../authorization";
import type { GraphCall } from "../call";
import { durationMilliseconds } from "../credentialPolicy";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findInPath } from "../lookup";
import type { Navigation } from "../model/entityType";
import {
  roleManagementPolicyAssignmentType,
  roleManagementPolicyRuleType,
  roleManagementPolicyType,
} from "../model/privilegedTypes";
import { mergeProperties, refuseForeign } from "../properties";
import { requireLicence } from "./privilegedAccess";
import { keepProperties, keptProperties } from "./tenantPolicies";

const writers = {
  role: ["RoleManagementPolicy.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"],
  group: ["RoleManagementPolicy.ReadWrite.AzureADGroup"],
};
const readers = {
  role: [
    "RoleManagementPolicy.Read.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.Read.All",
    ...writers.role,
  ],
  group: ["RoleManagementPolicy.Read.AzureADGroup", ...writers.group],
};
const writeRules = [...writers.role, ...writers.group];
const readRules = [...readers.role, ...readers.group];
const defaultRules = { role: defaultRulesOf("role"), group: defaultRulesOf("group") };

/** What Privileged Identity Management asks of one role, or of members or owners of one group. */
interface RolePolicy {
  readonly id: string;
  readonly scopeId: string;
  readonly scopeType: string;
  readonly roleDefinitionId: string;
}

const kindOf = (scopeType: string) => (/^Group(_|$)/i.test(scopeType) ? "group" : "role");
const assignmentId = ({ id, roleDefinitionId }: RolePolicy) => `${id}_${roleDefinitionId}`;

function rulesRelation(): Navigation {
  return {
    many: true,
    type: roleManagementPolicyRuleType,
    related: ({ state }, { id }) => rulesOf(state, asText(id)),
  };
}

// Rules that a policy of the whole tenant would enforce are not simulated: those of a role hold.
const rolePolicyType = {
  ...roleManagementPolicyType,
  navigation: { rules: rulesRelation(), effectiveRules: rulesRelation() },
};

/**
 * Policies of Privileged Identity Management, their assignment and their rules. Every role, and every
 * group, has them from the start.
 *
 * @see https://learn.microsoft.com/graph/api/resources/unifiedrolemanagementpolicy
 */
export const roleManagementPolicies: readonly EntitySet<{ readonly id: string }>[] = [
  {
    paths: ["/policies/roleManagementPolicies"],
    type: rolePolicyType,
    read: readRules,
    write: writeRules,
    all: policiesAsked,
    find: findPolicy,
    show: ({ state }, policy) => shownRolePolicy(state, policy as RolePolicy),
    update: writePolicy,
    answersUpdate: true,
  },
  {
    paths: ["/policies/roleManagementPolicyAssignments"],
    type: {
      ...roleManagementPolicyAssignmentType,
      navigation: {
        policy: {
          many: false,
          type: rolePolicyType,
          // The assignment tells all of it: nothing is looked up for each of a list.
          related: ({ state }, { policyId, scopeId, scopeType }) => [
            shownRolePolicy(state, {
              id: asText(policyId),
              scopeId: asText(scopeId),
              scopeType: asText(scopeType),
            }),
          ],
        },
      },
    },
    read: readRules,
    all: policiesAsked,
    find: (call, key) => {
      const policy = findPolicy(call, key.replace(/_[^_]+$/, ""));
      return policy !== undefined && assignmentId(policy) === key ? policy : undefined;
    },
    show: (_, policy) => {
      const { id: policyId, ...rest } = policy as RolePolicy;
      return { id: assignmentId(policy as RolePolicy), policyId, ...rest };
    },
  },
  {
    paths: ["/policies/roleManagementPolicies/:id/rules"],
    parameter: "rule",
    type: roleManagementPolicyRuleType,
    setName: (call) => `policies/roleManagementPolicies('${call.param("id")}')/rules`,
    read: readRules,
    write: writeRules,
    all: (call) => rulesOf(call.state, findInPath(call, findPolicy).id),
    show: (_, rule) => rule,
    update: (call, rule) => {
      authorize(call.c, writers[kindOf(call.param("id"))]);
      const { id } = findInPath(call, findPolicy);
      keepRules(call, id, [changedRule(rule, call.body)]);
    },
  },
];

/** The policies of the scope that a list is asked for, which a filter has to name. */
function policiesAsked(call: GraphCall): RolePolicy[] {
  const filter = call.c.req.query("$filter") ?? call.c.req.query("filter") ?? "";
  const [, scopeId] = /\bscopeId\s+eq\s+'([^']*)'/i.exec(filter) ?? [];
  const [, scopeType] = /\bscopeType\s+eq\s+'([^']*)'/i.exec(filter) ?? [];
  if (scopeId === undefined || scopeType === undefined) {
    throw graphErrors.badRequest("A filter by scopeId and scopeType is required.");
  }
  requireLicence(call, readers[kindOf(scopeType)]);
  return policiesOf(call.state, scopeType, scopeId);
}

function findPolicy(call: GraphCall, key: string): RolePolicy | undefined {
  requireLicence(call, readers[kindOf(key)]);
  const [scopeType = "", of = ""] = key.split("_");
  return policiesOf(call.state, scopeType, kindOf(scopeType) === "group" ? of : "/").find(
    ({ id }) => id === key,
  );
}

function policiesOf(state: TenantState, scopeType: string, scopeId: string): RolePolicy[] {
  const { tenantId } = state.identity;
  const policies = (of: string, roleDefinitionIds: readonly string[]) =>
    roleDefinitionIds.map((roleDefinitionId) => ({
      id: `${scopeType}_${of}_${seededId(of, `role management of ${roleDefinitionId}`)}`,
      scopeId,
      scopeType,
      roleDefinitionId,
    }));
  if (scopeType === "Group" && state.groups.get(scopeId) !== undefined) {
    return policies(scopeId, ["member", "owner"]);
  }
  const own = state.customDirectoryRoles.all().map(({ id }) => id);
  return scopeId === "/" && ["Directory", "DirectoryRole"].includes(scopeType)
    ? policies(tenantId, [...directoryRoleTemplates.keys(), ...own])
    : [];
}

function shownRolePolicy(
  state: TenantState,
  { id, scopeId, scopeType }: Omit<RolePolicy, "roleDefinitionId">,
): JsonObject {
  const { lastModifiedBy = { displayName: null, id: null } } = keptProperties(state, id) ?? {};
  return {
    id,
    displayName: scopeType,
    description: scopeType,
    isOrganizationDefault: false,
    scopeId,
    scopeType,
    lastModifiedDateTime: state.keptPolicies.get(id)?.modifiedDateTime ?? null,
    lastModifiedBy,
  };
}

function rulesOf(state: TenantState, policyId: string): (JsonObject & { id: string })[] {
  const { rules = {} } = keptProperties(state, policyId) ?? {};
  const changed = isJsonObject(rules) ? rules : {};
  return [...defaultRules[kindOf(policyId)]].map(([id, rule]) => ({
    ...structuredClone(rule),
    ...structuredClone(changed[id] as JsonObject | undefined),
    id,
  }));
}

/**
 * Changes several rules of a policy at once, or none where one cannot be changed.
 *
 * @see https://learn.microsoft.com/graph/api/unifiedrolemanagementpolicy-update
 */
function writePolicy(call: GraphCall, policy: { readonly id: string }): void {
  const { id } = policy;
  authorize(call.c, writers[kindOf(id)]);
  const { rules: sent = [], lastModifiedBy: _, ...others } = call.body;
  const shown = shownRolePolicy(call.state, policy as RolePolicy);
  refuseForeign(others, shown);
  // Terraform sends along what the policy is of, and nobody as who changed it last.
  const changes = Object.keys(others).find((name) => name in shown && others[name] !== shown[name]);
  if (changes !== undefined) {
    throw graphErrors.readOnlyProperty(changes, "UnifiedRoleManagementPolicy");
  }
  if (!Array.isArray(sent)) {
    throw graphErrors.invalidValue("rules", "UnifiedRoleManagementPolicy");
  }
  const rules = rulesOf(call.state, id);
  const changed = sent.map((one) => {
    const rule = rules.find((known) => isJsonObject(one) && known.id === one["id"]);
    if (rule === undefined) {
      throw graphErrors.invalidValue("rules", "UnifiedRoleManagementPolicy");
    }
    return changedRule(rule, one as JsonObject);
  });
  keepRules(call, id, changed);
}

/** @see https://learn.microsoft.com/graph/api/unifiedrolemanagementpolicyrule-update */
function changedRule(rule: JsonObject & { id: string }, body: JsonObject): typeof rule {
  const { "@odata.type": type, id = rule.id, ...sent } = body;
  if (type !== rule["@odata.type"]) {
    throw graphErrors.invalidValue("@odata.type", "UnifiedRoleManagementPolicyRule");
  }
  refuseForeign(sent, rule);
  if (id !== rule.id) {
    throw graphErrors.invalidProperty("id");
  }
  const changed = mergeProperties(rule, sent, roleManagementPolicyRuleType);
  requireDuration(changed);
  return { ...changed, id: rule.id };
}

function keepRules(
  { state, caller }: GraphCall,
  policyId: string,
  changed: readonly (JsonObject & { id: string })[],
): void {
  const client = state.servicePrincipals.get(caller.objectId);
  const { rules = {} } = keptProperties(state, policyId) ?? {};
  keepProperties(state, policyId, {
    lastModifiedBy: {
      displayName: client === undefined ? null : state.nameOf(client),
      id: null,
    },
    rules: {
      ...(rules as JsonObject),
      ...Object.fromEntries(changed.map((rule) => [rule.id, rule])),
    },
  });
}

function requireDuration({ maximumDuration, isExpirationRequired }: JsonObject): void {
  if (maximumDuration === undefined || (maximumDuration === null && !isExpirationRequired)) {
    return;
  }
  try {
    durationMilliseconds(asText(maximumDuration));
  } catch {
    throw graphErrors.invalidValue("maximumDuration", "UnifiedRoleManagementPolicyRule");
  }
}
