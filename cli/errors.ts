/** Exit codes of the command beyond those of Pulumi. Listed in docs/reference.md. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  /** The command line or the configuration is at fault. */
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

/** An error that is the user's to solve: shown as it is, without a stack trace. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";

  constructor(
    message: string,
    readonly exitCode: number = exitCodes.failed,
  ) {
    super(message);
  }
}

/**
 * The part of a failed operation that explains it: what the engine reports, without the log around
 * it and without stack traces.
 */
export function explainFailure(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const stderr = /stderr: ([\s\S]*?)(?:\n\s*err\?:|$)/.exec(text)?.[1];
  const reported = [
    ...text.matchAll(
      /^\s*error: (?!preview failed|update failed)([\s\S]*?)(?=\n\s*\n|\n\s*error: |\n\s*at )/gm,
    ),
  ];
  const messages = [...new Set(reported.map((match) => (match[1] ?? "").trim()))];
  if (messages.length > 0) {
    return messages.join("\n");
  }
  return (stderr ?? text).trim();
}
