import type { EngineEvent } from "@pulumi/pulumi/automation";
import { previewStack } from "../operations/stack";
import { openForChange } from "./openForChange";
import { runStep, type Steps } from "./steps";

/**
 * Previews a stack of the project by the engine, and creates one that the backend does not have yet.
 * Loads the Pulumi SDK and the program: who reviews a saved preview needs neither.
 *
 * @param events Receives the engine's events, also those before a failure.
 * @param explain What is thrown instead of an error of the preview itself.
 */
export async function previewNow(
  name: string,
  progress: Steps,
  events: EngineEvent[],
  explain: (error: unknown) => unknown = (error) => error,
): Promise<void> {
  const { stack } = await openForChange(name, progress, "either");
  const onEvent = (event: EngineEvent) => void events.push(event);
  await runStep(progress, `Preview ${name}`, () => previewStack(stack, { onEvent })).catch(
    (error: unknown) => {
      throw explain(error);
    },
  );
}
