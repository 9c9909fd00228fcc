import { types } from "../../policy/rules/types";
import { type Properties, textOf } from "../../policy/rules/values";
import type { ShownValue } from "../documentShape";
import { riskRules, type RiskRule } from "../risk/rules";
import { knownValue, secret, textSetOf, unknown } from "../values";
import { type Classifier, finding, bothSides } from "./resourceChange";
import { knownIssuers } from "../../policy/rules/data/pages";

/** `ApplicationPassword` and `ServicePrincipalPassword`. The value is never read. */
export const classifyPassword: Classifier = (change, evidence) => {
  const { operation, action, inputs, resource, type } = change;
  const party =
    type === types.servicePrincipalPassword
      ? evidence.principal(resource, "servicePrincipalId")
      : evidence.application(resource, "applicationId");
  const rule = {
    create: riskRules.passwordAdded,
    update: riskRules.passwordChanged,
    replace: riskRules.passwordChanged,
    delete: riskRules.passwordRemoved,
  }[operation];
  return [
    finding(rule, change, {
      kind: "password-credential",
      action: action,
      subject: textOf(inputs.displayName) ?? resource.name,
      target: party.label,
      ...bothSides(change, secret, secret),
      ...(operation === "create" && evidence.isForeign(party)
        ? { reason: `${rule.reason} ${riskRules.certificateForeign.reason}` }
        : {}),
      consequence:
        operation === "replace" ? "Jobs that use the old client secret stop." : undefined,
    }),
  ];
};

/** `ApplicationFederatedIdentityCredential` and its flexible form. */
export const classifyFederated: Classifier = (change, evidence) => {
  const { operation, action, before, after, inputs, resource } = change;
  const rule = operation === "delete" ? riskRules.federatedRemoved : ruleFor(after);
  return [
    finding(rule, change, {
      kind: "federated-credential",
      action: action,
      subject: textOf(inputs.displayName) ?? resource.name,
      target: evidence.application(resource, "applicationId").label,
      ...bothSides(change, trustOf(before), trustOf(after)),
      consequence:
        operation === "delete" ? "Jobs that sign in with tokens of this issuer stop." : undefined,
    }),
  ];
};

function ruleFor(inputs: Properties): RiskRule {
  const issuer = textOf(inputs.issuer);
  const subject = textOf(inputs.subject);
  if (issuer !== undefined && !knownIssuers.some((pattern) => pattern.test(issuer))) {
    return riskRules.federatedIssuer;
  }
  const exact =
    issuer !== undefined &&
    subject !== undefined &&
    !/[*?]/.test(subject) &&
    !/(^|:)pull_request$/i.test(subject) &&
    inputs.claimsMatchingExpression === undefined;
  return exact ? riskRules.federatedAdded : riskRules.federatedWide;
}

function trustOf(inputs: Properties): ShownValue {
  const issuer = textOf(inputs.issuer);
  const subject = textOf(inputs.subject) ?? textOf(inputs.claimsMatchingExpression);
  if (issuer === undefined && subject === undefined) {
    return unknown;
  }
  const audience = textOf(inputs.audience) ?? [...textSetOf(inputs.audiences).known].join(", ");
  const later = "known after the update";
  const parts = [
    `${subject ?? later} from ${issuer ?? later}`,
    ...(audience ? [`for ${audience}`] : []),
  ];
  return knownValue(parts.join(" "));
}
