import {
  changedStacks,
  type ProjectFolder,
  type StackSelection,
} from "../../../forge/changedStacks";
import { filesChangedSince } from "../../../forge/git/changedFiles";
import type { Forge } from "../../../forge/forge";
import { ownNameOf } from "../../../operations/project";
import { UsageFailure } from "../../../system/failure";
import { runStep, type Steps } from "../../steps";

/** How the stacks of a pull request are chosen. */
export interface Selection {
  /** Exactly these, whatever the pull request touches. */
  readonly stack?: readonly string[];
  /** What git compares with, instead of asking the forge. */
  readonly base?: string;
}

/**
 * The stacks to be reviewed: those asked for, else those that the pull request touches.
 *
 * @throws {Failure} If one that is asked for has no settings, or the changes cannot be had.
 */
export async function selectStacks(
  { stack, base }: Selection,
  forge: Pick<Forge, "changedFiles">,
  project: ProjectFolder,
  steps: Steps,
): Promise<StackSelection> {
  if (stack !== undefined && stack.length > 0) {
    return { stacks: namedStacks(stack, project), removed: [] };
  }
  return runStep(
    steps,
    "stacks that the change touches",
    async () =>
      changedStacks(
        await (base === undefined ? forge.changedFiles() : filesChangedSince(base, process.cwd())),
        project,
      ),
    ({ stacks, everything }) =>
      `${stacks.join(", ") || "none"}${everything === undefined ? "" : ` (all: ${everything})`}`,
  );
}

/** @throws {Failure} If one has no settings in the project. */
function namedStacks(names: readonly string[], project: ProjectFolder): string[] {
  const unknown = names.filter((name) => !project.stacks.includes(ownNameOf(name)));
  if (unknown.length > 0) {
    throw new UsageFailure(
      `--stack ${unknown.map((name) => `"${name}"`).join(", ")}: the project has no Pulumi.${ownNameOf(unknown[0] ?? "")}.yaml. It has settings for: ${project.stacks.join(", ") || "no stack"}.`,
    );
  }
  return [...new Set(names)].sort();
}
