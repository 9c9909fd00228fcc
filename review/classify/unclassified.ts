import type { Evidence } from "../evidence/evidence";
import type { PreviewStep } from "../input/preview";
import { nameInUrn } from "../input/urn";
import type { PermissionChange } from "../model";
import { riskRules } from "../risk/rules";
import { known } from "../values";
import { changedKeys, finding, type ResourceChange } from "./resourceChange";

/** A change of a resource of the azuread provider for which there is no rule. */
export function unclassified(change: ResourceChange, evidence: Evidence): PermissionChange {
  const keys = change.operation === "update" ? changedKeys(change) : [];
  return finding(riskRules.unclassified, change, {
    kind: "unclassified",
    action: change.action,
    subject: subjectOf(change, evidence),
    ...(keys.length === 0 ? {} : { after: known(`changes ${keys.join(", ")}`) }),
  });
}

/** A step whose operation is not known, or that lacks the state it should have. */
export function withoutDetail(step: PreviewStep, evidence: Evidence): PermissionChange {
  return finding(riskRules.noDetail, step, {
    kind: "unclassified",
    action: step.op === "delete" ? "remove" : step.op === "create" ? "add" : "change",
    subject: `${subjectOf(step, evidence)} (${step.op})`,
  });
}

function subjectOf({ urn, type }: Pick<PreviewStep, "urn" | "type">, evidence: Evidence): string {
  const name = evidence.displayNameOf({ urn }) ?? nameInUrn(urn);
  return `${type.slice(type.lastIndexOf(":") + 1)} ${name}`;
}
