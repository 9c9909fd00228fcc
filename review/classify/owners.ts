import type { PermissionChange } from "../documentShape";
import { textOf } from "../../policy/rules/values";
import type { Evidence } from "../evidence/evidence";
import { riskRules } from "../risk/rules";
import { knownValue, setDifference, textSetOf, valueOf } from "../values";
import {
  type Classifier,
  finding,
  type ResourceChange,
  bothSides,
  findingIfUndecided,
} from "./resourceChange";

/** The changes between two lists of owners, which are sets of object ids. */
export function compareOwners(
  change: ResourceChange,
  target: string | undefined,
  evidence: Evidence,
): PermissionChange[] {
  const lower = (id: string) => id.toLowerCase();
  const before = textSetOf(change.before.owners, lower);
  const after = textSetOf(change.after.owners, lower);
  const { added, removed } = setDifference(before.known, after.known);
  const rule = change.operation === "create" ? riskRules.ownerInitial : riskRules.ownerAdded;
  const kind = "owner";
  const subjectWithName = (id: string) => ({ subject: id, ...ownerNameOf(id, evidence) });
  return [
    ...added.map((id) =>
      finding(rule, change, {
        kind,
        action: "add",
        ...subjectWithName(id),
        target,
        after: knownValue(id),
      }),
    ),
    ...removed.map((id) =>
      finding(riskRules.ownerRemoved, change, {
        kind,
        action: "remove",
        ...subjectWithName(id),
        target,
        before: knownValue(id),
      }),
    ),
    // Owners that are unknown on both sides of an update are most likely the same.
    ...findingIfUndecided(
      after.partlyUnknown && (removed.length > 0 || !before.partlyUnknown),
      rule,
      change,
      { kind, action: "add", subject: "owners known after the update", target },
    ),
  ];
}

/** `ApplicationOwner`: one owner as a resource of its own. */
export const classifyApplicationOwner: Classifier = (change, evidence) => {
  const { operation, action, before, after, resource } = change;
  const id = textOf(resource.inputs.ownerObjectId);
  return [
    finding(operation === "delete" ? riskRules.ownerRemoved : riskRules.ownerAdded, change, {
      kind: "owner",
      action,
      subject:
        evidence.principal(resource, "ownerObjectId").label ?? "an owner known after the update",
      ...(id === undefined || evidence.principal(resource, "ownerObjectId").urn !== undefined
        ? {}
        : ownerNameOf(id, evidence)),
      target: evidence.application(resource, "applicationId").label,
      ...bothSides(change, valueOf(before.ownerObjectId), valueOf(after.ownerObjectId)),
    }),
  ];
};

function ownerNameOf(id: string, evidence: Evidence): Pick<PermissionChange, "name"> {
  const name = evidence.nameOfPrincipal(id);
  return name === undefined ? {} : { name };
}
