/* oxlint-disable typescript/no-require-imports --
   What only a failure needs is loaded when there is one. */
import * as pulumi from "@pulumi/pulumi";
import { accessOutputs, program } from "../index";
import type * as errors from "./errors";
import type * as knownFailures from "./knownFailures";

/**
 * The program as Pulumi runs it. Pulumi's own host prints each rejected promise with its stack, once for
 * everything that waits for it: a deployer that cannot sign in would be four of them, of forty lines.
 * There each failure is said once, in the sentence that the commands have for it.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/run/run.ts
 */
async function hostedProgram(): Promise<Record<string, unknown>> {
  if (/[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run([\\/]|$)/.test(process.argv[1] ?? "")) {
    sayRejectionsOnce();
  }
  return program();
}

/** Hands each failure of a look-up or of the tenant on to those who listen, once and in words. */
function sayRejectionsOnce(): void {
  const told = new Map<string, Error>();
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (error, promise) => {
    const text = sentenceOf(error);
    const said = text === undefined ? error : (told.get(text) ?? new pulumi.RunError(text));
    if (text !== undefined) {
      told.set(text, said as Error);
    }
    // Pulumi's host prints an error once that comes to it again.
    listeners.forEach((listener) => listener.call(process, said, promise));
  });
}

/** What went wrong, in words; nothing where it is a fault of the program, whose stack tells more. */
function sentenceOf(error: unknown): string | undefined {
  const text = error instanceof Error ? error.message : "";
  if (pulumi.RunError.isInstance(error)) {
    return undefined;
  }
  const { knownFailure } = require("./knownFailures") as typeof knownFailures;
  const known = knownFailure(error, pulumi.getStack());
  if (known !== undefined) {
    return known.message;
  }
  const { withoutWrappings } = require("./errors") as typeof errors;
  return /\binvocation of \S+ returned an error: /.test(text) ? withoutWrappings(text) : undefined;
}

// Pulumi calls what the module itself is; others import the names.
module.exports = Object.assign(hostedProgram, { accessOutputs, program });
