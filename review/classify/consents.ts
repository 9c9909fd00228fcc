import type { ViewedResource } from "../../policy/rules/stackView";
import { textOf } from "../../policy/rules/values";
import type { Evidence } from "../evidence/evidence";
import { riskRules } from "../risk/rules";
import { knownValue, setDifference, textSetOf } from "../values";
import { type Judgement, judgePermission } from "./permissionFindings";
import {
  type Classifier,
  finding,
  type ResourceChange,
  bothSides,
  findingIfUndecided,
} from "./resourceChange";

/** `AppRoleAssignment`: admin consent to an application permission. */
export const classifyAppRoleAssignment: Classifier = (change, evidence) => {
  const { operation, action, old, resource } = change;
  const kind = "admin-consent";
  const shown = old ?? resource;
  const { rule, ...judged } = consentJudgement(resource, shown, evidence);
  const earlier =
    old === undefined ? judged.subject : consentJudgement(old, shown, evidence).subject;
  const target = principalName(change, evidence);
  const values = bothSides(change, knownValue(earlier), knownValue(judged.subject));
  return operation === "delete"
    ? [
        finding(riskRules.permissionRemoved, change, {
          kind,
          action,
          subject: earlier,
          target,
          ...values,
        }),
      ]
    : [finding(rule, change, { kind, action, ...judged, target, ...values })];
};

/** @param shown The same resource with what the provider told of it last. */
function consentJudgement(
  consent: ViewedResource,
  shown: ViewedResource,
  evidence: Evidence,
): Judgement {
  const { appRoleId, resourceObjectId } = consent.inputs;
  const label = textOf(shown.outputs.resourceDisplayName) ?? textOf(resourceObjectId);
  const clientId = evidence.clientIdOf(consent, "resourceObjectId");
  return judgePermission("admin-consent", appRoleId, clientId, label);
}

function principalName({ resource, old }: ResourceChange, evidence: Evidence): string | undefined {
  const { label } = evidence.principal(resource, "principalObjectId");
  const named = textOf(old?.outputs.principalDisplayName);
  const id = textOf(resource.inputs.principalObjectId);
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
  const { operation, before, after, resource } = change;
  const target = evidence.principal(resource, "servicePrincipalObjectId").label;
  const kind = "admin-consent";
  const [earlier, later] = [textSetOf(before.claimValues), textSetOf(after.claimValues)];
  // A replaced grant is for somebody else or another resource: all of it is new.
  const { added, removed } =
    operation === "replace"
      ? { added: [...later.known], removed: [] }
      : setDifference(earlier.known, later.known);
  return [
    ...added.map((scope) =>
      finding(signIn.has(scope) ? riskRules.signInScope : riskRules.delegatedUnknown, change, {
        kind,
        action: operation === "replace" ? "replace" : "add",
        subject: `delegated ${scope}`,
        target,
        after: knownValue(scope),
      }),
    ),
    ...removed.map((scope) =>
      finding(riskRules.permissionRemoved, change, {
        kind,
        action: "remove",
        subject: `delegated ${scope}`,
        target,
        before: knownValue(scope),
      }),
    ),
    ...findingIfUndecided(later.partlyUnknown, riskRules.permissionUndecided, change, {
      kind,
      subject: "delegated permissions known after the update",
      target,
    }),
  ];
};
