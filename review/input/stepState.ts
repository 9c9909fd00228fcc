import type { StepState } from "./previewSteps";
import { isRecord, type Properties, recordOf, textOf } from "./shape";

/** Reads a state; events and digests name its parts alike. */
export function stepStateOf(value: unknown): StepState | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const id = textOf(value.id);
  const parent = textOf(value.parent);
  return {
    ...(id === undefined ? {} : { id }),
    ...(parent === undefined ? {} : { parent }),
    protect: value.protect === true,
    retainOnDelete: value.retainOnDelete === true,
    inputs: recordOf(value.inputs),
    outputs: recordOf(value.outputs),
    propertyDependencies: recordOf(value.propertyDependencies),
  };
}

/**
 * Whether a step deletes what an earlier, interrupted replacement left behind. It shares its URN
 * with the resource that took its place.
 */
export function isLeftover(op: string, old: unknown): boolean {
  return op === "delete" && isRecord(old) && old.delete === true;
}

/**
 * First names of property paths: `requiredResourceAccesses[1].resourceAppId` becomes
 * `requiredResourceAccesses`. What follows is left out on purpose: the elements of a set have no
 * index that means anything.
 *
 * @see https://github.com/pulumi/pulumi-terraform-bridge/issues/2210
 */
export function rootKeys(paths: readonly string[]): string[] {
  return [...new Set(paths.map(rootKey).filter((key) => key !== ""))];
}

function rootKey(path: string): string {
  const quoted = /^\["((?:[^"\\]|\\.)*)"\]/.exec(path);
  return quoted?.[1] ?? path.split(/[.[]/, 1)[0] ?? "";
}

/** Paths of a detailed diff, and those of them that force a replacement. */
export function detailedPaths(detailedDiff: unknown): { all: string[]; replacing: string[] } {
  const entries: [string, Properties][] = Object.entries(recordOf(detailedDiff)).map(
    ([path, diff]) => [path, recordOf(diff)],
  );
  const kindOf = (diff: Properties) => textOf(diff.diffKind) ?? textOf(diff.kind) ?? "";
  return {
    all: entries.map(([path]) => path),
    replacing: entries
      .filter(([, diff]) => kindOf(diff).endsWith("-replace"))
      .map(([path]) => path),
  };
}
