import {
  type BuiltInRole,
  directoryRolesPage,
  roleByName,
  roleByTemplateId,
} from "../../policy/rules/data/directoryRoles";
import type { ViewedResource } from "../../policy/rules/stackView";
import { types } from "../../policy/rules/types";
import { textOf } from "../../policy/rules/values";
import type { Evidence } from "../evidence/evidence";
import { riskRules } from "../risk/rules";
import { knownValue, valueOf } from "../values";
import { type Judgement, judgement } from "./permissionFindings";
import { type Classifier, finding, bothSides } from "./resourceChange";

/** Names of the inputs that differ between the resources that assign a role. */
interface AssignmentKeys {
  readonly role: string;
  readonly principal: string;
  /** What a subject gets in front, for an assignment that has to be activated. */
  readonly prefix?: string;
}

const byType: Readonly<Record<string, AssignmentKeys>> = {
  [types.directoryRoleAssignment]: {
    role: "roleId",
    principal: "principalObjectId",
  },
  [types.directoryRoleMember]: { role: "roleObjectId", principal: "memberObjectId" },
  [types.directoryRoleEligibility]: {
    role: "roleDefinitionId",
    principal: "principalId",
    prefix: "eligible for ",
  },
};

/** Whoever gets, loses or may activate a directory role. */
export const classifyRoleAssignment: Classifier = (change, evidence) => {
  const { operation, action, old, resource, type } = change;
  const keys = byType[type] ?? { role: "roleId", principal: "principalObjectId" };
  const subjectOf = (assignment: ViewedResource) => {
    const scope = ["directoryScopeId", "directoryScopeObjectId", "appScopeId", "appScopeObjectId"]
      .map((key) => textOf(assignment.inputs[key]))
      .find((one) => one !== undefined && one !== "/");
    const within = scope === undefined ? "" : ` within ${scope}`;
    return `${keys.prefix ?? ""}${roleJudgement(assignment, keys.role, evidence).subject}${within}`;
  };
  const subject = subjectOf(resource);
  const { rule, ...judged } =
    operation === "delete"
      ? judgement(riskRules.roleRemoved, subject)
      : roleJudgement(resource, keys.role, evidence);
  return [
    finding(rule, change, {
      kind: "directory-role",
      action,
      target: evidence.principal(resource, keys.principal).label,
      ...judged,
      subject,
      ...bothSides(change, knownValue(subjectOf(old ?? resource)), knownValue(subject)),
    }),
  ];
};

/** A role by its template id, by the object id of an activated role, or by the stack's own. */
function roleJudgement(assignment: ViewedResource, key: string, evidence: Evidence): Judgement {
  const id = textOf(assignment.inputs[key]);
  const known = id === undefined ? undefined : roleByTemplateId(id);
  if (known !== undefined) {
    return judgeKnown(known);
  }
  const own = evidence.role(assignment, key);
  if (own !== undefined) {
    const activated = activatedRole(own, evidence);
    return activated === undefined
      ? judgement(riskRules.roleUnknown, evidence.displayNameOf(own) ?? own.name)
      : judgeKnown(activated);
  }
  return id === undefined
    ? judgement(riskRules.roleUndecided, "a directory role known after the update")
    : judgement(riskRules.roleUnknown, id);
}

/** The built-in role that a `DirectoryRole` activates. */
function activatedRole(role: ViewedResource, evidence: Evidence): BuiltInRole | undefined {
  const { type, inputs, outputs } = role;
  const templateId = textOf(inputs.templateId) ?? textOf(outputs.templateId);
  const name = evidence.displayNameOf(role);
  return type === types.directoryRole
    ? ((templateId === undefined ? undefined : roleByTemplateId(templateId)) ??
        (name === undefined ? undefined : roleByName(name)))
    : undefined;
}

function judgeKnown(role: BuiltInRole): Judgement {
  const reach = role.reach ?? (role.privileged ? "Microsoft labels the role privileged." : "");
  const fits =
    role.workloads.length > 0
      ? ""
      : "Microsoft does not list the role for app-only Exchange or compliance PowerShell.";
  const reason = [reach, fits].filter((sentence) => sentence !== "").join(" ");
  return {
    rule: riskRules.roleUnknown,
    risk: role.risk,
    reason,
    source: directoryRolesPage,
    subject: role.name,
  };
}

/** `DirectoryRole`: a role becomes assignable, which grants nothing. */
export const classifyDirectoryRole: Classifier = (change, evidence) => {
  const { operation, action, resource } = change;
  const role = activatedRole(resource, evidence);
  const subject = role?.name ?? evidence.displayNameOf(resource) ?? resource.name;
  return [
    finding(riskRules.roleActivated, change, {
      kind: "directory-role",
      action,
      subject: `activation of ${subject}`,
      ...(operation === "delete"
        ? { reason: "The stack no longer manages the role; it stays active in the tenant." }
        : {}),
    }),
  ];
};

/** `CustomDirectoryRole`: what its holders may do. */
export const classifyCustomRole: Classifier = (change, evidence) => {
  const { action, before, after, resource } = change;
  return [
    finding(riskRules.customRole, change, {
      kind: "directory-role",
      action,
      subject: `custom role ${evidence.displayNameOf(resource) ?? resource.name}`,
      ...bothSides(change, valueOf(before.permissions), valueOf(after.permissions)),
    }),
  ];
};
