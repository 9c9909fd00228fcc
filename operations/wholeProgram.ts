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
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/automation/server.ts
 */
export function wholeProgram(program: PulumiFn): PulumiFn {
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
      return outputs as Awaited<ReturnType<PulumiFn>>;
    } finally {
      process.off("unhandledRejection", note);
    }
  };
}

/** The SDK exports this at run time and keeps it out of its types. */
const programRuntime = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };
