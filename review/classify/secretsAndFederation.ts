import type { StackEvidence } from "../evidence/stackEvidence";
import { azuread } from "../evidence/types";
import type { Properties } from "../input/shape";
import { nameOf } from "../input/urn";
import type { PermissionChangeAction, Value } from "../model";
import { rules, type RiskRule } from "../risk/rules";
import { knownText, known, secret, unknown } from "../values/values";
import { textSetOf } from "../values/sets";
import { isForeign } from "./certificates";
import { type Classifier, finding, type ResourceChange } from "./resourceChange";

const actions: Readonly<Record<ResourceChange["operation"], PermissionChangeAction>> = {
  create: "add",
  update: "change",
  delete: "remove",
  replace: "replace",
};

/** `ApplicationPassword` and `ServicePrincipalPassword`. The value is never read. */
export const classifyPassword: Classifier = (change, evidence) => {
  const { operation, before, after, step, type } = change;
  const inputs = operation === "delete" ? before : after;
  const reference =
    type === azuread.servicePrincipalPassword
      ? evidence.principals.principal(inputs.servicePrincipalId, "servicePrincipalId", step)
      : evidence.principals.application(inputs.applicationId, "applicationId", step);
  const rule = {
    create: rules.passwordAdded,
    update: rules.passwordChanged,
    replace: rules.passwordChanged,
    delete: rules.passwordRemoved,
  }[operation];
  return [
    finding(rule, change, {
      kind: "password-credential",
      action: actions[operation],
      subject: knownText(inputs.displayName) ?? nameOf(step.urn),
      target: reference.label,
      ...(operation === "create" ? {} : { before: secret }),
      ...(operation === "delete" ? {} : { after: secret }),
      ...(operation === "create" && isForeign(reference, evidence)
        ? { reason: `${rule.reason} ${rules.certificateForeign.reason}` }
        : {}),
      consequence:
        operation === "replace" ? "Jobs that use the old client secret stop." : undefined,
    }),
  ];
};

/** Issuers whose subjects the review can read. */
const knownIssuers: readonly RegExp[] = [
  /^https:\/\/token\.actions\.githubusercontent\.com\/?$/i,
  /^https:\/\/vstoken\.dev\.azure\.com\/[0-9a-f-]{36}\/?$/i,
  /^https:\/\/login\.microsoftonline\.(com|us)\/[0-9a-f-]{36}\/v2\.0\/?$/i,
  /^https:\/\/app\.vstoken\.visualstudio\.com\/?$/i,
];

/** `ApplicationFederatedIdentityCredential` and its flexible form. */
export const classifyFederated: Classifier = (change, evidence: StackEvidence) => {
  const { operation, before, after, step } = change;
  const inputs = operation === "delete" ? before : after;
  const rule = operation === "delete" ? rules.federatedRemoved : ruleFor(after);
  return [
    finding(rule, change, {
      kind: "federated-credential",
      action: actions[operation],
      subject: knownText(inputs.displayName) ?? nameOf(step.urn),
      target: evidence.principals.application(inputs.applicationId, "applicationId", step).label,
      ...(operation === "create" ? {} : { before: trustOf(before) }),
      ...(operation === "delete" ? {} : { after: trustOf(after) }),
      consequence:
        operation === "delete" ? "Jobs that sign in with tokens of this issuer stop." : undefined,
    }),
  ];
};

function ruleFor(inputs: Properties): RiskRule {
  const issuer = knownText(inputs.issuer);
  const subject = knownText(inputs.subject);
  if (issuer !== undefined && !knownIssuers.some((pattern) => pattern.test(issuer))) {
    return rules.federatedIssuer;
  }
  const exact =
    issuer !== undefined &&
    subject !== undefined &&
    !/[*?]/.test(subject) &&
    !/(^|:)pull_request$/i.test(subject) &&
    inputs.claimsMatchingExpression === undefined;
  return exact ? rules.federatedAdded : rules.federatedWide;
}

function trustOf(inputs: Properties): Value {
  const issuer = knownText(inputs.issuer);
  const subject = knownText(inputs.subject) ?? knownText(inputs.claimsMatchingExpression);
  if (issuer === undefined && subject === undefined) {
    return unknown;
  }
  const audience = knownText(inputs.audience) ?? [...textSetOf(inputs.audiences).known].join(", ");
  const open = "known after the update";
  const parts = [
    `${subject ?? open} from ${issuer ?? open}`,
    ...(audience ? [`for ${audience}`] : []),
  ];
  return known(parts.join(" "));
}
