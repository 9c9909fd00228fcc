import type { ViewedResource } from "../../policy/rules/stackView";
import { asProperty, type Properties } from "../../policy/rules/values";
import type { Evidence } from "../evidence/evidence";
import type { Preview, PreviewStep } from "../input/preview";
import type { PermissionChange, ShownValue } from "../documentShape";
import type { PermissionChangeAction, Risk } from "../model";
import type { RiskRule } from "../risk/rules";
import { holdsSecret, sameValue, unknown } from "../values";

/** What happens to a resource. An import counts as a creation: the stack takes it over. */
export type ResourceOperation = "create" | "update" | "delete" | "replace";

/** A step that changes something, in the form the classifiers read. */
export interface ResourceChange extends Pick<PreviewStep, "urn" | "type" | "diffKeys"> {
  readonly operation: ResourceOperation;
  /** What a reader calls the operation. */
  readonly action: PermissionChangeAction;
  /** The resource before the update, with the inputs of {@link before}. */
  readonly old?: ViewedResource;
  /** The resource after the update; absent for a deletion. */
  readonly new?: ViewedResource;
  /** The resource as the update leaves it, or as it was where it goes. */
  readonly resource: ViewedResource;
  /** Inputs before; empty for a creation. */
  readonly before: Properties;
  /** Inputs after; empty for a deletion. */
  readonly after: Properties;
  /** Inputs of {@link resource}. */
  readonly inputs: Properties;
}

/** Says what a change of one type of resource means for permissions; nothing means none. */
export type Classifier = (change: ResourceChange, evidence: Evidence) => PermissionChange[];

const resourceOperations: Readonly<Record<string, ResourceOperation>> = {
  create: "create",
  import: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "import-replacement": "replace",
};

const actions: Readonly<Record<ResourceOperation, PermissionChangeAction>> = {
  create: "add",
  update: "change",
  delete: "remove",
  replace: "replace",
};

/** Operations of the engine that change nothing in the tenant. */
const harmlessOperations: ReadonlySet<string> = new Set([
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
  return harmlessOperations.has(op);
}

/**
 * The change that a step makes.
 *
 * @returns `undefined` for an operation that is not known, and for a step without the state that
 * its operation must have.
 */
export function resourceChangeOf(
  { op, urn, type, diffKeys }: PreviewStep,
  preview: Pick<Preview, "before" | "after">,
): ResourceChange | undefined {
  const operation = resourceOperations[op];
  const [old, later] = [preview.before.find(urn), preview.after.find(urn)];
  const resource = operation === "delete" ? old : later;
  if (
    operation === undefined ||
    resource === undefined ||
    (operation !== "create" && old === undefined) ||
    // The view after shows a resource as it was where the preview shows no other state.
    (operation !== "delete" && later === old)
  ) {
    return undefined;
  }
  const before = operation === "create" ? {} : tenantState(diffKeys, old, later);
  const after = operation === "delete" ? {} : resource.inputs;
  return {
    operation,
    action: actions[operation],
    urn,
    type,
    diffKeys,
    ...asProperty("old", old && { ...old, inputs: before }),
    ...asProperty("new", later),
    resource,
    before,
    after,
    inputs: operation === "delete" ? before : after,
  };
}

/** Compared as sets, so that the form in which the tenant gives them back does not matter. */
const comparedAsSets: ReadonlySet<string> = new Set(["requiredResourceAccesses", "owners"]);

/**
 * The inputs before, with what the tenant really has where the provider says it differs: somebody
 * may have changed it by hand, and the update takes that back.
 */
function tenantState(
  diffKeys: readonly string[],
  old: ViewedResource | undefined,
  later: ViewedResource | undefined,
): Properties {
  const { inputs = {}, outputs = {} } = old ?? {};
  const drifted = diffKeys.filter(
    (key) =>
      outputs[key] !== undefined &&
      (comparedAsSets.has(key) || sameValue(inputs[key], later?.inputs[key])) &&
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
    ...asProperty("target", target),
    ...asProperty("consequence", consequence),
  };
}

/** One change for what a set will hold, if that is known only after the update. */
export function findingIfUndecided(
  isUndecided: boolean,
  rule: RiskRule,
  change: ResourceChange,
  parts: Omit<Finding, "action" | "after"> & Partial<Pick<Finding, "action">>,
): PermissionChange[] {
  return isUndecided ? [finding(rule, change, { action: "change", ...parts, after: unknown })] : [];
}

/** Both sides of a change, as far as its operation has them. */
export function bothSides(
  { operation }: Pick<ResourceChange, "operation">,
  before: ShownValue,
  after: ShownValue,
): Pick<Finding, "before" | "after"> {
  return {
    ...(operation === "create" ? {} : { before }),
    ...(operation === "delete" ? {} : { after }),
  };
}

/**
 * Inputs that differ, plus those that the provider says differ: a secret or computed input looks
 * the same on both sides.
 */
export function changedKeys({ before, after, diffKeys }: ResourceChange): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  keys.delete("__defaults");
  const differing = [...keys].filter((key) => !sameValue(before[key], after[key]));
  return [...new Set([...differing, ...diffKeys])].sort();
}
