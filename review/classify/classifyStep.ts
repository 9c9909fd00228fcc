import type { ViewedResource } from "../../policy/rules/stackView";
import { isAzureadType, isExchangeType, types } from "../../policy/rules/types";
import type { Evidence } from "../evidence/evidence";
import type { Preview, PreviewStep } from "../input/preview";
import { nameInUrn } from "../input/urn";
import type { PermissionChange } from "../documentShape";
import { riskRules } from "../risk/rules";
import { knownValue, sameValue, valueOf } from "../values";
import { classifyApiAccess, classifyApplication, classifyApplicationPart } from "./application";
import { classifyCertificate } from "./certificates";
import { classifyAccess } from "./component";
import { classifyAppRoleAssignment, classifyDelegatedGrant } from "./consents";
import {
  classifyCustomRole,
  classifyDirectoryRole,
  classifyRoleAssignment,
} from "./directoryRoles";
import { classifyExchangeRight } from "./exchangeRoles";
import { classifyApplicationOwner } from "./owners";
import {
  changedKeys,
  type Classifier,
  finding,
  isHarmless,
  type ResourceChange,
  resourceChangeOf,
} from "./resourceChange";
import { classifyFederated, classifyPassword } from "./secretsAndFederation";
import { classifyServicePrincipal } from "./servicePrincipal";
import { isAbsent, textOf } from "../../policy/rules/values";

/** The azuread provider itself: which tenant everything goes to. */
const classifyProvider: Classifier = (change) => {
  const [before, after] = [change.before.tenantId, change.after.tenantId];
  const moves = change.operation === "update" || change.operation === "replace";
  if (!moves || sameValue(before, after)) {
    return [];
  }
  const known = textOf(before) !== undefined && textOf(after) !== undefined;
  // From or to the tenant of the environment: it may be the same one.
  const mayBeSame = isAbsent(before) || isAbsent(after) || !known;
  return [
    finding(riskRules.tenantChanged, change, {
      kind: "unclassified",
      action: "change",
      subject: `tenant of the provider ${change.resource.name}`,
      before: valueOf(before),
      after: valueOf(after),
      ...(mayBeSame
        ? { reason: "The provider may work in another tenant; the preview does not show which." }
        : {}),
    }),
  ];
};

const classifiers: ReadonlyMap<string, Classifier> = new Map([
  [types.application, classifyApplication],
  [types.applicationRegistration, classifyApplication],
  [types.applicationApiAccess, classifyApiAccess],
  [types.applicationCertificate, classifyCertificate],
  [types.servicePrincipalCertificate, classifyCertificate],
  [types.applicationPassword, classifyPassword],
  [types.servicePrincipalPassword, classifyPassword],
  [types.applicationFederated, classifyFederated],
  [types.applicationFlexibleFederated, classifyFederated],
  [types.applicationOwner, classifyApplicationOwner],
  [types.applicationRedirectUris, classifyApplicationPart],
  [types.applicationIdentifierUri, classifyApplicationPart],
  [types.applicationFallbackPublicClient, classifyApplicationPart],
  [types.servicePrincipal, classifyServicePrincipal],
  [types.appRoleAssignment, classifyAppRoleAssignment],
  [types.delegatedGrant, classifyDelegatedGrant],
  [types.directoryRoleAssignment, classifyRoleAssignment],
  [types.directoryRoleMember, classifyRoleAssignment],
  [types.directoryRoleEligibility, classifyRoleAssignment],
  [types.exchangeAssignment, classifyExchangeRight],
  [types.exchangeRoleGroup, classifyExchangeRight],
  [types.exchangeRoleGroupMember, classifyExchangeRight],
  [types.exchangeRole, classifyExchangeRight],
  [types.exchangeScope, classifyExchangeRight],
  [types.exchangePointer, () => []],
  [types.directoryRole, classifyDirectoryRole],
  [types.customDirectoryRole, classifyCustomRole],
  [types.azureadProvider, classifyProvider],
  [types.access, classifyAccess],
]);

/** Whether every resource of a type may be a right: those of azuread and of Exchange's own roles. */
function grantsRights(type: string): boolean {
  return isAzureadType(type) || isExchangeType(type);
}

/** The permission changes of one step; none for a step that touches no permission. */
export function classifyStep(
  step: PreviewStep,
  preview: Preview,
  evidence: Evidence,
): PermissionChange[] {
  const old = preview.before.find(step.urn);
  const protection = removesProtection(step, old, preview.after.find(step.urn));
  if (isHarmless(step.op)) {
    return protection;
  }
  const classifier = classifiers.get(step.type);
  const change = resourceChangeOf(step, preview);
  if (change === undefined) {
    return grantsRights(step.type) ? [withoutDetail(step, evidence), ...protection] : [];
  }
  if (classifier !== undefined) {
    return [
      ...classifier(change, evidence).map((one) => explainedChange(one, step, old)),
      ...protection,
    ];
  }
  return grantsRights(step.type)
    ? [explainedChange(unclassifiedChange(change, evidence), step, old), ...protection]
    : [];
}

/** Adds what an import, or a deletion that deletes nothing, means. */
function explainedChange(
  change: PermissionChange,
  { op }: PreviewStep,
  old: ViewedResource | undefined,
): PermissionChange {
  if (op === "import" || op === "import-replacement") {
    return {
      ...change,
      reason: `${change.reason} It is there already, and the stack takes it over.`,
    };
  }
  if (op === "delete" && old?.retainOnDelete === true) {
    return {
      ...change,
      reason: `${change.reason} The engine leaves it in the tenant and only stops managing it.`,
    };
  }
  return change;
}

function removesProtection(
  step: PreviewStep,
  old: ViewedResource | undefined,
  later: ViewedResource | undefined,
): PermissionChange[] {
  if (old?.protect !== true || later?.protect !== false || !isAzureadType(step.type)) {
    return [];
  }
  return [
    finding(riskRules.unprotected, step, {
      kind: step.type === types.servicePrincipal ? "service-principal" : "application",
      action: "change",
      subject: `protection of ${nameInUrn(step.urn)}`,
      before: knownValue("protected"),
      after: knownValue("not protected"),
    }),
  ];
}

/** A change of a resource of the azuread provider for which there is no rule. */
function unclassifiedChange(change: ResourceChange, evidence: Evidence): PermissionChange {
  const keys = change.operation === "update" ? changedKeys(change) : [];
  return finding(riskRules.unclassified, change, {
    kind: "unclassified",
    action: change.action,
    subject: stepSubject(change, evidence),
    ...(keys.length === 0 ? {} : { after: knownValue(`changes ${keys.join(", ")}`) }),
  });
}

/** A step whose operation is not known, or that lacks the state it should have. */
function withoutDetail(step: PreviewStep, evidence: Evidence): PermissionChange {
  return finding(riskRules.noDetail, step, {
    kind: "unclassified",
    action: step.op === "delete" ? "remove" : step.op === "create" ? "add" : "change",
    subject: `${stepSubject(step, evidence)} (${step.op})`,
  });
}

function stepSubject({ urn, type }: Pick<PreviewStep, "urn" | "type">, evidence: Evidence): string {
  const name = evidence.displayNameOf({ urn }) ?? nameInUrn(urn);
  return `${type.slice(type.lastIndexOf(":") + 1)} ${name}`;
}
