import { changedCode, type Checkout, type CodeChange } from "../../../forge/changedCode";
import {
  changedStacks,
  type ProjectFolder,
  type StackSelection,
} from "../../../forge/changedStacks";
import { changesSince } from "../../../forge/git/changedFiles";
import type { Forge } from "../../../forge/forge";
import { knownStacksInWords, ownNameOf } from "../../../operations/project";
import { didYouMean } from "../../../system/didYouMean";
import { UsageFailure } from "../../../system/failure";
import { runStep, type Steps } from "../../steps";
import { changedEncryption } from "./changedEncryption";

/** How the stacks of a pull request are chosen. */
export interface Selection {
  /** Exactly these, whatever the pull request touches. */
  readonly stack?: readonly string[];
  /** What git compares with, instead of asking the forge. */
  readonly base?: string;
}

/** The stacks of a pull request, and what else it changes. */
export type Selected = StackSelection & { readonly code: readonly CodeChange[] };

/**
 * The stacks to be reviewed: those asked for, else those that the pull request touches. What it
 * changes besides settings is told in either case.
 *
 * @throws {Failure} If one that is asked for has no settings, or the changes cannot be had.
 */
export async function selectStacks(
  { stack, base }: Selection,
  forge: Pick<Forge, "changedFiles" | "textBefore">,
  project: ProjectFolder,
  checkout: Checkout,
  steps: Steps,
): Promise<Selected> {
  const named = stack === undefined || stack.length === 0 ? undefined : namedStacks(stack, project);
  return runStep(
    steps,
    named === undefined ? "stacks that the change touches" : "files that the change touches",
    async () => {
      const source = base === undefined ? forge : changesSince(base, process.cwd());
      const changes = await source.changedFiles();
      return {
        ...(named === undefined ? changedStacks(changes, project) : { stacks: named, removed: [] }),
        code: [
          ...changedCode(changes, project, checkout),
          ...(await changedEncryption(changes, project, checkout, source)),
        ],
      };
    },
    ({ stacks, everything }) =>
      `${stacks.join(", ") || "none"}${everything === undefined ? "" : ` (all: ${everything})`}`,
  );
}

/** @throws {Failure} If one has no settings in the project. */
function namedStacks(names: readonly string[], project: ProjectFolder): string[] {
  const unknown = names.filter((name) => !project.stacks.includes(ownNameOf(name)));
  if (unknown.length > 0) {
    throw new UsageFailure(
      `--stack ${unknown.map((name) => `"${name}"`).join(", ")}: the project has no Pulumi.${ownNameOf(unknown[0] ?? "")}.yaml. ${didYouMean(ownNameOf(unknown[0] ?? ""), project.stacks)}It has settings for: ${knownStacksInWords(project.stacks)}`,
    );
  }
  return [...new Set(names)].sort();
}
