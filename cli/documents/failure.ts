import { z } from "zod";
import { failureClasses } from "../../fleet/record";
import { commandDocument } from "./document";

/** What every command prints as the last line of standard error where it fails and JSON was asked for. */
export const failureShape = commandDocument("failure", "Failure of a command", {
  error: z.strictObject({
    code: z.enum(failureClasses).describe("What kind of failure it is."),
    message: z.string().describe("All that people are told, the remedy with it."),
    remedy: z.string().describe("The part of the message that says what to do.").optional(),
    exitCode: z.int().min(1).max(255).describe("Exit code of the command."),
  }),
});

/** What {@link failureShape} describes. */
export type FailureDocument = z.infer<typeof failureShape>;
