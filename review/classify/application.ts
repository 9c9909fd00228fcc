import { types } from "../../policy/rules/types";
import { isAbsent, isHidden, listOf, propertiesOf, textOf } from "../../policy/rules/values";
import type { PermissionChange } from "../documentShape";
import type { PermissionChangeAction } from "../model";
import { riskRules, type RiskRule } from "../risk/rules";
import { holdsSecret, knownValue, secret, unknown, valueOf } from "../values";
import { compareOwners } from "./owners";
import { accessOf, compareRequested, requestedPermissions } from "./requiredAccess";
import {
  changedKeys,
  type Classifier,
  finding,
  type ResourceChange,
  bothSides,
} from "./resourceChange";
import { singleTenant } from "../../policy/rules/signInAudience";

/** Rules of the properties that need no comparison of their own. */
const applicationRules: Readonly<Record<string, RiskRule>> = {
  displayName: riskRules.applicationRenamed,
  description: riskRules.applicationText,
  notes: riskRules.applicationText,
  logoImage: riskRules.applicationText,
  homepageUrl: riskRules.applicationText,
  marketingUrl: riskRules.applicationText,
  supportUrl: riskRules.applicationText,
  privacyStatementUrl: riskRules.applicationText,
  termsOfServiceUrl: riskRules.applicationText,
  serviceManagementReference: riskRules.applicationText,
  tags: riskRules.applicationText,
  featureTags: riskRules.applicationText,
  preventDuplicateNames: riskRules.applicationText,
  templateId: riskRules.applicationText,
  web: riskRules.applicationRedirect,
  singlePageApplication: riskRules.applicationRedirect,
  publicClient: riskRules.applicationRedirect,
  identifierUris: riskRules.applicationRedirect,
  logoutUrl: riskRules.applicationRedirect,
  fallbackPublicClientEnabled: riskRules.applicationPublic,
  deviceOnlyAuthEnabled: riskRules.applicationPublic,
  oauth2PostResponseRequired: riskRules.applicationPublic,
  implicitAccessTokenIssuanceEnabled: riskRules.applicationPublic,
  implicitIdTokenIssuanceEnabled: riskRules.applicationPublic,
  api: riskRules.applicationOffers,
  appRoles: riskRules.applicationOffers,
  optionalClaims: riskRules.applicationOffers,
  groupMembershipClaims: riskRules.applicationOffers,
  requestedAccessTokenVersion: riskRules.applicationOffers,
};

/** Properties that are compared in a way of their own. */
const compared: ReadonlySet<string> = new Set([
  "requiredResourceAccesses",
  "owners",
  "signInAudience",
  "password",
  "passwords",
]);

const stops = "It can be restored for 30 days; created anew, it has another id.";

const breaks =
  "The application id changes: every pipeline that names it must be updated, and consents, roles and credentials are made anew.";

/** `Application` and `ApplicationRegistration`. */
export const classifyApplication: Classifier = (change, evidence) => {
  const { operation, resource } = change;
  const name = evidence.displayNameOf(resource) ?? resource.name;
  const whole = wholeApplication(change, name);
  if (operation === "delete") {
    return whole;
  }
  return [
    ...whole,
    ...compareRequested(
      requestedPermissions(change.before.requiredResourceAccesses),
      requestedPermissions(change.after.requiredResourceAccesses),
      change,
      name,
    ),
    ...compareOwners(change, name, evidence),
    ...compareAudience(change, name),
    ...comparePasswords(change, name),
    ...compareApplication(change, name),
  ];
};

function wholeApplication(change: ResourceChange, name: string): PermissionChange[] {
  const { operation, action, old } = change;
  const parts = { kind: "application", action, subject: name } as const;
  switch (operation) {
    case "create":
      return [finding(riskRules.applicationCreated, change, { ...parts, after: knownValue(name) })];
    case "delete":
      return [
        finding(riskRules.applicationDeleted, change, {
          ...parts,
          before: knownValue(name),
          consequence: stops,
        }),
      ];
    case "replace":
      return [
        finding(riskRules.applicationReplaced, change, {
          ...parts,
          before: valueOf(old?.outputs.clientId ?? old?.id),
          after: unknown,
          consequence: breaks,
        }),
      ];
    case "update":
      return [];
  }
}

function compareAudience(change: ResourceChange, target: string): PermissionChange[] {
  const [before, after] = [change.before.signInAudience, change.after.signInAudience];
  // Left out, the provider takes the tenant's own accounts.
  const wasSingle = isAbsent(before) || textOf(before) === singleTenant;
  const isSingle = isAbsent(after) || textOf(after) === singleTenant;
  if ((wasSingle && isSingle) || (textOf(before) !== undefined && before === after)) {
    return [];
  }
  const asText = (value: unknown) => (isAbsent(value) ? knownValue(singleTenant) : valueOf(value));
  return [
    finding(isSingle ? riskRules.audienceNarrower : riskRules.audienceWider, change, {
      kind: "sign-in-audience",
      action: change.operation === "create" ? "add" : "change",
      subject: textOf(after) ?? (isSingle ? singleTenant : "an audience known after the update"),
      target,
      ...bothSides(change, asText(before), asText(after)),
    }),
  ];
}

/** Client secrets inside the registration itself; their values are never read. */
function comparePasswords(change: ResourceChange, target: string): PermissionChange[] {
  const count = (inputs: ResourceChange["before"]) =>
    listOf(inputs.passwords).length + (isAbsent(inputs.password) ? 0 : 1);
  const [before, after] = [count(change.before), count(change.after)];
  const touched = changedKeys(change).some((key) => key === "password" || key === "passwords");
  if (!touched || (before === 0 && after === 0)) {
    return [];
  }
  const action = before === 0 ? "add" : after === 0 ? "remove" : "change";
  const rule = {
    add: riskRules.passwordAdded,
    remove: riskRules.passwordRemoved,
    change: riskRules.passwordChanged,
  }[action];
  const shown = textOf(propertiesOf(change.after.password).displayName);
  return [
    finding(rule, change, {
      kind: "password-credential",
      action,
      subject: shown ?? "client secret",
      target,
      ...(before === 0 ? {} : { before: secret }),
      ...(after === 0 ? {} : { after: secret }),
    }),
  ];
}

function compareApplication(change: ResourceChange, target: string): PermissionChange[] {
  const creates = change.operation === "create";
  return changedKeys(change)
    .filter((key) => !compared.has(key))
    .flatMap((key) => {
      const rule = applicationRules[key] ?? riskRules.unclassified;
      const [before, after] = [change.before[key], change.after[key]];
      const describes = rule === riskRules.applicationText || rule === riskRules.applicationRenamed;
      const isUnset = isDefault(before) && isDefault(after);
      if (isUnset || (creates && (describes || isDefault(after)))) {
        return [];
      }
      return [
        finding(rule, change, {
          kind: applicationRules[key] === undefined ? "unclassified" : "application",
          action: actionOf(before, after),
          subject: key,
          target,
          ...bothSides(change, shownValue(before), shownValue(after)),
        }),
      ];
    });
}

/** Off, empty or unset, also in all its parts: what a new application has anyway. */
function isDefault(value: unknown): boolean {
  if (typeof value === "object" && value !== null && !isHidden(value)) {
    return Object.values(value).every(isDefault);
  }
  return isAbsent(value) || value === false;
}

function actionOf(before: unknown, after: unknown): PermissionChangeAction {
  if (isAbsent(before) !== isAbsent(after)) {
    return isAbsent(before) ? "add" : "remove";
  }
  return "change";
}

/** A value with a secret somewhere inside says only that. */
function shownValue(value: unknown) {
  return holdsSecret(value) ? secret : valueOf(value);
}

/** `ApplicationApiAccess`: the requested permissions of one resource application. */
export const classifyApiAccess: Classifier = (change, evidence) =>
  compareRequested(
    accessOf(change.before),
    accessOf(change.after),
    change,
    evidence.application(change.resource, "applicationId").label,
  );

/** Redirect and identifier URIs, and the public client switch, as resources of their own. */
export const classifyApplicationPart: Classifier = (change, evidence) => {
  const { before, after, action, resource, type } = change;
  const rule =
    type === types.applicationFallbackPublicClient
      ? riskRules.applicationPublic
      : riskRules.applicationRedirect;
  const sideOf = (from: ResourceChange["before"]) =>
    shownValue(from.redirectUris ?? from.identifierUri ?? from.enabled);
  return [
    finding(rule, change, {
      kind: "application",
      action,
      subject: type.slice(type.lastIndexOf(":") + 1),
      target: evidence.application(resource, "applicationId").label,
      ...bothSides(change, sideOf(before), sideOf(after)),
    }),
  ];
};
