import type { PermissionChange } from "../model";
import { rules } from "../risk/rules";
import { known, knownText, unknown, valueOf } from "../values/values";
import { setDifference, textSetOf } from "../values/sets";
import { type Classifier, finding, type ResourceChange } from "./resourceChange";

/** The changes between two lists of owners, which are sets of object ids. */
export function compareOwners(
  change: ResourceChange,
  target: string | undefined,
): PermissionChange[] {
  const lower = (id: string) => id.toLowerCase();
  const before = textSetOf(change.before.owners, lower);
  const after = textSetOf(change.after.owners, lower);
  const { added, removed } = setDifference(before.known, after.known);
  const rule = change.operation === "create" ? rules.ownerInitial : rules.ownerAdded;
  const kind = "owner";
  // Owners that are unknown on both sides of an update are most likely the same.
  const open = after.partlyUnknown && (removed.length > 0 || !before.partlyUnknown);
  return [
    ...added.map((id) =>
      finding(rule, change, { kind, action: "add", subject: id, target, after: known(id) }),
    ),
    ...removed.map((id) =>
      finding(rules.ownerRemoved, change, {
        kind,
        action: "remove",
        subject: id,
        target,
        before: known(id),
      }),
    ),
    ...(open
      ? [
          finding(rule, change, {
            kind,
            action: "add",
            subject: "owners known after the update",
            target,
            after: unknown,
          }),
        ]
      : []),
  ];
}

/** `ApplicationOwner`: one owner as a resource of its own. */
export const classifyApplicationOwner: Classifier = (change, evidence) => {
  const { operation, before, after, step } = change;
  const inputs = operation === "delete" ? before : after;
  const target = evidence.principals.application(inputs.applicationId, "applicationId", step).label;
  const owner = evidence.principals.principal(inputs.ownerObjectId, "ownerObjectId", step);
  const subject =
    owner.label ?? knownText(inputs.ownerObjectId) ?? "an owner known after the update";
  const sides = {
    ...(operation === "create" ? {} : { before: valueOf(before.ownerObjectId) }),
    ...(operation === "delete" ? {} : { after: valueOf(after.ownerObjectId) }),
  };
  return operation === "delete"
    ? [
        finding(rules.ownerRemoved, change, {
          kind: "owner",
          action: "remove",
          subject,
          target,
          ...sides,
        }),
      ]
    : [
        finding(rules.ownerAdded, change, {
          kind: "owner",
          action: operation === "create" ? "add" : operation === "update" ? "change" : "replace",
          subject,
          target,
          ...sides,
        }),
      ];
};
