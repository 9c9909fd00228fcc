import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { ReviewOutcome } from "../../../review/render/pullRequest";
import { parsePreviewText } from "../../../review/input/previewText";
import { readEvents } from "../../../review/input/engineEvents";
import { review } from "../../../review/review";
import { endpointWarnings } from "../../endpoints";
import type { Policies } from "../../policyConfiguration";
import type * as previewModule from "../../previewNow";
import type { Steps } from "../../steps";
import { previewProblem } from "./previewProblem";
import { readText } from "../../../system/readText";
import { withStagedProject } from "./stagedProject";

/** How the stacks of a pull request are previewed. */
export interface PullRequestPreviewOptions {
  /** Folder with saved previews, `STACK.json` or `STACK.ndjson`, instead of the engine. */
  readonly from?: string;
  readonly fromFork: boolean;
  /** Whether the pull request changes the project's file. */
  readonly projectChanged: boolean;
  readonly progress: Steps;
  /** Levels and settings of the policies. @default those of the rules */
  readonly policies?: Policies;
}

/**
 * Previews and reviews one stack. A preview that fails is an outcome too: what it showed until
 * then, and why it failed.
 */
export async function reviewStack(
  stack: string,
  options: PullRequestPreviewOptions,
): Promise<ReviewOutcome> {
  return options.from === undefined
    ? reviewNewPreview(stack, options)
    : reviewSavedPreview(stack, options.from, options);
}

async function reviewNewPreview(
  stack: string,
  { fromFork, projectChanged, progress, policies = {} }: PullRequestPreviewOptions,
): Promise<ReviewOutcome> {
  const events: EngineEvent[] = [];
  let warnings: readonly string[];
  let principals: ReadonlyMap<string, string>;
  let deployer: string | undefined;
  try {
    // oxlint-disable-next-line typescript/no-require-imports -- import() leads nowhere once compiled
    const { previewNow } = require("../../previewNow") as typeof previewModule;
    ({ warnings, principals, deployer } = await withStagedProject(stack, projectChanged, (folder) =>
      previewNow(stack, progress, events, { from: folder }),
    ));
  } catch (error) {
    return {
      stack,
      ...partOf(stack, events, policies),
      problem: previewProblem(error, stack, fromFork),
    };
  }
  const seen = review(readEvents(events), { stack, policies, principals, deployer });
  const reviewed = {
    ...seen,
    warnings: [...seen.warnings, ...endpointWarnings(process.env), ...warnings],
  };
  return reviewed.complete
    ? { stack, review: reviewed }
    : { stack, review: reviewed, problem: reviewed.warnings[0] ?? "The preview is not whole." };
}

/** What a failed preview showed before it failed, where that is any change. */
function partOf(
  stack: string,
  events: readonly EngineEvent[],
  policies: Policies,
): Pick<ReviewOutcome, "review"> {
  if (events.length === 0) {
    return {};
  }
  const reviewed = review(readEvents(events), { stack, policies });
  return reviewed.changes.length + reviewed.violations.length === 0
    ? {}
    : { review: { ...reviewed, complete: false } };
}

async function reviewSavedPreview(
  stack: string,
  folder: string,
  { fromFork, policies = {} }: PullRequestPreviewOptions,
): Promise<ReviewOutcome> {
  const file = [".json", ".ndjson"]
    .map((end) => join(folder, `${stack}${end}`))
    .find((path) => existsSync(path));
  if (file === undefined) {
    return { stack, problem: `${folder} has no saved preview ${stack}.json or ${stack}.ndjson.` };
  }
  try {
    const reviewed = review(parsePreviewText(await readText(file)), { stack, policies });
    return reviewed.complete
      ? { stack, review: reviewed }
      : { stack, review: reviewed, problem: reviewed.warnings[0] ?? "The preview is not whole." };
  } catch (error) {
    return { stack, problem: previewProblem(error, stack, fromFork) };
  }
}
