import { displayNameOf } from "../evidence/principals";
import type { PreviewStep } from "../input/previewSteps";
import { nameOf } from "../input/urn";
import type { PermissionChange, PermissionChangeAction } from "../model";
import { rules } from "../risk/rules";
import { known } from "../values/values";
import { changedKeys, finding, type ResourceChange } from "./resourceChange";

const actions: Readonly<Record<ResourceChange["operation"], PermissionChangeAction>> = {
  create: "add",
  update: "change",
  delete: "remove",
  replace: "replace",
};

/** A change of a resource of the azuread provider for which there is no rule. */
export function unclassified(change: ResourceChange): PermissionChange {
  const keys = change.operation === "update" ? changedKeys(change) : [];
  return finding(rules.unclassified, change, {
    kind: "unclassified",
    action: actions[change.operation],
    subject: subjectOf(change.step),
    ...(keys.length === 0 ? {} : { after: known(`changes ${keys.join(", ")}`) }),
  });
}

/** A step whose operation is not known, or that lacks the state it should have. */
export function withoutDetail(step: PreviewStep): PermissionChange {
  return finding(rules.noDetail, step, {
    kind: "unclassified",
    action: step.op === "delete" ? "remove" : step.op === "create" ? "add" : "change",
    subject: `${subjectOf(step)} (${step.op})`,
  });
}

function subjectOf(step: PreviewStep): string {
  const type = step.type.slice(step.type.lastIndexOf(":") + 1);
  return `${type} ${displayNameOf(step) ?? nameOf(step.urn)}`;
}
