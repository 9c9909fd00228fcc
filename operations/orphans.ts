import type { EngineEvent } from "@pulumi/pulumi/automation";
import { applicationObjectIdIn } from "../components/catalog/providerIds";
import { types } from "../policy/rules/types";
import { textOf, textsOf } from "../policy/rules/values";
import { azureCliCommandFor } from "../microsoft/graph/client";
import type { Note } from "./converge";
import { connectStackDeployer } from "./deployer";
import type { ReadableStack } from "./readableStack";
import { bareRegistrations } from "./tenantObjects";

/** Stacks whose orphans have been looked for in this process. */
const looked = new WeakSet<ReadableStack>();

/**
 * Names registrations of a stack's name that a create whose answer was lost has left behind, in this
 * run or in an earlier one whose end nobody saw. Asks the tenant once for each stack, and again when
 * an application was made. That it could not be asked fails nothing: the operation has ended well.
 */
export async function nameOrphans(
  stack: ReadableStack,
  events: readonly EngineEvent[],
  note: Note,
): Promise<void> {
  const applications = events.flatMap(({ resOutputsEvent }) => {
    const { op = "", type, new: now, old } = resOutputsEvent?.metadata ?? {};
    return type === types.application ? [{ op, state: now ?? old }] : [];
  });
  const made = applications.some(({ op }) => op.startsWith("create"));
  const last = applications.at(-1)?.state;
  if (last === undefined || (looked.has(stack) && !made)) {
    return;
  }
  looked.add(stack);
  const own = applications.map(({ state }) => applicationObjectIdIn(state?.id));
  const displayName = textOf(last.inputs.displayName) ?? "";
  try {
    const graph = await (await connectStackDeployer(stack)).graph();
    const bare = await bareRegistrations(graph, displayName, textsOf(last.inputs.owners));
    for (const { id } of bare.filter((one) => !own.includes(one.id))) {
      note(
        `Another app registration is called "${displayName}", has no credential and is not in this stack: ${id}. A create whose answer was lost leaves such a one behind. Where nobody needs it: ${azureCliCommandFor(graph, `ad app delete --id ${id}`)}`,
      );
    }
  } catch (error) {
    looked.delete(stack);
    note(
      `Whether a lost answer has left another app registration "${displayName}" behind could not be seen: ${(error as Error).message}`,
    );
  }
}
