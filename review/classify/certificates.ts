import type { CertificateFacts } from "../evidence/certificates";
import type { Reference } from "../evidence/principals";
import type { StackEvidence } from "../evidence/stackEvidence";
import { azuread } from "../evidence/types";
import type { PermissionChange, Value } from "../model";
import { rules, type RiskRule } from "../risk/rules";
import { isSecret, isUnknown, known, knownText, secret, unknown } from "../values/values";
import { type Classifier, finding, type ResourceChange } from "./resourceChange";

const twoYearsInDays = 731;

/** `ApplicationCertificate` and `ServicePrincipalCertificate`. */
export const classifyCertificate: Classifier = (change, evidence) => {
  const { operation, step } = change;
  const application = applicationOf(change, evidence);
  const shared = {
    kind: "certificate",
    subject: evidence.certificates.nameOf(step),
    target: application.label,
  } as const;
  const before = shown(change, evidence.certificates.factsOf(step, "before"), change.before);
  const after = shown(change, evidence.certificates.factsOf(step, "after"), change.after);
  if (operation === "delete") {
    const { rule, consequence } = removal(application, evidence);
    return [finding(rule, change, { ...shared, action: "remove", before, consequence })];
  }
  if (operation === "update") {
    return [
      finding(rules.certificateReplaced, change, { ...shared, action: "change", before, after }),
    ];
  }
  if (operation === "replace") {
    return [replacement(change, { ...shared, before, after })];
  }
  return [
    finding(additionRule(change, application, evidence), change, {
      ...shared,
      action: "add",
      after,
    }),
  ];
};

function replacement(
  change: ResourceChange,
  parts: Pick<PermissionChange, "kind" | "subject"> & {
    target: string | undefined;
    before: Value;
    after: Value;
  },
): PermissionChange {
  return finding(rules.certificateReplaced, change, {
    ...parts,
    action: "replace",
    consequence:
      "Jobs that use the old key stop as soon as it is removed. Add the new certificate under another name first, so that both are valid while jobs change over.",
  });
}

function applicationOf(
  { before, after, operation, step, type }: ResourceChange,
  evidence: StackEvidence,
): Reference {
  const inputs = operation === "delete" ? before : after;
  return type === azuread.servicePrincipalCertificate
    ? evidence.principals.principal(inputs.servicePrincipalId, "servicePrincipalId", step)
    : evidence.principals.application(inputs.applicationId, "applicationId", step);
}

function additionRule(
  change: ResourceChange,
  application: Reference,
  evidence: StackEvidence,
): RiskRule {
  if (isForeign(application, evidence)) {
    return rules.certificateForeign;
  }
  return daysValid(change) > twoYearsInDays ? rules.certificateLong : rules.certificateAdded;
}

/** Whether an application, named by a known id, is not among the stack's resources. */
export function isForeign({ urn, label }: Reference, { showsSames }: StackEvidence): boolean {
  return showsSames && urn === undefined && label !== undefined;
}

function daysValid({ after }: ResourceChange): number {
  const start = Date.parse(knownText(after.startDate) ?? "");
  const end = Date.parse(knownText(after.endDate) ?? "");
  const days = (end - start) / 86_400_000;
  return Number.isNaN(days) ? 0 : days;
}

function removal(
  application: Reference,
  evidence: StackEvidence,
): { rule: RiskRule; consequence?: string } {
  if (evidence.goesAway(application)) {
    return { rule: { ...rules.certificateRemoved, reason: "It goes with its application." } };
  }
  const left = evidence.certificatesOf(application);
  if (left === undefined) {
    return { rule: rules.certificateMaybeLast };
  }
  if (left.kept > 0) {
    return { rule: rules.certificateRemoved, consequence: "Jobs that still use this key stop." };
  }
  return left.added > 0
    ? {
        rule: rules.certificateSwapped,
        consequence:
          "Jobs stop until they have the new certificate. Add it first, and remove the old one once jobs have changed over.",
      }
    : {
        rule: rules.certificateLast,
        consequence: "Jobs that sign in with a certificate of this application stop.",
      };
}

/** A public certificate by its thumbprint; without one, by its validity. */
function shown(
  change: ResourceChange,
  { thumbprint, subject, notBefore, notAfter }: CertificateFacts,
  inputs: ResourceChange["before"],
): Value {
  if (thumbprint !== undefined) {
    const parts = [
      `thumbprint ${thumbprint}`,
      ...(subject === undefined ? [] : [subject]),
      ...(notAfter === undefined ? [] : [`valid to ${notAfter}`]),
    ];
    return known(parts.join(", "));
  }
  if (notAfter !== undefined) {
    const from = notBefore === undefined ? "" : `from ${notBefore} `;
    return known(`thumbprint not shown by the preview, valid ${from}to ${notAfter}`);
  }
  const open = [inputs.value, inputs.startDate, inputs.endDate].some(isUnknown);
  return open || !isSecret(inputs.value) || change.operation !== "create" ? unknown : secret;
}
