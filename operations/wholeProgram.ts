import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { guardEngineConnection, noteCompletion, ownErrors } from "./engineConnection";

/**
 * A program that fails as a whole when anything in it fails.
 *
 * An inline program counts as complete when its function has returned, whatever then becomes of the
 * outputs it has not waited for; the engine goes on to delete what was not registered. A lookup
 * that the network cuts off would take consent and roles away. So the program waits here until
 * everything is registered, and throws what went wrong. `pulumi up` does as much by itself.
 *
 * @param tell Told the outputs of each run but previews, secrets in plain; of a run that has begun, nothing.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/automation/server.ts
 */
export function wholeProgram(
  program: PulumiFn,
  tell: (outputs: Readonly<Record<string, unknown>> | undefined) => void = () => undefined,
): PulumiFn {
  guardEngineConnection();
  return async () => {
    const loose: unknown[] = [];
    const isOwn = ownErrors();
    const note = (error: unknown) => {
      if (isOwn()) {
        loose.push(error);
      }
    };
    process.on("unhandledRejection", note);
    tell(undefined);
    try {
      const outputs: unknown = await program();
      const unregistered = await programRuntime
        .waitForRPCs()
        .catch((error: unknown) => ({ error }));
      // Rejections that nobody handles are reported once all that was ready to run has run.
      await new Promise((resolve) => setImmediate(resolve));
      if (loose.length > 0) {
        throw loose[0];
      }
      if (unregistered) {
        throw unregistered.error;
      }
      noteCompletion();
      if (!pulumi.runtime.isDryRun()) {
        // As JSON, which is what the CLI would tell.
        pulumi
          .output(outputs as object)
          .apply((values) => tell(JSON.parse(JSON.stringify(values)) as Record<string, unknown>));
      }
      return outputs as Awaited<ReturnType<PulumiFn>>;
    } finally {
      process.off("unhandledRejection", note);
    }
  };
}

/** The SDK exports this at run time and keeps it out of its types. */
const programRuntime = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };
