import type { StackEvidence } from "../evidence/stackEvidence";
import { displayNameOf } from "../evidence/principals";
import { azuread } from "../evidence/types";
import type { PreviewStep } from "../input/previewSteps";
import type { Properties } from "../input/shape";
import { nameOf } from "../input/urn";
import type { PermissionChangeAction, Risk } from "../model";
import {
  type BuiltInRole,
  directoryRolesPage,
  roleByName,
  roleByTemplateId,
} from "../../policy/rules/data/directoryRoles";
import { rules, type RiskRule } from "../risk/rules";
import { known, knownText, valueOf } from "../values/values";
import { type Classifier, finding, type ResourceChange } from "./resourceChange";

interface RoleJudgement {
  readonly rule: RiskRule;
  readonly risk: Risk;
  readonly reason: string;
  readonly source: string;
  readonly subject: string;
}

const actions: Readonly<Record<ResourceChange["operation"], PermissionChangeAction>> = {
  create: "add",
  update: "change",
  delete: "remove",
  replace: "replace",
};

/** Names of the inputs that differ between the resources that assign a role. */
interface AssignmentKeys {
  readonly role: string;
  readonly principal: string;
  /** What a subject gets in front, for an assignment that has to be activated. */
  readonly prefix?: string;
}

const byType: Readonly<Record<string, AssignmentKeys>> = {
  [azuread.directoryRoleAssignment]: {
    role: "roleId",
    principal: "principalObjectId",
  },
  [azuread.directoryRoleMember]: { role: "roleObjectId", principal: "memberObjectId" },
  [azuread.directoryRoleEligibility]: {
    role: "roleDefinitionId",
    principal: "principalId",
    prefix: "eligible for ",
  },
};

/** Whoever gets, loses or may activate a directory role. */
export const classifyRoleAssignment: Classifier = (change, evidence) => {
  const { operation, before, after, step, type } = change;
  const keys = byType[type] ?? { role: "roleId", principal: "principalObjectId" };
  const inputs = operation === "delete" ? before : after;
  const kind = "directory-role";
  const target = evidence.principals.principal(inputs[keys.principal], keys.principal, step).label;
  const subjectOf = (from: Properties) => {
    const scope = ["directoryScopeId", "directoryScopeObjectId", "appScopeId", "appScopeObjectId"]
      .map((key) => knownText(from[key]))
      .find((one) => one !== undefined && one !== "/");
    const within = scope === undefined ? "" : ` within ${scope}`;
    const role = judgeRole(from[keys.role], keys.role, step, evidence).subject;
    return `${keys.prefix ?? ""}${role}${within}`;
  };
  const sides = {
    ...(operation === "create" ? {} : { before: known(subjectOf(before)) }),
    ...(operation === "delete" ? {} : { after: known(subjectOf(after)) }),
  };
  const shared = { kind, action: actions[operation], target, ...sides } as const;
  if (operation === "delete") {
    return [finding(rules.roleRemoved, change, { ...shared, subject: subjectOf(before) })];
  }
  const { rule, ...judged } = judgeRole(after[keys.role], keys.role, step, evidence);
  return [finding(rule, change, { ...shared, ...judged, subject: subjectOf(after) })];
};

/** A role by its template id, by the object id of an activated role, or by the stack's own. */
function judgeRole(
  value: unknown,
  key: string,
  step: PreviewStep,
  evidence: StackEvidence,
): RoleJudgement {
  const id = knownText(value);
  const role = id === undefined ? undefined : roleByTemplateId(id);
  if (role !== undefined) {
    return judgeKnown(role);
  }
  const urn = evidence.principals.behind(value, key, step);
  const behind = urn === undefined ? undefined : evidence.principals.step(urn);
  const activated = behind === undefined ? undefined : activatedRole(behind);
  if (activated !== undefined) {
    return judgeKnown(activated);
  }
  if (behind !== undefined) {
    return judgement(rules.roleUnknown, displayNameOf(behind) ?? nameOf(behind.urn));
  }
  return id === undefined
    ? judgement(rules.roleUndecided, "a directory role known after the update")
    : judgement(rules.roleUnknown, id);
}

function activatedRole(step: PreviewStep): BuiltInRole | undefined {
  if (step.type !== azuread.directoryRole) {
    return undefined;
  }
  const inputs = (step.new ?? step.old)?.inputs ?? {};
  const templateId =
    knownText(inputs.templateId) ?? knownText((step.old ?? step.new)?.outputs.templateId);
  const name = displayNameOf(step);
  return (
    (templateId === undefined ? undefined : roleByTemplateId(templateId)) ??
    (name === undefined ? undefined : roleByName(name))
  );
}

function judgeKnown(role: BuiltInRole): RoleJudgement {
  const reach = role.reach ?? (role.privileged ? "Microsoft labels the role privileged." : "");
  const fits =
    role.workloads.length > 0
      ? ""
      : "Microsoft does not list the role for app-only Exchange or compliance PowerShell.";
  const reason = [reach, fits].filter((sentence) => sentence !== "").join(" ");
  return {
    rule: rules.roleUnknown,
    risk: role.risk,
    reason,
    source: directoryRolesPage,
    subject: role.name,
  };
}

function judgement(rule: RiskRule, subject: string): RoleJudgement {
  return { rule, risk: rule.risk, reason: rule.reason, source: rule.source, subject };
}

/** `DirectoryRole`: a role becomes assignable, which grants nothing. */
export const classifyDirectoryRole: Classifier = (change) => {
  const { operation, step } = change;
  const role = activatedRole(step);
  const subject = role?.name ?? displayNameOf(step) ?? nameOf(step.urn);
  return [
    finding(rules.roleActivated, change, {
      kind: "directory-role",
      action: actions[operation],
      subject: `activation of ${subject}`,
      ...(operation === "delete"
        ? { reason: "The stack no longer manages the role; it stays active in the tenant." }
        : {}),
    }),
  ];
};

/** `CustomDirectoryRole`: what its holders may do. */
export const classifyCustomRole: Classifier = (change) => {
  const { operation, before, after, step } = change;
  return [
    finding(rules.customRole, change, {
      kind: "directory-role",
      action: actions[operation],
      subject: `custom role ${displayNameOf(step) ?? nameOf(step.urn)}`,
      ...(operation === "create" ? {} : { before: valueOf(before.permissions) }),
      ...(operation === "delete" ? {} : { after: valueOf(after.permissions) }),
    }),
  ];
};
