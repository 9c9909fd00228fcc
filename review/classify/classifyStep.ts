import { azuread, components, isAzureadType } from "../evidence/types";
import type { StackEvidence } from "../evidence/stackEvidence";
import { nameOf } from "../input/urn";
import type { PreviewStep } from "../input/previewSteps";
import type { PermissionChange } from "../model";
import { rules } from "../risk/rules";
import { known } from "../values/values";
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
  [azuread.application, classifyApplication],
  [azuread.applicationRegistration, classifyApplication],
  [azuread.applicationApiAccess, classifyApiAccess],
  [azuread.applicationCertificate, classifyCertificate],
  [azuread.servicePrincipalCertificate, classifyCertificate],
  [azuread.applicationPassword, classifyPassword],
  [azuread.servicePrincipalPassword, classifyPassword],
  [azuread.applicationFederated, classifyFederated],
  [azuread.applicationFlexibleFederated, classifyFederated],
  [azuread.applicationOwner, classifyApplicationOwner],
  [azuread.applicationRedirectUris, classifyApplicationPart],
  [azuread.applicationIdentifierUri, classifyApplicationPart],
  [azuread.applicationFallbackPublicClient, classifyApplicationPart],
  [azuread.servicePrincipal, classifyServicePrincipal],
  [azuread.appRoleAssignment, classifyAppRoleAssignment],
  [azuread.delegatedGrant, classifyDelegatedGrant],
  [azuread.directoryRoleAssignment, classifyRoleAssignment],
  [azuread.directoryRoleMember, classifyRoleAssignment],
  [azuread.directoryRoleEligibility, classifyRoleAssignment],
  [azuread.directoryRole, classifyDirectoryRole],
  [azuread.customDirectoryRole, classifyCustomRole],
  [azuread.provider, classifyProvider],
  [components.access, classifyAccess],
]);

/** The permission changes of one step; none for a step that touches no permission. */
export function classifyStep(step: PreviewStep, evidence: StackEvidence): PermissionChange[] {
  const protection = unprotects(step);
  if (isHarmless(step.op)) {
    return protection;
  }
  const classifier = classifiers.get(step.type);
  const change = resourceChangeOf(step);
  if (change === undefined) {
    return isAzureadType(step.type) ? [withoutDetail(step), ...protection] : [];
  }
  if (classifier !== undefined) {
    return [...classifier(change, evidence).map((one) => explained(one, step)), ...protection];
  }
  return isAzureadType(step.type) ? [explained(unclassified(change), step), ...protection] : [];
}

/** Adds what an import, or a deletion that deletes nothing, means. */
function explained(change: PermissionChange, { op, old }: PreviewStep): PermissionChange {
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

function unprotects(step: PreviewStep): PermissionChange[] {
  if (step.old?.protect !== true || step.new?.protect !== false || !isAzureadType(step.type)) {
    return [];
  }
  return [
    finding(rules.unprotected, step, {
      kind: step.type === azuread.servicePrincipal ? "service-principal" : "application",
      action: "change",
      subject: `protection of ${nameOf(step.urn)}`,
      before: known("protected"),
      after: known("not protected"),
    }),
  ];
}
