import type { EngineEvent } from "@pulumi/pulumi/automation";
import { warningsOfExisting } from "../operations/adopt/existingApplications";
import type { DeployerSession } from "../microsoft/deployer/session";
import { connectStackDeployer, deployerNamed } from "../operations/deployer";
import { previewStack } from "../operations/stack";
import { readEvents } from "../review/input/engineEvents";
import { engineFailure } from "./errors";
import { type ChangePlace, openForChange } from "./openForChange";
import { runStep, type Steps } from "./steps";

/** What the engine's events do not tell. */
interface Previewed {
  readonly stack: string;
  readonly warnings: readonly string[];
  readonly principals: ReadonlyMap<string, string>;
  /** Object id of whom an update would sign in as, where the preview names it. */
  readonly deployer?: string | undefined;
}

/**
 * Previews a stack of the person's project by the engine, also one that the backend does not have yet.
 * Loads the Pulumi SDK and the program: who reviews a saved preview needs neither.
 *
 * @param wanted Its name; left out, the selected one.
 * @param events Receives the engine's events, also those before a failure.
 * @param place See {@link openForChange}.
 * @returns The stack's name, a warning where the backend does not have it, and of each application of the
 *   tenant that it seems to make anew, and names of whom the preview names by ids.
 * @throws {Failure} With the engine's own exit code, if the preview fails.
 */
export async function previewNow(
  wanted: string | undefined,
  progress: Steps,
  events: EngineEvent[],
  place: ChangePlace = {},
): Promise<Previewed> {
  const { stack, warningsOfCreation } = await openForChange(wanted, progress, "either", place);
  const onEvent = (event: EngineEvent) => void events.push(event);
  await runStep(progress, `Preview ${stack.name}`, () => previewStack(stack, { onEvent })).catch(
    (error: unknown) => {
      throw engineFailure(error, stack.name);
    },
  );
  const preview = readEvents(events);
  let session: Promise<DeployerSession> | undefined;
  const connect = () => (session ??= connectStackDeployer(stack));
  const warnings = await warningsOfExisting(preview, stack.name, async () =>
    (await connect()).graph(),
  );
  const principals = await deployerNamed(preview, connect);
  return {
    stack: stack.name,
    warnings: [...warningsOfCreation(), ...warnings],
    principals,
    deployer: [...principals.keys()][0],
  };
}
