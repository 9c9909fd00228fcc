/**
 * Something that keeps an export from being made, and that the person can solve. The message names
 * what is wrong, never a secret, and says what to do.
 */
export class ExportError extends Error {
  override readonly name = "ExportError";

  constructor(
    message: string,
    /** `usage`: what was asked for is at fault. `failed`: the stack or the other side is. */
    readonly reason: "usage" | "failed" = "failed",
  ) {
    super(message);
  }
}
