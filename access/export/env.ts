import { type PipelineValue, secretsOf, variablesOf } from "./pipelineValues";
import type { StackAccess } from "./stackAccess";

/** Characters that shells, dotenv readers and `docker --env-file` all take as they are. */
const bare = /^[A-Za-z0-9_.,:@%/+=-]+$/;

/**
 * One value for the right side of `NAME=`.
 *
 * A value of harmless characters stands bare, which every reader takes alike. Anything else stands
 * in single quotes, as a POSIX shell reads it letter for letter; dotenv readers agree unless the
 * value has a single quote itself. `docker --env-file` knows no quotes: see {@link needsQuotes}.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02
 * @see https://docs.docker.com/reference/cli/docker/container/run/#env
 */
function quoteValue(value: string): string {
  return needsQuotes(value) ? `'${value.replaceAll("'", String.raw`'\''`)}'` : value;
}

/** Whether a value can only be written in quotes, which `docker --env-file` would keep. */
function needsQuotes(value: string): boolean {
  return value !== "" && !bare.test(value);
}

/** The lines of an env file: `NAME=value`, in order, with a final line feed. */
export function envLines(values: readonly PipelineValue[]): string {
  return values.map(({ name, value }) => `${name}=${quoteValue(value)}\n`).join("");
}

/**
 * An env file for `set -a; . FILE`, dotenv readers and `docker run --env-file`.
 *
 * @throws {ExportError} If secrets are wanted of a supplied certificate.
 */
export function envDocument(access: StackAccess, includeSecrets: boolean): string {
  return envLines([...variablesOf(access), ...(includeSecrets ? secretsOf(access) : [])]);
}
