import { textOf } from "../../policy/rules/values";
import { type PermissionChangeKind, type Risk, worseRisk } from "../model";
import { applicationNameOrId } from "../../policy/rules/data/microsoftApplications";
import {
  defaultAccess,
  type Permission,
  permissionById,
  signInScope,
} from "../../policy/rules/data/permissions";
import { type RiskRule, riskRules } from "../risk/rules";

/** What the ids of a permission or a role say. */
export interface Judgement {
  readonly rule: RiskRule;
  readonly risk: Risk;
  readonly reason: string;
  readonly source: string;
  /** Its name, a permission's with its resource; or its ids. */
  readonly subject: string;
}

/** What the reason of a mere request adds. */
const requested = "The registration asks for it; it takes effect with admin consent.";

/**
 * Judges an application permission.
 *
 * @param appRoleId The id as the preview has it: known, unknown or secret.
 * @param resource Application id of the resource where it is known.
 * @param resourceLabel What else is known of the resource: its display name or object id.
 */
export function judgePermission(
  kind: PermissionChangeKind,
  appRoleId: unknown,
  resource: string | undefined,
  resourceLabel?: string,
): Judgement {
  const id = textOf(appRoleId);
  const of = resource === undefined ? resourceLabel : applicationNameOrId(resource);
  if (id === undefined) {
    return undecidedPermission(of);
  }
  if (id === defaultAccess) {
    return judgement(riskRules.defaultAccess, permissionTitle("default access", of));
  }
  const known = permissionById(id, resource);
  if (known === undefined) {
    return judgement(riskRules.permissionUnknown, permissionTitle(id, of));
  }
  if (
    resource === undefined &&
    resourceLabel !== undefined &&
    isOtherResource(resourceLabel, known)
  ) {
    return judgement(riskRules.permissionUnknown, permissionTitle(id, resourceLabel));
  }
  return {
    rule: riskRules.permissionUnknown,
    // Anybody can give an app role of their own the id of a mild one.
    risk: resource === undefined ? worseRisk(known.risk, "medium") : known.risk,
    reason: kind === "application-permission" ? `${known.reason} ${requested}` : known.reason,
    source: known.source,
    subject: permissionTitle(known.value, known.resourceName),
  };
}

/** Judges a delegated permission that a registration asks for. */
export function judgeScope(scopeId: unknown, resource: string | undefined): Judgement {
  const id = textOf(scopeId);
  const of = resource === undefined ? undefined : applicationNameOrId(resource);
  if (id === undefined) {
    return undecidedPermission(of);
  }
  const signIn = resource === undefined ? undefined : signInScope(id, resource);
  return signIn === undefined
    ? judgement(riskRules.delegatedUnknown, permissionTitle(`delegated ${id}`, of))
    : judgement(riskRules.signInScope, permissionTitle(`delegated ${signIn}`, of));
}

/** Whether a resource goes by a name, and that is not the one the permission belongs to. */
function isOtherResource(label: string, { resourceName }: Permission): boolean {
  return !/^[0-9a-f-]{36}$/i.test(label) && label !== resourceName;
}

/** A judgement by a rule of the table. */
export function judgement(rule: RiskRule, subject: string): Judgement {
  return { rule, risk: rule.risk, reason: rule.reason, source: rule.source, subject };
}

function undecidedPermission(of: string | undefined): Judgement {
  return judgement(
    riskRules.permissionUndecided,
    permissionTitle("a permission known after the update", of),
  );
}

function permissionTitle(permission: string, of: string | undefined): string {
  return of === undefined ? permission : `${permission} of ${of}`;
}
