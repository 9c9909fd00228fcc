import {
  isMicrosoftApplication,
  microsoftApplicationName,
} from "../../policy/rules/data/microsoftApplications";
import { textOf } from "../../policy/rules/values";
import { clientIdKey } from "../evidence/evidence";
import type { PermissionChange } from "../documentShape";
import { riskRules, type RiskRule } from "../risk/rules";
import { valueOf } from "../values";
import { compareOwners } from "./owners";
import {
  changedKeys,
  type Classifier,
  finding,
  type ResourceChange,
  bothSides,
} from "./resourceChange";

const principalRules: Readonly<Record<string, RiskRule>> = {
  description: riskRules.applicationText,
  notes: riskRules.applicationText,
  tags: riskRules.applicationText,
  features: riskRules.applicationText,
  featureTags: riskRules.applicationText,
  alternativeNames: riskRules.applicationText,
  notificationEmailAddresses: riskRules.applicationText,
  accountEnabled: riskRules.principalEnabled,
  appRoleAssignmentRequired: riskRules.principalAssignment,
  useExisting: riskRules.principalAdopted,
};

/** `ServicePrincipal`, also one that `useExisting` takes over. */
export const classifyServicePrincipal: Classifier = (change, evidence) => {
  const { operation, action, old, resource, after } = change;
  const clientId = textOf(resource.inputs[clientIdKey(resource)]) ?? textOf(old?.outputs.clientId);
  const owner = textOf(resource.outputs.applicationTenantId);
  const name =
    (clientId && microsoftApplicationName(clientId)) ??
    evidence.principalName(resource) ??
    resource.name;
  const shared = { kind: "service-principal", action, subject: name } as const;

  if (clientId !== undefined && isMicrosoftApplication(clientId, owner)) {
    return [
      finding(riskRules.microsoftManaged, change, {
        ...shared,
        ...bothSides(change, valueOf(clientId), valueOf(clientId)),
        consequence: consequenceForMicrosoft(operation, name),
      }),
    ];
  }
  if (operation === "delete") {
    return [
      finding(riskRules.principalDeleted, change, {
        ...shared,
        before: valueOf(old?.outputs.objectId ?? old?.id),
        consequence: "Consents and role assignments of the application end.",
      }),
    ];
  }
  return [
    ...wholePrincipal(change, shared),
    ...compareOwners(change, `${name} (service principal)`, evidence),
    ...(operation === "create" && after.useExisting === true
      ? [finding(riskRules.principalAdopted, change, { ...shared, after: valueOf(clientId) })]
      : []),
    ...comparePrincipal(change, name),
  ];
};

function consequenceForMicrosoft(operation: ResourceChange["operation"], name: string): string {
  return operation === "delete" || operation === "replace"
    ? `Every application of the tenant that uses ${name} may lose it.`
    : `What is set here is set for the whole tenant, and destroying the stack deletes ${name}.`;
}

function wholePrincipal(
  change: ResourceChange,
  shared: Pick<PermissionChange, "kind" | "action" | "subject">,
): PermissionChange[] {
  if (change.operation === "create" && change.after.useExisting !== true) {
    return [
      finding(riskRules.principalCreated, change, {
        ...shared,
        after: valueOf(change.after.clientId ?? change.after.applicationId),
      }),
    ];
  }
  if (change.operation === "replace") {
    const { old, resource } = change;
    return [
      finding(riskRules.principalReplaced, change, {
        ...shared,
        before: valueOf(old?.outputs.objectId ?? old?.id),
        after: valueOf(resource.outputs.objectId),
        consequence:
          "The object id changes: consents, directory roles and role groups in Exchange have to be assigned anew.",
      }),
    ];
  }
  return [];
}

function comparePrincipal(change: ResourceChange, target: string): PermissionChange[] {
  if (change.operation === "create") {
    const { accountEnabled } = change.after;
    return accountEnabled === false
      ? [property(change, riskRules.principalEnabled, "accountEnabled", target)]
      : [];
  }
  const identity = new Set(["owners", "clientId", "applicationId"]);
  return changedKeys(change)
    .filter((key) => !identity.has(key))
    .map((key) => property(change, principalRules[key] ?? riskRules.unclassified, key, target));
}

function property(
  change: ResourceChange,
  rule: RiskRule,
  key: string,
  target: string,
): PermissionChange {
  return finding(rule, change, {
    kind: rule === riskRules.unclassified ? "unclassified" : "service-principal",
    action: "change",
    subject: key,
    target,
    before: valueOf(change.before[key]),
    after: valueOf(change.after[key]),
  });
}
