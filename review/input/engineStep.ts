import { StackView, type ViewedResource } from "../../policy/rules/stackView";
import {
  isObject,
  type Properties,
  propertiesOf,
  textOf,
  textsOf,
} from "../../policy/rules/values";
import { visibleProperties } from "./engineValues";
import type { Preview, PreviewStep } from "./preview";
import { nameInUrn } from "./urn";

/** A step as the engine tells it, with both states of its resource. */
export interface EngineStep extends PreviewStep {
  /** As events, documents and a stack's state have it. */
  readonly old?: Properties;
  readonly new?: Properties;
  /** Whether it deletes what an interrupted replacement left behind, under the URN of its successor. */
  readonly leftover: boolean;
}

/** What events and documents name differently. */
export interface StepParts {
  readonly type: string | undefined;
  readonly old: unknown;
  readonly new: unknown;
  readonly diffs: unknown;
  readonly keys: unknown;
  readonly detailedDiff: unknown;
}

/** Reads a step. */
export function engineStep(operation: string, urn: string, parts: StepParts): EngineStep {
  const paths = detailedPaths(parts.detailedDiff);
  const leftover = operation === "delete" && propertiesOf(parts.old).delete === true;
  return {
    op: leftover ? "delete-replaced" : operation,
    urn,
    type: parts.type ?? "",
    leftover,
    ...(isObject(parts.old) ? { old: parts.old } : {}),
    ...(isObject(parts.new) ? { new: parts.new } : {}),
    diffKeys: rootKeys([...textsOf(parts.diffs), ...paths.all]),
    replaceKeys: rootKeys([...textsOf(parts.keys), ...paths.replacing]),
  };
}

/** Operations after which a resource is no longer in the stack, or never was. */
const gone: ReadonlySet<string> = new Set([
  "delete",
  "delete-replaced",
  "discard",
  "discard-replaced",
  "remove-pending-replace",
]);

/** A preview out of its steps: each state becomes a resource of the view that it belongs to. */
export function previewFrom(
  steps: readonly EngineStep[],
  parts: Omit<Preview, "before" | "after" | "steps">,
): Preview {
  const before: ViewedResource[] = [];
  const after: ViewedResource[] = [];
  const deleted: ViewedResource[] = [];
  for (const step of steps) {
    const { op, urn, type } = step;
    const old = step.old === undefined ? undefined : viewedResource(urn, type, step.old);
    if (old !== undefined && !step.leftover) {
      before.push(old);
    }
    if (!gone.has(op)) {
      after.push(...laterResource(step, old));
    } else if (op === "delete" && old !== undefined && old.retainOnDelete !== true) {
      deleted.push(old);
    }
  }
  const whole = isWhole(steps, parts);
  return {
    before: new StackView(before, whole),
    after: new StackView(after, whole, deleted),
    steps: steps.map(({ op, urn, type, diffKeys, replaceKeys }) => ({
      op,
      urn,
      type,
      diffKeys,
      replaceKeys,
    })),
    ...parts,
  };
}

/** The resource that a state of the engine's tells of. */
export function viewedResource(urn: string, type: string, state: Properties): ViewedResource {
  const [id, parent] = [textOf(state.id), textOf(state.parent)];
  const dependencies = Object.entries(propertiesOf(state.propertyDependencies));
  return {
    urn,
    type,
    name: nameInUrn(urn),
    ...(id === undefined ? {} : { id }),
    ...(parent === undefined ? {} : { parent }),
    inputs: visibleProperties(state.inputs),
    outputs: visibleProperties(state.outputs),
    // Documents tell what an input is computed from, events do not.
    ...(dependencies.length === 0
      ? {}
      : { dependencies: Object.fromEntries(dependencies.map(([key, on]) => [key, textsOf(on)])) }),
    protect: state.protect === true,
    retainOnDelete: state.retainOnDelete === true,
  };
}

/**
 * A document gives ids and outputs of the state before only. They stay, save in a replacement; where
 * nothing of them is shown anew, both views have one object.
 */
function laterResource(
  { op, urn, type, new: state }: EngineStep,
  old: ViewedResource | undefined,
): ViewedResource[] {
  if (state === undefined) {
    return old === undefined ? [] : [old];
  }
  const { id: newId, ...later } = viewedResource(urn, type, state);
  if (op.includes("replace")) {
    return [later];
  }
  const id = old?.id ?? newId;
  return [
    {
      ...later,
      ...(id === undefined ? {} : { id }),
      outputs:
        old === undefined || Object.keys(later.outputs).length > 0
          ? { ...old?.outputs, ...later.outputs }
          : old.outputs,
    },
  ];
}

/** Whether every resource is there: a document leaves out those that do not change. */
function isWhole(
  steps: readonly EngineStep[],
  { gaps, showsSames, changeSummary }: Pick<Preview, "gaps" | "showsSames" | "changeSummary">,
): boolean {
  const shown = steps.filter(({ op, type }) => op === "same" && !isProviderType(type)).length;
  return gaps.length === 0 && (showsSames || shown >= (changeSummary.same ?? 0));
}

/** Providers are not resources of the tenant, and the engine does not count them either. */
export function isProviderType(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

/**
 * First names of property paths: `requiredResourceAccesses[1].resourceAppId` becomes
 * `requiredResourceAccesses`. What follows is left out on purpose: the elements of a set have no
 * index that means anything.
 *
 * @see https://github.com/pulumi/pulumi-terraform-bridge/issues/2210
 */
function rootKeys(paths: readonly string[]): string[] {
  return [...new Set(paths.map(rootKey).filter((key) => key !== ""))];
}

function rootKey(path: string): string {
  const quoted = /^\["((?:[^"\\]|\\.)*)"\]/.exec(path);
  return quoted?.[1] ?? path.split(/[.[]/, 1)[0] ?? "";
}

/** Paths of a detailed diff, and those of them that force a replacement. */
function detailedPaths(detailedDiff: unknown): { all: string[]; replacing: string[] } {
  const entries = Object.entries(propertiesOf(detailedDiff)).map(([path, diff]) => {
    const { diffKind, kind } = propertiesOf(diff);
    return { path, kind: textOf(diffKind) ?? textOf(kind) ?? "" };
  });
  return {
    all: entries.map(({ path }) => path),
    replacing: entries.filter(({ kind }) => kind.endsWith("-replace")).map(({ path }) => path),
  };
}

/** The numbers of an object, by key. */
export function countsOf(value: unknown): Record<string, number> {
  return Object.fromEntries(
    Object.entries(propertiesOf(value)).filter(
      (entry): entry is [string, number] => typeof entry[1] === "number",
    ),
  );
}

/** The texts of an object, by key. */
export function configOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(propertiesOf(value)).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}
