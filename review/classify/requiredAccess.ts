import { listOf, recordOf } from "../input/shape";
import type { PermissionChange } from "../model";
import { rules } from "../risk/rules";
import { isAbsent, isSecret, isUnknown, known, knownText, unknown } from "../values/values";
import { judgePermission, judgeScope, type PermissionJudgement } from "./permissionFindings";
import { finding, type ResourceChange } from "./resourceChange";

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
    const { resourceAppId, resourceAccesses } = recordOf(access);
    partlyUnknown ||= isHidden(access) || isHidden(resourceAccesses) || isHidden(resourceAppId);
    const resource = knownText(resourceAppId)?.toLowerCase();
    for (const permission of listOf(resourceAccesses)) {
      const { id, type } = recordOf(permission);
      partlyUnknown ||= isHidden(permission) || isHidden(id);
      if (knownText(id) !== undefined) {
        // Anything but a delegated permission is judged as the stronger kind.
        const delegated = knownText(type) === "Scope";
        byKey.set(`${resource}/${knownText(id)?.toLowerCase()}/${delegated ? "Scope" : "Role"}`, {
          resourceAppId: resource,
          id,
          delegated,
        });
      }
    }
  }
  return { byKey, partlyUnknown };
}

/** Reads `roleIds` and `scopeIds` of one resource application. */
export function accessOf(
  apiClientId: unknown,
  roleIds: unknown,
  scopeIds: unknown,
): RequestedPermissions {
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
      const { rule, ...judged } = judge(permission);
      return finding(rule, change, {
        kind,
        action: "add",
        target,
        ...judged,
        after: known(judged.subject),
      });
    });
  const removed = [...before.byKey]
    .filter(([key]) => !after.byKey.has(key))
    .map(([, permission]) => {
      const { subject } = judge(permission);
      return finding(rules.permissionRemoved, change, {
        kind,
        action: "remove",
        subject,
        target,
        before: known(subject),
      });
    });
  const open = after.partlyUnknown
    ? [
        finding(rules.permissionUndecided, change, {
          kind,
          action: "change",
          subject: "permissions known after the update",
          target,
          after: unknown,
        }),
      ]
    : [];
  return [...added, ...removed, ...open];
}

function judge({ resourceAppId, id, delegated }: RequestedPermission): PermissionJudgement {
  return delegated
    ? judgeScope(id, resourceAppId)
    : judgePermission("application-permission", id, resourceAppId);
}

function isHidden(value: unknown): boolean {
  return isUnknown(value) || isSecret(value);
}
