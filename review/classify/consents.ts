import type { StackEvidence } from "../evidence/stackEvidence";
import type { PreviewStep } from "../input/previewSteps";
import type { Properties } from "../input/shape";
import { rules } from "../risk/rules";
import { known, knownText, unknown } from "../values/values";
import { setDifference, textSetOf } from "../values/sets";
import { judgePermission, type PermissionJudgement } from "./permissionFindings";
import { type Classifier, finding } from "./resourceChange";

/** `AppRoleAssignment`: admin consent to an application permission. */
export const classifyAppRoleAssignment: Classifier = (change, evidence) => {
  const { operation, before, after, step } = change;
  const kind = "admin-consent";
  if (operation === "delete") {
    const { subject } = judge(before, step, evidence);
    return [
      finding(rules.permissionRemoved, change, {
        kind,
        action: "remove",
        subject,
        target: targetOf(before, step, evidence),
        before: known(subject),
      }),
    ];
  }
  const { rule, ...judged } = judge(after, step, evidence);
  const earlier = operation === "create" ? undefined : judge(before, step, evidence).subject;
  return [
    finding(rule, change, {
      kind,
      action: operation === "create" ? "add" : operation === "replace" ? "replace" : "change",
      ...judged,
      target: targetOf(after, step, evidence),
      ...(earlier === undefined ? {} : { before: known(earlier) }),
      after: known(judged.subject),
    }),
  ];
};

function judge(
  inputs: Properties,
  step: PreviewStep,
  evidence: StackEvidence,
): PermissionJudgement {
  const { appRoleId, resourceObjectId } = inputs;
  const urn = evidence.principals.behind(resourceObjectId, "resourceObjectId", step);
  const resource = urn === undefined ? undefined : evidence.principals.step(urn);
  const clientId =
    resource &&
    evidence.principals.application(
      resource.new?.inputs.clientId ?? resource.old?.inputs.clientId,
      "clientId",
      resource,
    ).clientId;
  const label =
    knownText((step.old ?? step.new)?.outputs.resourceDisplayName) ?? knownText(resourceObjectId);
  return judgePermission("admin-consent", appRoleId, clientId, label);
}

function targetOf(
  inputs: Properties,
  step: PreviewStep,
  evidence: StackEvidence,
): string | undefined {
  const { label } = evidence.principals.principal(
    inputs.principalObjectId,
    "principalObjectId",
    step,
  );
  const named = knownText(step.old?.outputs.principalDisplayName);
  const id = knownText(inputs.principalObjectId);
  return label !== undefined && label !== id ? label : (named ?? label);
}

/** Scopes that every sign-in asks for. */
const signIn: ReadonlySet<string> = new Set([
  "openid",
  "profile",
  "email",
  "offline_access",
  "User.Read",
]);

/** `ServicePrincipalDelegatedPermissionGrant`: consent to act for users. */
export const classifyDelegatedGrant: Classifier = (change, evidence) => {
  const { operation, before, after, step } = change;
  const inputs = operation === "delete" ? before : after;
  const target = evidence.principals.principal(
    inputs.servicePrincipalObjectId,
    "servicePrincipalObjectId",
    step,
  ).label;
  const kind = "admin-consent";
  const [earlier, later] = [textSetOf(before.claimValues), textSetOf(after.claimValues)];
  // A replaced grant is for somebody else or another resource: all of it is new.
  const { added, removed } =
    operation === "replace"
      ? { added: [...later.known], removed: [] }
      : setDifference(earlier.known, later.known);
  return [
    ...added.map((scope) =>
      finding(signIn.has(scope) ? rules.signInScope : rules.delegatedUnknown, change, {
        kind,
        action: operation === "replace" ? "replace" : "add",
        subject: `delegated ${scope}`,
        target,
        after: known(scope),
      }),
    ),
    ...removed.map((scope) =>
      finding(rules.permissionRemoved, change, {
        kind,
        action: "remove",
        subject: `delegated ${scope}`,
        target,
        before: known(scope),
      }),
    ),
    ...(later.partlyUnknown
      ? [
          finding(rules.permissionUndecided, change, {
            kind,
            action: "change",
            subject: "delegated permissions known after the update",
            target,
            after: unknown,
          }),
        ]
      : []),
  ];
};
