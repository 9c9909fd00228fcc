import { types } from "../../policy/rules/types";
import { instantOf, isSecret, isUnknown } from "../../policy/rules/values";
import type { ShownCertificate } from "../evidence/certificates";
import type { Evidence, Party } from "../evidence/evidence";
import type { PermissionChange, ShownValue } from "../documentShape";
import { riskRules, type RiskRule } from "../risk/rules";
import { knownValue, secret, unknown } from "../values";
import { type Classifier, finding, type ResourceChange } from "./resourceChange";

const twoYearsInDays = 731;

/** `ApplicationCertificate` and `ServicePrincipalCertificate`. */
export const classifyCertificate: Classifier = (change, evidence) => {
  const { operation, resource, old, new: later } = change;
  const application = credentialOwner(change, evidence);
  const shared = {
    kind: "certificate",
    subject: evidence.certificates.generationNameOf(resource),
    target: application.label,
  } as const;
  const before = certificateValue(
    change,
    evidence.certificates.factsOf(old, "before"),
    change.before,
  );
  const shownAfter = evidence.certificates.factsOf(later, "after");
  const after = certificateValue(change, shownAfter, change.after);
  if (operation === "delete") {
    const { rule, consequence } = removal(application, evidence);
    return [finding(rule, change, { ...shared, action: "remove", before, consequence })];
  }
  if (operation === "update") {
    return [
      finding(riskRules.certificateReplaced, change, {
        ...shared,
        action: "change",
        before,
        after,
      }),
    ];
  }
  if (operation === "replace") {
    return [replacement(change, { ...shared, before, after })];
  }
  const rule = additionRule(change, application, evidence);
  const isUsual = rule === riskRules.certificateAdded && shownAfter.keyIn !== undefined;
  return [
    finding(rule, change, {
      ...shared,
      action: "add",
      after,
      ...(isUsual && { reason: "Whoever may have the vault sign signs in as the application." }),
    }),
  ];
};

function replacement(
  change: ResourceChange,
  parts: Pick<PermissionChange, "kind" | "subject"> & {
    target: string | undefined;
    before: ShownValue;
    after: ShownValue;
  },
): PermissionChange {
  return finding(riskRules.certificateReplaced, change, {
    ...parts,
    action: "replace",
    consequence:
      "Jobs that use the old key stop as soon as it is removed. Add the new certificate under another name first, so that both are valid while jobs change over.",
  });
}

function credentialOwner({ resource, type }: ResourceChange, evidence: Evidence): Party {
  return type === types.servicePrincipalCertificate
    ? evidence.principal(resource, "servicePrincipalId")
    : evidence.application(resource, "applicationId");
}

function additionRule(change: ResourceChange, application: Party, evidence: Evidence): RiskRule {
  if (evidence.isForeign(application)) {
    return riskRules.certificateForeign;
  }
  return daysValid(change) > twoYearsInDays
    ? riskRules.certificateLong
    : riskRules.certificateAdded;
}

function daysValid({ after }: ResourceChange): number {
  const [start = NaN, end = NaN] = [after.startDate, after.endDate].map(instantOf);
  const days = (end - start) / 86_400_000;
  return Number.isNaN(days) ? 0 : days;
}

function removal(application: Party, evidence: Evidence): { rule: RiskRule; consequence?: string } {
  if (evidence.isRemoved(application)) {
    return { rule: { ...riskRules.certificateRemoved, reason: "It goes with its application." } };
  }
  const left = evidence.certificatesOf(application);
  if (left === undefined) {
    return { rule: riskRules.certificateMaybeLast };
  }
  if (left.kept > 0) {
    return {
      rule: riskRules.certificateRemoved,
      consequence: "Jobs that still use this key stop.",
    };
  }
  return left.added > 0
    ? {
        rule: riskRules.certificateSwapped,
        consequence:
          "Jobs stop until they have the new certificate. Add it first, and remove the old one once jobs have changed over.",
      }
    : {
        rule: riskRules.certificateLast,
        consequence: "Jobs that sign in with a certificate of this application stop.",
      };
}

/** A public certificate by its thumbprint; without one, by its validity. */
function certificateValue(
  change: ResourceChange,
  { thumbprint, subject, notBefore, notAfter, keyIn }: ShownCertificate,
  inputs: ResourceChange["before"],
): ShownValue {
  if (thumbprint !== undefined) {
    const parts = [
      `thumbprint ${thumbprint}`,
      ...(subject === undefined ? [] : [subject]),
      ...(notAfter === undefined ? [] : [`valid to ${notAfter}`]),
      ...(keyIn === undefined ? [] : [`key in ${keyIn}`]),
    ];
    return knownValue(parts.join(", "));
  }
  if (notAfter !== undefined) {
    const from = notBefore === undefined ? "" : `from ${notBefore} `;
    return knownValue(`thumbprint not shown by the preview, valid ${from}to ${notAfter}`);
  }
  const isPartlyUnknown = [inputs.value, inputs.startDate, inputs.endDate].some(isUnknown);
  return isPartlyUnknown || !isSecret(inputs.value) || change.operation !== "create"
    ? unknown
    : secret;
}
