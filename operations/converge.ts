import type { Client } from "@microsoft/microsoft-graph-client";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { applicationObjectIdIn } from "../components/catalog/providerIds";
import { types } from "../policy/rules/types";
import { deletedItemCommand, findRestorable } from "../microsoft/graph/tenant/restorable";
import { isObject, type Properties } from "../policy/rules/values";
import { isProviderType } from "../review/input/engineStep";
import { nameInUrn } from "../review/input/urn";
import { Failure } from "../system/failure";
import { connectStackDeployer } from "./deployer";
import { ownNameOf } from "./project";
import type { ReadableStack } from "./readableStack";
import {
  type AdoptedResource,
  editState,
  hasPending,
  isMasked,
  pendingCreates,
  readState,
  resourcesOfState,
  type StateEdit,
  type StateResource,
  stateResource,
  writeState,
} from "./stateEdit";
import { findObject, isInTenant } from "./tenantObjects";

/** Told of what was done beside the operation itself, in full sentences. */
export type Note = (sentence: string) => void;

type OpenStack = Stack & ReadableStack;

/** A step that failed, as the engine told. */
interface FailedStep {
  readonly op: string;
  readonly resource: StateResource;
}

/** The app registration was deleted by hand, and can be had back. */
class RegistrationDeleted extends Failure {}

/** An operation is tried again as long as something was mended; a fault needs two tries at most. */
const tries = 6;

/**
 * Runs an operation so that an answer that was lost, now or in an earlier run, does not keep it from
 * ending. What an earlier run left open is settled first. Where the operation fails, the objects it
 * failed on are looked up in the tenant: one that exists becomes part of the state, one that is gone
 * leaves it, and the operation runs once more. What the tenant holds decides, and nothing is changed there.
 *
 * @param run One try, telling the engine's events; `gone` are the URNs that have left the state.
 * @throws What the operation failed with, where nothing could be mended.
 */
export async function runConverging<T>(
  stack: OpenStack,
  operation: "update" | "destroy",
  note: Note,
  run: (onEvent: (event: EngineEvent) => void, gone: ReadonlySet<string>) => Promise<T>,
): Promise<T> {
  const gone = new Set<string>();
  for (let left = tries; ; left -= 1) {
    const events: EngineEvent[] = [];
    try {
      return await run((event) => events.push(event), gone);
    } catch (error) {
      const failed = failedSteps(events);
      const mended = left > 1 && failed.length > 0 && (await mend(stack, operation, failed, note));
      if (!mended) {
        throw error;
      }
      [...mended.drop, ...deletedIn(events)].forEach(({ urn }) => gone.add(urn));
    }
  }
}

/**
 * Settles what an interrupted update has left open in a state, if anything.
 *
 * @returns The state before.
 */
export async function settlePending(
  stack: OpenStack,
  operation: "update" | "destroy",
  note: Note,
): Promise<Properties> {
  const state = await readState(stack);
  if (isUnsettled(state)) {
    const creates = pendingCreates(state).map((resource) => ({ op: "create", resource }));
    await mend(stack, operation, creates, note);
  }
  if (hasPending(state)) {
    note("Cleared the operations that an interrupted run had left open in the stack's state.");
  }
  return state;
}

/** Whether {@link settlePending} changes a state. */
export function isUnsettled(state: Properties): boolean {
  return hasPending(state) || unupdatable(resourcesOfState(state)).length > 0;
}

/**
 * Resources whose making failed after they were made, and which the engine therefore updates. The
 * provider has no update for these: it replaces them by others whatever changes.
 *
 * @see https://github.com/pulumi/pulumi-terraform-bridge/blob/main/pkg/tfbridge/provider.go
 */
function unupdatable(resources: readonly StateResource[]): StateResource[] {
  const replaced: readonly string[] = [
    types.appRoleAssignment,
    types.directoryRoleAssignment,
    types.applicationCertificate,
  ];
  return resources.filter(
    ({ type, isUnfinished }) => isUnfinished === true && replaced.includes(type),
  );
}

/** What a try has deleted before it failed: the next cannot name it as a target. */
function deletedIn(events: readonly EngineEvent[]): { readonly urn: string }[] {
  return events.flatMap(({ resOutputsEvent }) =>
    resOutputsEvent?.metadata.op === "delete" ? [resOutputsEvent.metadata] : [],
  );
}

function failedSteps(events: readonly EngineEvent[]): FailedStep[] {
  return events.flatMap(({ resOpFailedEvent }) => {
    const { metadata } = resOpFailedEvent ?? {};
    const { op, provider } = metadata ?? {};
    const state = op?.startsWith("create") ? metadata?.new : (metadata?.old ?? metadata?.new);
    const [resource] = isObject(state) ? stateResource({ ...state, provider }) : [];
    return op === undefined || resource === undefined ? [] : [{ op, resource }];
  });
}

/**
 * Takes out of a stack's state what the tenant does not have any more, so that the next update makes it
 * anew: a refresh by the engine breaks off where an application is gone with all that was in it.
 *
 * @param state The stack's, where it was just read.
 * @throws {RegistrationDeleted} If the app registration was deleted and can be restored.
 */
export async function forgetMissing(
  stack: OpenStack,
  note: Note,
  state?: Properties,
): Promise<void> {
  await mend(stack, "update", [], note, state);
}

/** @returns What was changed in the state, if anything. */
async function mend(
  stack: OpenStack,
  operation: "update" | "destroy",
  failed: readonly FailedStep[],
  note: Note,
  known?: Properties,
): Promise<StateEdit | undefined> {
  const state = known ?? (await readState(stack));
  const resources = resourcesOfState(state);
  let edit: StateEdit;
  try {
    const graph = await (await connectStackDeployer(stack)).graph();
    const drop = await findGone(graph, resources);
    await refuseWhereRestorable(graph, operation, drop, ownNameOf(stack.name));
    edit = { drop, adopt: await findMade(graph, failed, resources) };
  } catch (error) {
    if (error instanceof RegistrationDeleted) {
      throw error;
    }
    note(
      `What the tenant holds could not be compared with the stack's state: ${(error as Error).message}`,
    );
    return undefined;
  }
  const { drop, adopt } = edit;
  const unread = unupdatable(resources).filter((one) => !drop.includes(one));
  if (drop.length + adopt.length > 0 || hasPending(state)) {
    await writeState(stack, editState(state, edit));
  }
  for (const { urn, id } of drop) {
    note(
      `Dropped ${nameInUrn(urn)} from the stack's state: the tenant does not have ${id} any more.`,
    );
  }
  for (const { urn, id } of adopt) {
    note(`Adopted ${nameInUrn(urn)} into the stack's state: the tenant has it already, as ${id}.`);
  }
  for (const { urn } of unread) {
    note(
      `Read ${nameInUrn(urn)} again: the tenant has it, and its making was not seen to its end.`,
    );
  }
  const target = [...adopt.filter(({ outputs }) => outputs === undefined), ...unread].map(
    ({ urn }) => urn,
  );
  if (target.length > 0) {
    await stack.refresh({ color: "never", target });
  }
  return drop.length + adopt.length + unread.length > 0 ? edit : undefined;
}

/** Resources whose object the tenant does not have. With an application goes all that is in it. */
async function findGone(
  graph: Client,
  resources: readonly StateResource[],
): Promise<StateResource[]> {
  const managed = resources.filter(({ id }) => id !== undefined);
  const gone = await Promise.all(managed.map((resource) => isGone(graph, resource)));
  return managed.filter((_, at) => gone[at]);
}

/** How often, and how far apart in milliseconds, something is looked for before it counts as gone. */
export const patience = { reads: 3, pauseMs: 2_000 };

/** A directory of many replicas does not know everywhere what it has just made. */
async function isGone(graph: Client, resource: StateResource): Promise<boolean> {
  for (let read = 1; ; read += 1) {
    if ((await isInTenant(graph, resource)) !== false) {
      return false;
    }
    if (read === patience.reads) {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, patience.pauseMs));
  }
}

/** What the failed creates have made nevertheless. */
async function findMade(
  graph: Client,
  failed: readonly FailedStep[],
  resources: readonly StateResource[],
): Promise<AdoptedResource[]> {
  const known = new Set(resources.flatMap(({ id }) => id ?? []));
  const isKnown = ({ urn }: StateResource) =>
    resources.some((one) => one.urn === urn && one.id !== undefined);
  const made: AdoptedResource[] = [];
  for (const { op, resource } of failed) {
    const replaces = op === "create-replacement";
    const isCandidate = op.startsWith("create") && !isProviderType(resource.type);
    if (isCandidate && (replaces || !isKnown(resource))) {
      const found = await findObject(graph, resource, known);
      if (found !== undefined && !isMasked(found)) {
        known.add(found.id);
        made.push({ ...found, replaces });
      }
    }
  }
  return made;
}

/** A registration that was deleted by hand takes its client id with it, unless it is restored. */
async function refuseWhereRestorable(
  graph: Client,
  operation: "update" | "destroy",
  gone: readonly StateResource[],
  stack: string,
): Promise<void> {
  const objectId = gone
    .filter(({ type }) => type === types.application)
    .map(({ id }) => applicationObjectIdIn(id))
    .find((one) => one !== undefined);
  if (
    operation === "update" &&
    objectId !== undefined &&
    (await findRestorable(graph, objectId)) !== undefined
  ) {
    throw new RegistrationDeleted(
      [
        `The app registration ${objectId} was deleted by hand. Nothing was changed in the stack's state. Choose, and run the same command again:`,
        `- restore it, within 30 days, with its client id, its credentials and its service principal: \`apponly drift --restore --stack ${stack}\``,
        `- restore it without its service principal, of which the update makes another: ${deletedItemCommand(graph, objectId, "restore")}`,
        `- let the stack make another, with another client id: ${deletedItemCommand(graph, objectId)}`,
      ].join("\n"),
    );
  }
}
