import type { PolicyResource } from "../../policy/rules/resource";
import { secretValue, unknownValue } from "../../policy/rules/values";
import { StackView } from "../../policy/rules/stackView";
import { isRecord, type Properties, textsOf } from "../input/shape";
import type { PreviewStep, PreviewSteps, StepState } from "../input/previewSteps";
import { nameOf } from "../input/urn";
import { isSecret, isUnknown } from "../values/values";

/** Operations after which a resource is no longer in the stack, or never was. */
const gone: ReadonlySet<string> = new Set([
  "delete",
  "delete-replaced",
  "discard",
  "discard-replaced",
  "remove-pending-replace",
]);

/** The stack as it would be after the update, in the form that the rules of the policies read. */
export function stackViewOf(preview: PreviewSteps): StackView {
  const kept = preview.steps.filter(({ op }) => !gone.has(op));
  const deleted = preview.steps.filter(({ op, old }) => op === "delete" && !old?.retainOnDelete);
  return new StackView(
    kept.flatMap((step) => resourceOf(step, step.new ?? step.old)),
    isWhole(preview),
    deleted.flatMap((step) => resourceOf(step, step.old)),
  );
}

/** Whether every resource is there: a document leaves out those that do not change. */
export function isWhole({ gaps, showsSames, changeSummary, steps }: PreviewSteps): boolean {
  const shown = steps.filter(({ op, type }) => op === "same" && !isProvider(type)).length;
  return gaps.length === 0 && (showsSames || shown >= (changeSummary.same ?? 0));
}

function isProvider(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

function resourceOf(step: PreviewStep, state: StepState | undefined): PolicyResource[] {
  if (state === undefined) {
    return [];
  }
  const { urn, type } = step;
  // A document gives ids and outputs of the state before alone. They stay, save in a replacement.
  const before = step.op.includes("replace") ? undefined : step.old;
  const id = before?.id ?? (step.op.includes("replace") ? undefined : state.id);
  const dependencies = Object.entries(state.propertyDependencies);
  return [
    {
      urn,
      type,
      name: nameOf(urn),
      ...(state.parent === undefined ? {} : { parent: state.parent }),
      ...(id === undefined ? {} : { id }),
      inputs: propertiesOf(state.inputs),
      outputs: { ...propertiesOf(before?.outputs ?? {}), ...propertiesOf(state.outputs) },
      // Documents tell what an input is computed from, events do not.
      ...(dependencies.length === 0
        ? {}
        : {
            dependencies: Object.fromEntries(dependencies.map(([key, on]) => [key, textsOf(on)])),
          }),
    },
  ];
}

function propertiesOf(properties: Properties): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, visibleValue(value)]),
  );
}

function visibleValue(value: unknown): unknown {
  if (isSecret(value)) {
    return secretValue;
  }
  if (isUnknown(value)) {
    return unknownValue;
  }
  if (Array.isArray(value)) {
    return value.map(visibleValue);
  }
  return isRecord(value) ? propertiesOf(value) : value;
}
