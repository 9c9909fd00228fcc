import { readFile } from "node:fs/promises";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { warningsOfExisting } from "../operations/adopt/existingApplications";
import { connectStackDeployer, deployerNamed } from "../operations/deployer";
import type { ChangeableStack } from "../operations/openStack";
import {
  destroyStack,
  hasChanges,
  type OperationOptions,
  type OperationResult,
  previewDestruction,
  previewStack,
  updateStack,
} from "../operations/stack";
import { nameInUrn } from "../review/input/urn";
import { readEvents } from "../review/input/engineEvents";
import type { StackReview } from "../review/documentShape";
import { renderTerminal } from "../review/render/terminal";
import { review } from "../review/review";
import { Failure } from "../system/failure";
import type { StepHandle } from "../toolchain/steps";
import type { ChangeDocument } from "./documents/change";
import { warningsOfEndpoints } from "./endpoints";
import { engineFailure } from "./errors";
import { hangingIndent } from "./hangingIndent";
import type { Io } from "./io";
import type { OpenedForChange } from "./openForChange";
import type { Policies } from "./policyConfiguration";
import { runStep } from "./steps";

/** An operation that changes the tenant. */
export type Change = "update" | "destroy";

/** What somebody was shown before a change is made. */
export interface ShownChange {
  readonly change: Change;
  readonly review: StackReview;
  readonly events: readonly EngineEvent[];
  readonly hasChanges: boolean;
  /** Resources that are changed. */
  readonly count: number;
  /** The settings that were previewed. */
  readonly settings: string;
  /** Warnings of what the tenant seems to have already of a stack that the backend does not have. */
  readonly existing: readonly string[];
}

/** What a change has come to, for who asked for JSON. */
export function changeDocument(
  stack: string,
  { change, review: shown }: Pick<ShownChange, "change" | "review">,
  result: OperationResult | undefined,
): ChangeDocument {
  return {
    version: 1,
    stack,
    change,
    changed: result !== undefined && hasChanges(result),
    operations: { ...result?.changes },
    review: shown,
  };
}

/** Previews a change, and shows its review. Nothing is changed. */
export async function showChange(
  { stack, settingsFile, renewSettings, warningsOfCreation }: OpenedForChange,
  io: Io,
  change: Change = "update",
  policies: Policies = {},
): Promise<ShownChange> {
  const settings = await readFile(settingsFile, "utf8");
  await renewSettings();
  const preview = change === "update" ? previewStack : previewDestruction;
  const result = await runStep(
    io.progress,
    `Preview ${stack.name}`,
    () => preview(stack),
    (done) => changesInWords(done, "to"),
  ).catch((error: unknown) => {
    throw engineFailure(error, stack.name);
  });
  const events = readEvents(result.events);
  const connect = () => connectStackDeployer(stack);
  const principals = await deployerNamed(events, connect);
  const reviewed = review(events, { stack: stack.name, policies, principals });
  const creation = warningsOfCreation();
  // Perhaps it is another backend that has the stack, and the tenant has what would be made anew.
  const existing =
    creation.length === 0
      ? []
      : await warningsOfExisting(events, stack.name, async () => (await connect()).graph());
  const warnings = [
    ...reviewed.warnings,
    ...warningsOfEndpoints(process.env),
    ...creation,
    ...existing,
  ];
  await io.out(renderTerminal([{ ...reviewed, warnings }], lookOf(io)));
  return {
    change,
    review: reviewed,
    events: result.events,
    hasChanges: hasChanges(result),
    count: countChanges(result),
    settings,
    existing,
  };
}

const lookOf = (io: Io) => ({ colour: io.colour, width: io.columns ?? 100 });

/**
 * Makes a change that was shown, with what was done on the way, in the past tense.
 *
 * @throws {Failure} If the settings are not those that were previewed.
 */
export async function makeChange(
  { stack, settingsFile }: Pick<OpenedForChange, "stack" | "settingsFile">,
  shown: ShownChange,
  io: Io,
  prove?: OperationOptions["prove"],
): Promise<OperationResult> {
  if ((await readFile(settingsFile, "utf8")) !== shown.settings) {
    throw new Failure(
      `${settingsFile} has changed since the review. Nothing was changed in the tenant: run the same command again.`,
    );
  }
  return shown.change === "update"
    ? runChange(stack, io, `Update ${stack.name}`, shown.count, (opened, options) =>
        updateStack(opened, {
          ...options,
          previewed: shown.events,
          ...(prove === undefined ? {} : { prove }),
        }),
      )
    : runChange(stack, io, `Destroy ${stack.name}`, shown.count, destroyStack);
}

/** Runs a change with its steps, and prints what was done beside them. */
export async function runChange(
  stack: ChangeableStack,
  io: Io,
  title: string,
  count: number,
  change: (stack: ChangeableStack, options: OperationOptions) => Promise<OperationResult>,
): Promise<OperationResult> {
  const notes: string[] = [];
  try {
    return await runStep(
      io.progress,
      title,
      (step) =>
        change(stack, { onNote: (note) => notes.push(note), onEvent: stepTeller(step, count) }),
      (done) => changesInWords(done, "past"),
    );
  } catch (error) {
    throw engineFailure(error, stack.name);
  } finally {
    await io.out(notes.map((note) => `${hangingIndent(`  ${note}`, 2, io.columns)}\n`).join(""));
  }
}

/** Says which resource is being changed, and how many have been. */
function stepTeller(step: StepHandle, count: number): NonNullable<OperationOptions["onEvent"]> {
  let done = 0;
  return ({ resourcePreEvent, resOutputsEvent }) => {
    const { op, urn } = resourcePreEvent?.metadata ?? {};
    if (op !== undefined && urn !== undefined && op in pastTense) {
      step.progress(`${done} of ${count}, ${op} ${nameInUrn(urn)}`);
    }
    done += (resOutputsEvent?.metadata.op ?? "") in pastTense ? 1 : 0;
  };
}

/** What a resource has become; operations that are not named change nothing. */
const pastTense: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  "create-replacement": "created anew",
  "delete-replaced": "deleted as replaced",
  import: "imported",
};

function countChanges({ changes }: OperationResult): number {
  return Object.entries(changes).reduce(
    (sum, [operation, count]) => sum + (operation in pastTense ? count : 0),
    0,
  );
}

/** What an operation has done, or would do, in a few words. */
export function changesInWords({ changes }: OperationResult, tense: "past" | "to"): string {
  const words = Object.entries(changes)
    .filter(([operation, count]) => operation !== "same" && count > 0)
    .map(([operation, count]) =>
      tense === "to" ? `${count} to ${operation}` : `${count} ${pastTense[operation] ?? operation}`,
    );
  const same = changes.same ?? 0;
  return words.length === 0 ? `no changes (${same} resources)` : words.join(", ");
}
