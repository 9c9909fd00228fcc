import type { EngineEvent, OpMap, OutputMap, Stack } from "@pulumi/pulumi/automation";
import { nameInUrn } from "../review/input/urn";
import { forgetMissing, isUnsettled, runConverging, settlePending } from "./converge";
import { nameOrphans } from "./orphans";
import type { ChangeableStack } from "./openStack";
import { resourcesAfter, resourcesOfState } from "./stateEdit";
import { rightsToWithdraw } from "./withdrawFirst";

/** What an operation did, or a preview would do. */
export interface OperationResult {
  /** Number of resources by operation, for example `{ create: 11 }`; the stack itself counts too. */
  readonly changes: Readonly<Record<string, number>>;
  /** The engine's events in order, without debug messages. */
  readonly events: readonly EngineEvent[];
  /**
   * The outputs that an update of the whole stack left, secrets in plain: told only to who asks, so that
   * a result can be shown.
   */
  readonly outputs?: () => Readonly<Record<string, unknown>>;
}

/** Callbacks and limits of an operation. */
export interface OperationOptions {
  /** Receives each engine event as it happens, without debug messages. */
  readonly onEvent?: (event: EngineEvent) => void;
  readonly signal?: AbortSignal;
  /**
   * Proves that roles of a workload's own have arrived, before the directory role goes whose place
   * they take. What it throws ends the update, with the directory role still there.
   */
  readonly prove?: () => Promise<void>;
  /** Told of what an update or a destroy did beside its own steps, in full sentences. */
  readonly onNote?: (sentence: string) => void;
  /** Events of the preview that was just made of the same settings: an update then needs no other. */
  readonly previewed?: readonly EngineEvent[];
  /** The update of the whole stack that has just ended well: what it left need not be read again. */
  readonly after?: OperationResult;
}

/** What a preview is asked for. */
export interface PreviewOptions extends OperationOptions {
  /** Whether the engine compares with the tenant and not with the state. @default false */
  readonly refresh?: boolean;
}

/** Previews a stack. Nothing is changed. */
export async function previewStack(
  stack: Stack,
  { refresh = false, ...options }: PreviewOptions = {},
): Promise<OperationResult> {
  return collectEvents(options, (common) => stack.preview({ ...common, refresh }));
}

/** Previews the deletion of everything that a stack manages. Nothing is changed. */
export async function previewDestruction(
  stack: Stack,
  options: OperationOptions = {},
): Promise<OperationResult> {
  return collectEvents(options, (common) => stack.previewDestroy(common));
}

/**
 * Brings a stack's state up to what the tenant holds. The tenant is only read.
 *
 * @throws {Failure} If the app registration was deleted and can be restored.
 */
export async function refreshStack(
  stack: ChangeableStack,
  options: OperationOptions = {},
): Promise<OperationResult> {
  const note = options.onNote ?? ignore;
  const state = await settlePending(stack, "update", note);
  await forgetMissing(stack, note, isUnsettled(state) ? undefined : state);
  return collectEvents(options, (common) => withoutReadingBack(stack).refresh(common));
}

/**
 * Updates a stack. Rights that are no longer wanted are withdrawn before anything else is done, and
 * an answer that was lost does not keep this or a later update from ending.
 *
 * @see {@link runConverging}
 */
export async function updateStack(
  stack: ChangeableStack,
  options: OperationOptions = {},
): Promise<OperationResult> {
  const { after } = options;
  await stack.create();
  const state =
    after === undefined
      ? await settlePending(stack, "update", options.onNote ?? ignore)
      : undefined;
  // What was settled since then is not in the earlier preview.
  const events = state !== undefined && isUnsettled(state) ? undefined : options.previewed;
  const resources =
    state === undefined ? resourcesAfter(after?.events ?? []) : resourcesOfState(state);
  const rights = await rightsToWithdraw(stack, resources, async () =>
    events === undefined ? previewStack(stack) : { events },
  );
  const narrowed = await addBeforeNarrowing(stack, options, rights.last);
  const last = await updateWithdrawing(stack, options, rights.first);
  const outputs = stack.given?.outputs;
  const result = narrowed === undefined ? last : bothOf(narrowed, last);
  await nameOrphans(stack, result.events, options.onNote ?? ignore);
  return outputs === undefined ? result : { ...result, outputs: () => outputs };
}

/**
 * Makes everything but the removal of directory roles whose place others take, and has those proven.
 * The reverse order would lock the application out.
 */
async function addBeforeNarrowing(
  stack: ChangeableStack,
  options: OperationOptions,
  last: readonly string[],
): Promise<OperationResult | undefined> {
  if (last.length === 0) {
    return undefined;
  }
  const added = await updateConverging(stack, options, { exclude: last });
  await options.prove?.();
  options.onNote?.(`The new roles are there; now ${last.map(nameInUrn).join(", ")} goes.`);
  return added;
}

function bothOf(first: OperationResult, second: OperationResult): OperationResult {
  const operations = new Set([...Object.keys(first.changes), ...Object.keys(second.changes)]);
  const sum = (name: string) => (first.changes[name] ?? 0) + (second.changes[name] ?? 0);
  return {
    // What did not change twice did not change once.
    changes: Object.fromEntries(
      [...operations].map((name) => [
        name,
        name === "same" ? (second.changes[name] ?? 0) : sum(name),
      ]),
    ),
    events: [...first.events, ...second.events],
  };
}

async function updateWithdrawing(
  stack: ChangeableStack,
  options: OperationOptions,
  rights: readonly string[],
): Promise<OperationResult> {
  if (rights.length === 0) {
    return updateConverging(stack, options);
  }
  const withdrawn = await updateConverging(stack, options, { target: rights }).catch(
    (error: unknown) => {
      options.onNote?.(
        `These could not be withdrawn, and nothing else was changed: ${rights.map(nameInUrn).join(", ")}.`,
      );
      throw error;
    },
  );
  const { changes, events } = await updateConverging(stack, options);
  const removed = (withdrawn.changes.delete ?? 0) + (changes.delete ?? 0);
  return {
    changes: removed === 0 ? changes : { ...changes, delete: removed },
    events: [...withdrawn.events, ...events],
  };
}

/** @param only URNs of the resources that are changed, or of those that are not. @default everything */
function updateConverging(
  stack: ChangeableStack,
  options: OperationOptions,
  {
    target,
    exclude,
  }: { readonly target?: readonly string[]; readonly exclude?: readonly string[] } = {},
): Promise<OperationResult> {
  return runOperation("update", stack, options, async (common, gone) => {
    const left = target?.filter((urn) => !gone.has(urn));
    if (left?.length === 0) {
      return;
    }
    await withoutReadingBack(stack).up({
      ...common,
      ...(left === undefined ? {} : { target: left }),
      ...(exclude === undefined ? {} : { exclude: exclude.filter((urn) => !gone.has(urn)) }),
      suppressOutputs: true,
    });
  });
}

/**
 * Deletes everything the stack manages. The stack's history and settings stay.
 *
 * @see {@link runConverging}
 */
export async function destroyStack(
  stack: ChangeableStack,
  options: OperationOptions = {},
): Promise<OperationResult> {
  await settlePending(stack, "destroy", options.onNote ?? ignore);
  const result = await runOperation("destroy", stack, options, (common) =>
    withoutReadingBack(stack).destroy(common),
  );
  await nameOrphans(stack, result.events, options.onNote ?? ignore);
  return result;
}

function runOperation(
  operation: "update" | "destroy",
  stack: ChangeableStack,
  options: OperationOptions,
  run: (common: CommonOptions, gone: ReadonlySet<string>) => Promise<unknown>,
): Promise<OperationResult> {
  return runConverging(stack, operation, options.onNote ?? ignore, (observe, gone) =>
    collectEvents(
      {
        ...options,
        onEvent: (event) => {
          observe(event);
          options.onEvent?.(event);
        },
      },
      (common) => run(common, gone),
    ),
  );
}

function ignore(): void {
  // Nobody wants to be told.
}

/** Whether a result changes anything: everything but `same` and `read` does. */
export function hasChanges(result: OperationResult): boolean {
  return Object.entries(result.changes).some(
    ([operation, count]) => operation !== "same" && operation !== "read" && count > 0,
  );
}

/** The outputs of a stack by name, secrets in plain. */
export function outputValues(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]),
  );
}

/**
 * The stack, without what the SDK reads after every operation in further starts of the CLI: the
 * outputs and the history.
 */
function withoutReadingBack(stack: Stack): Stack {
  return Object.assign(Object.create(stack) as Stack, {
    outputs: () => Promise.resolve({}),
    info: () => Promise.resolve(undefined),
  });
}

interface CommonOptions {
  onEvent: (event: EngineEvent) => void;
  color: "never";
  signal?: AbortSignal;
}

async function collectEvents(
  options: OperationOptions,
  run: (common: CommonOptions) => Promise<unknown>,
): Promise<OperationResult> {
  const events: EngineEvent[] = [];
  let changes: OpMap = {};
  await run({
    color: "never",
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    onEvent: (event) => {
      // The SDK's debug messages repeat the properties of resources, secrets in plain.
      if ((event.diagnosticEvent?.severity as string | undefined) === "debug") {
        return;
      }
      changes = event.summaryEvent?.resourceChanges ?? changes;
      events.push(event);
      options.onEvent?.(event);
    },
  });
  const counted = Object.entries(changes).filter(
    (entry): entry is [string, number] => entry[1] !== undefined,
  );
  return { changes: Object.fromEntries(counted), events };
}
