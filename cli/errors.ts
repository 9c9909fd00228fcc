import { exitCodes, Failure } from "../system/failure";

/**
 * Any error as one that can be shown: what is the person's to solve as it is, another with what
 * explains it.
 *
 * @param exitCode Of an error that does not have one.
 */
export function failureOf(error: unknown, exitCode: number = exitCodes.failed): Failure {
  if (error instanceof Failure) {
    return error;
  }
  const text = explainFailure(error);
  // A fault that the program finds in its configuration comes back from the engine only as text.
  const faulty = text.startsWith("The configuration has ");
  return new Failure(text, faulty ? exitCodes.usage : exitCode);
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
