import type { ViewedResource } from "../../policy/rules/stackView";
import { isAzureadType, types } from "../../policy/rules/types";
import type { Evidence } from "../evidence/evidence";
import type { Preview, PreviewStep } from "../input/preview";
import { nameInUrn } from "../input/urn";
import type { PermissionChange } from "../model";
import { riskRules } from "../risk/rules";
import { known } from "../values";
import { classifyApiAccess, classifyApplication, classifyApplicationPart } from "./application";
import { classifyCertificate } from "./certificates";
import { classifyAccess } from "./component";
import { classifyAppRoleAssignment, classifyDelegatedGrant } from "./consents";
import {
  classifyCustomRole,
  classifyDirectoryRole,
  classifyRoleAssignment,
} from "./directoryRoles";
import { classifyApplicationOwner } from "./owners";
import { classifyProvider } from "./provider";
import { type Classifier, finding, isHarmless, resourceChangeOf } from "./resourceChange";
import { classifyFederated, classifyPassword } from "./secretsAndFederation";
import { classifyServicePrincipal } from "./servicePrincipal";
import { unclassified, withoutDetail } from "./unclassified";

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
  [types.directoryRole, classifyDirectoryRole],
  [types.customDirectoryRole, classifyCustomRole],
  [types.azureadProvider, classifyProvider],
  [types.access, classifyAccess],
]);

/** The permission changes of one step; none for a step that touches no permission. */
export function classifyStep(
  step: PreviewStep,
  preview: Preview,
  evidence: Evidence,
): PermissionChange[] {
  const old = preview.before.find(step.urn);
  const protection = unprotects(step, old, preview.after.find(step.urn));
  if (isHarmless(step.op)) {
    return protection;
  }
  const classifier = classifiers.get(step.type);
  const change = resourceChangeOf(step, preview);
  if (change === undefined) {
    return isAzureadType(step.type) ? [withoutDetail(step, evidence), ...protection] : [];
  }
  if (classifier !== undefined) {
    return [...classifier(change, evidence).map((one) => explained(one, step, old)), ...protection];
  }
  return isAzureadType(step.type)
    ? [explained(unclassified(change, evidence), step, old), ...protection]
    : [];
}

/** Adds what an import, or a deletion that deletes nothing, means. */
function explained(
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

function unprotects(
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
      before: known("protected"),
      after: known("not protected"),
    }),
  ];
}
