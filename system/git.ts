import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { runProgram, type RunOptions, type RunResult } from "./process";

/**
 * Runs git so that it takes neither commands nor another repository out of the files of a checkout:
 * a folder that looks like a bare repository would be one to git, with a configuration that somebody
 * has committed there.
 *
 * @see https://git-scm.com/docs/git-config#Documentation/git-config.txt-safebareRepository
 */
export function runGit(args: readonly string[], options: RunOptions): Promise<RunResult> {
  const own = ["-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false"];
  return runProgram("git", [...own, ...args], options);
}

/** The nearest folder above that git keeps, of which nobody can commit the mark; links resolved. */
export function checkoutOf(directory: string): string | undefined {
  for (let folder = realpathSync(directory); ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) {
      return folder;
    }
    if (dirname(folder) === folder) {
      return undefined;
    }
  }
}
