import {
  isAbsent,
  isHidden,
  listOf,
  type Properties,
  propertiesOf,
  textOf,
} from "../../policy/rules/values";
import type { PermissionChange } from "../documentShape";
import { riskRules } from "../risk/rules";
import { knownValue } from "../values";
import { judgePermission, judgeScope, type Judgement } from "./permissionFindings";
import { finding, type ResourceChange, findingIfUndecided } from "./resourceChange";

/** One permission that a registration asks for. */
export interface RequestedPermission {
  readonly resourceAppId: string | undefined;
  readonly id: unknown;
  readonly delegated: boolean;
}

/** The permissions a registration asks for, as a set. */
export interface RequestedPermissions {
  readonly byKey: ReadonlyMap<string, RequestedPermission>;
  /** Whether the preview leaves some of them open. */
  readonly partlyUnknown: boolean;
}

/**
 * Reads `requiredResourceAccesses`. Provider and engine keep its elements in different orders, so
 * they are compared as a set, by resource, id and type.
 */
export function requestedPermissions(value: unknown): RequestedPermissions {
  const byKey = new Map<string, RequestedPermission>();
  let partlyUnknown = isHidden(value);
  for (const access of listOf(value)) {
    const { resourceAppId, resourceAccesses } = propertiesOf(access);
    partlyUnknown ||= isHidden(access) || isHidden(resourceAccesses) || isHidden(resourceAppId);
    const resource = textOf(resourceAppId)?.toLowerCase();
    for (const permission of listOf(resourceAccesses)) {
      const { id, type } = propertiesOf(permission);
      partlyUnknown ||= isHidden(permission) || isHidden(id);
      if (textOf(id) !== undefined) {
        // Anything but a delegated permission is judged as the stronger kind.
        const delegated = textOf(type) === "Scope";
        byKey.set(`${resource}/${textOf(id)?.toLowerCase()}/${delegated ? "Scope" : "Role"}`, {
          resourceAppId: resource,
          id,
          delegated,
        });
      }
    }
  }
  return { byKey, partlyUnknown };
}

/** Reads the inputs of an `ApplicationApiAccess`: the permissions of one resource application. */
export function accessOf({ apiClientId, roleIds, scopeIds }: Properties): RequestedPermissions {
  const accesses = (ids: unknown, type: string) =>
    Array.isArray(ids) || isAbsent(ids)
      ? listOf(ids).map((id) => ({ id, type }))
      : [{ id: ids, type }];
  return requestedPermissions([
    {
      resourceAppId: apiClientId,
      resourceAccesses: [...accesses(roleIds, "Role"), ...accesses(scopeIds, "Scope")],
    },
  ]);
}

/** The changes between two sets of requested permissions. */
export function compareRequested(
  before: RequestedPermissions,
  after: RequestedPermissions,
  change: ResourceChange,
  target: string | undefined,
): PermissionChange[] {
  const kind = "application-permission";
  const added = [...after.byKey]
    .filter(([key]) => !before.byKey.has(key))
    .map(([, permission]) => {
      const { rule, ...judged } = judgeRequested(permission);
      return finding(rule, change, {
        kind,
        action: "add",
        target,
        ...judged,
        after: knownValue(judged.subject),
      });
    });
  const removed = [...before.byKey]
    .filter(([key]) => !after.byKey.has(key))
    .map(([, permission]) => {
      const { subject } = judgeRequested(permission);
      return finding(riskRules.permissionRemoved, change, {
        kind,
        action: "remove",
        subject,
        target,
        before: knownValue(subject),
      });
    });
  const subject = "permissions known after the update";
  return [
    ...added,
    ...removed,
    ...findingIfUndecided(after.partlyUnknown, riskRules.permissionUndecided, change, {
      kind,
      subject,
      target,
    }),
  ];
}

function judgeRequested({ resourceAppId, id, delegated }: RequestedPermission): Judgement {
  return delegated
    ? judgeScope(id, resourceAppId)
    : judgePermission("application-permission", id, resourceAppId);
}
