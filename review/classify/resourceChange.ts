import type { StackEvidence } from "../evidence/stackEvidence";
import type { PreviewStep } from "../input/previewSteps";
import type { Properties } from "../input/shape";
import type { PermissionChange, Risk } from "../model";
import type { RiskRule } from "../risk/rules";
import { holdsSecret, sameValue } from "../values/values";

/** What happens to a resource. An import counts as a creation: the stack takes it over. */
export type ResourceOperation = "create" | "update" | "delete" | "replace";

/** A step that changes something, in the form the classifiers read. */
export interface ResourceChange {
  readonly operation: ResourceOperation;
  readonly step: PreviewStep;
  readonly urn: string;
  readonly type: string;
  /** Inputs before; empty for a creation. */
  readonly before: Properties;
  /** Inputs after; empty for a deletion. */
  readonly after: Properties;
}

/** Says what a change of one type of resource means for permissions; nothing means none. */
export type Classifier = (change: ResourceChange, evidence: StackEvidence) => PermissionChange[];

const operations: Readonly<Record<string, ResourceOperation>> = {
  create: "create",
  import: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "import-replacement": "replace",
};

/** Operations of the engine that change nothing in the tenant. */
const harmless: ReadonlySet<string> = new Set([
  "same",
  "read",
  "read-replacement",
  "refresh",
  "discard",
  "discard-replaced",
  "delete-replaced",
  "remove-pending-replace",
]);

/** Whether the engine's operation changes nothing in the tenant. */
export function isHarmless(op: string): boolean {
  return harmless.has(op);
}

/**
 * The change that a step makes.
 *
 * @returns `undefined` for an operation that is not known, and for a step without the state that
 * its operation must have.
 */
export function resourceChangeOf(step: PreviewStep): ResourceChange | undefined {
  const operation = operations[step.op];
  if (operation === undefined) {
    return undefined;
  }
  const lacksOld = operation !== "create" && step.old === undefined;
  const lacksNew = operation !== "delete" && step.new === undefined;
  if (lacksOld || lacksNew) {
    return undefined;
  }
  return {
    operation,
    step,
    urn: step.urn,
    type: step.type,
    before: operation === "create" ? {} : tenantState(step),
    after: operation === "delete" ? {} : (step.new?.inputs ?? {}),
  };
}

/** Compared as sets, so that the form in which the tenant gives them back does not matter. */
const comparedAsSets: ReadonlySet<string> = new Set(["requiredResourceAccesses", "owners"]);

/**
 * The inputs before, with what the tenant really has where the provider says it differs: somebody
 * may have changed it by hand, and the update takes that back.
 */
function tenantState({ old, new: next, diffKeys }: PreviewStep): Properties {
  const { inputs = {}, outputs = {} } = old ?? {};
  const drifted = diffKeys.filter(
    (key) =>
      outputs[key] !== undefined &&
      (comparedAsSets.has(key) || sameValue(inputs[key], next?.inputs[key])) &&
      !holdsSecret(outputs[key]),
  );
  return { ...inputs, ...Object.fromEntries(drifted.map((key) => [key, outputs[key]])) };
}

/** What a classifier adds to a rule. */
export interface Finding extends Pick<PermissionChange, "kind" | "action" | "subject"> {
  readonly target?: string | undefined;
  readonly before?: PermissionChange["before"];
  readonly after?: PermissionChange["after"];
  readonly consequence?: string | undefined;
  /** In place of the rule's. */
  readonly risk?: Risk;
  readonly reason?: string;
  readonly source?: string;
}

/** A permission change by a rule of the table. */
export function finding(
  rule: RiskRule,
  { urn }: Pick<ResourceChange, "urn">,
  { target, consequence, ...parts }: Finding,
): PermissionChange {
  return {
    resource: urn,
    risk: rule.risk,
    reason: rule.reason,
    source: rule.source,
    ...parts,
    ...(target === undefined ? {} : { target }),
    ...(consequence === undefined ? {} : { consequence }),
  };
}

/**
 * Inputs that differ, plus those that the provider says differ: a secret or computed input looks
 * the same on both sides.
 */
export function changedKeys({ before, after, step }: ResourceChange): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  keys.delete("__defaults");
  const differing = [...keys].filter((key) => !sameValue(before[key], after[key]));
  return [...new Set([...differing, ...step.diffKeys])].sort();
}
