import { exitCodes, Failure } from "../../system/failure";

/**
 * Something that keeps an export from being made, and that the person can solve. The message names
 * what is wrong, never a secret, and says what to do.
 */
export class ExportError extends Failure {
  constructor(
    message: string,
    /** `usage`: what was asked for is at fault. `failed`: the stack or the other side is. */
    reason: "usage" | "failed" = "failed",
  ) {
    super(message, reason === "usage" ? exitCodes.usage : exitCodes.failed);
  }
}
