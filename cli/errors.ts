/* oxlint-disable typescript/no-require-imports --
   What only a failure needs is loaded when there is one. */
import { basename } from "node:path";
import { engineExitCode } from "../operations/engineFailure";
import { exitCodes, Failure } from "../system/failure";
import type * as signInModule from "../access/verify/signIn";
import type * as httpModule from "../microsoft/http";
import type * as tokensModule from "../microsoft/tokens";
import type * as projectModule from "../operations/project";
import type * as knownFailures from "./knownFailures";
import type * as stagedModule from "./stagedProject";

/**
 * Any error as one that can be shown: what is the person's to solve as it is, another with what
 * explains it. The whole text is its cause.
 *
 * @param exitCode Of an error that does not have one.
 * @param stack Name of the stack that was worked on.
 */
export function failureOf(
  error: unknown,
  exitCode: number = exitCodes.failed,
  stack?: string,
): Failure {
  if (error instanceof Failure) {
    return "host" in error ? explainNoAnswer(error) : (explainRefusal(error, stack) ?? error);
  }
  const text = explainFailure(error);
  // A fault that the program finds in its configuration comes back from the engine only as text.
  if (text.startsWith("The configuration has ")) {
    const told = stack === undefined ? text : text.replace("has", `${whereSettingsAre(stack)} has`);
    return new Failure(told, exitCodes.usage, { cause: error });
  }
  const { knownFailure } = require("./knownFailures") as typeof knownFailures;
  const { namedAsInProject } = require("./stagedProject") as typeof stagedModule;
  return (
    knownFailure(error, stack) ?? new Failure(namedAsInProject(text), exitCode, { cause: error })
  );
}

/** Why a host did not answer, and what to do: what Node says of it explains nothing. */
function explainNoAnswer(error: Failure): Failure {
  const { NoAnswer } = require("../microsoft/http") as typeof httpModule;
  const { diagnoseNoAnswer } = require("../access/verify/signIn") as typeof signInModule;
  if (!(error instanceof NoAnswer)) {
    return error;
  }
  const { cause, remedy } = diagnoseNoAnswer(error);
  return new Failure(`${cause} ${remedy}`, error.exitCode, { cause: error });
}

/** Why Entra gave no token to who works on a stack, and what to do. */
function explainRefusal(error: Failure, stack: string | undefined): Failure | undefined {
  const { TokenRefused } = require("../microsoft/tokens") as typeof tokensModule;
  const { knownFailure } = require("./knownFailures") as typeof knownFailures;
  return error instanceof TokenRefused ? knownFailure(error, stack) : undefined;
}

/** The file that somebody corrects, as far as it is known. */
function whereSettingsAre(stack: string): string {
  const { findStack } = require("../operations/project") as typeof projectModule;
  try {
    return `in ${basename(findStack(stack).settingsFile)}`;
  } catch {
    return `of the stack ${stack}`;
  }
}

/** An operation that failed ends the command with the engine's own code, save the one of the gate. */
export function engineFailure(error: unknown, stack?: string): Failure {
  const code = engineExitCode(error);
  return failureOf(error, code === exitCodes.gate ? exitCodes.failed : code, stack);
}

/** Everything that is known of an error, for `--debug`: what it was made of, down to the first. */
export function wholeText(error: unknown): string {
  const texts: string[] = [];
  for (let one = error; one instanceof Error; one = one.cause) {
    texts.push(one.stack ?? one.message);
  }
  return texts.join("\n\n");
}

/**
 * The part of a failed operation that explains it: what the engine reports, without the log around
 * it and without stack traces.
 */
export function explainFailure(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split("\n");
  const messages = [...new Set(reportedIn(lines))];
  if (messages.length > 0) {
    return messages.join("\n");
  }
  const start = lines.findIndex((line) => line.includes("stderr: "));
  if (start === -1) {
    return text.trim();
  }
  const rest = lines.slice(start);
  const end = rest.findIndex((line, at) => at > 0 && /^\s*err\?:/.test(line));
  const said = rest.slice(0, end === -1 ? undefined : end).join("\n");
  return said.slice(said.indexOf("stderr: ") + "stderr: ".length).trim();
}

/** What the engine, the SDK and a look-up put around a message, once for each that waits for it. */
const wrappings =
  /^(Unhandled exception: )?(Error: )?(error serializing property "[^"]*": )*(invocation of \S+ returned an error: )?/;

/** A message without what the engine, the SDK and a look-up have put around it. */
export const withoutWrappings = (message: string) => message.replace(wrappings, "");

/** What follows `error: `, up to a blank line, the next error or a stack trace. */
function reportedIn(lines: readonly string[]): string[] {
  const messages: string[] = [];
  let message: string[] | undefined;
  lines.forEach((line, at) => {
    const next = /^\s*error: (?!preview failed|update failed)(.*)$/.exec(line)?.[1];
    const ends =
      /^\s*(error: |err\?: |at )|^(Previewing|Updating|Refreshing|Destroying|Importing)\b.*:$/.test(
        line,
      ) ||
      (line.trim() === "" && at < lines.length - 1);
    if (ends && message !== undefined) {
      messages.push(message.join("\n").trim());
      message = undefined;
    }
    if (next !== undefined) {
      message = [withoutWrappings(next)];
    } else {
      message?.push(line);
    }
  });
  return messages;
}
