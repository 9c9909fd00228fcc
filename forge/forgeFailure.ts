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

/**
 * A list that a forge has answered. What is none is never taken for one without entries: a proxy's page has
 * a good status too, and would hide what a pull request changes.
 *
 * @param key What each entry has.
 * @throws {ForgeFailure} If it is none.
 * @example requireList(data.files, "filename", "GitHub", "list the changed files")
 */
export function requireList<T>(
  answer: readonly T[] | undefined,
  key: keyof T & string,
  forge: string,
  doing: string,
): readonly T[] {
  const given: unknown = answer;
  const isEntry = (entry: unknown) =>
    typeof (entry as Record<string, unknown> | null | undefined)?.[key] !== "undefined";
  if (!Array.isArray(given) || !given.every(isEntry)) {
    throw new ForgeFailure(
      `${forge} did not ${doing}: what was answered is not such a list. A proxy may have answered in its place. Check the network and HTTPS_PROXY, and run the job again.`,
    );
  }
  return given as T[];
}
