import { Failure } from "../system/failure";

/**
 * A forge has not done what it was asked to: the message says what, why, and what to do. It holds no
 * token.
 */
export class ForgeFailure extends Failure {
  constructor(
    message: string,
    /** Whether the token may not write, as that of a pull request from a fork. */
    readonly readOnly = false,
  ) {
    super(message);
  }
}
