/** Exit codes of the command beyond those of Pulumi. Listed in docs/reference.md. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  /** The command line, a file it names or the configuration is at fault. */
  usage: 2,
  /** The review's gate has tripped. */
  gate: 3,
  /** A link of the verification has failed, or the deployer lacks a permission. */
  verification: 4,
  /** A certificate expires within the time asked for. */
  expiring: 5,
  /** What was granted has not reached every service yet. */
  propagating: 6,
} as const;

/**
 * An error that is the person's to solve: the command shows its message as it is, without a stack
 * trace, and ends with its exit code. Every other error is a fault of the program.
 *
 * @example throw new Failure("The access does not work.", exitCodes.verification);
 */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: number = exitCodes.failed,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** What the person has written is at fault: the command line, a file it names, the settings. */
export class UsageFailure extends Failure {
  constructor(message: string, options?: ErrorOptions) {
    super(message, exitCodes.usage, options);
  }
}
