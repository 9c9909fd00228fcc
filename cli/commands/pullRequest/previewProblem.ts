import { engineFailure } from "../../errors";

/**
 * Why a stack could not be previewed, in one or two sentences. May hold text out of the stack.
 *
 * @param fromFork Whether the pull request comes from a fork, which gets no secrets.
 */
export function previewProblem(error: unknown, stack: string, fromFork: boolean): string {
  const { message } = engineFailure(error, stack);
  return fromFork && lacksSecret.test(message)
    ? `${message} A pull request from a fork gets no secrets: read it, then push its branch to this repository to have it previewed.`
    : message;
}

/** What a job without secrets is told. */
const lacksSecret = /logged in|passphrase|deployer/;
