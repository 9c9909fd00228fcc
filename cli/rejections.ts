/* oxlint-disable typescript/no-require-imports --
   What only a failure needs is loaded when there is one. */
import * as pulumi from "@pulumi/pulumi";
import type * as errors from "./errors";
import type * as knownFailures from "./knownFailures";

/**
 * From here on, whoever listens in this process for rejected promises hears each failure of a look-up or
 * of the tenant once and in words. Pulumi's own host prints each with its stack, once for everything that
 * waits for it: a deployer that cannot sign in would be four of them, of forty lines.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/run/run.ts
 */
export function sayRejectionsOnce(): void {
  const told = new Map<string, Error>();
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (error, promise) => {
    const words = rejectionInWords(error);
    const said = words === undefined ? error : (told.get(words.message) ?? words);
    if (words !== undefined) {
      told.set(words.message, said as Error);
    }
    // Pulumi's host prints an error once that comes to it again.
    listeners.forEach((listener) => listener.call(process, said, promise));
  });
}

/**
 * What went wrong, as the commands say it, and without a stack.
 *
 * @returns Nothing where it is a fault of the program, whose stack tells more.
 */
export function rejectionInWords(error: unknown): Error | undefined {
  if (pulumi.RunError.isInstance(error)) {
    return undefined;
  }
  const text = error instanceof Error ? error.message : "";
  const { knownFailure } = require("./knownFailures") as typeof knownFailures;
  const { withoutWrappings } = require("./errors") as typeof errors;
  const sentence =
    knownFailure(error, stackOrNone())?.message ??
    (/\binvocation of \S+ returned an error: /.test(text) ? withoutWrappings(text) : undefined);
  // Pulumi's server of a provider prints the stack, or the message where there is none.
  return sentence === undefined
    ? undefined
    : Object.assign(new pulumi.RunError(sentence), { stack: "" });
}

/** The stack that the engine works on, which a provider knows only while it makes something for it. */
function stackOrNone(): string | undefined {
  try {
    return pulumi.getStack();
  } catch {
    return undefined;
  }
}
