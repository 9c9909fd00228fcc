import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { runProgram, type RunOptions, type RunResult } from "./process";

/**
 * Runs git so that it takes neither commands nor another repository out of the files of a checkout:
 * a folder that looks like a bare repository would be one to git, with a configuration that somebody
 * has committed there. Nor does a hook's environment name the repository: git sets it for its hooks, and
 * the folder that is asked about may lie in another.
 *
 * @see https://git-scm.com/docs/githooks#_description
 * @see https://git-scm.com/docs/git-config#Documentation/git-config.txt-safebareRepository
 */
export function runGit(args: readonly string[], options: RunOptions): Promise<RunResult> {
  const own = ["-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false"];
  const { environment = process.env } = options;
  const here = Object.entries(environment).filter(([name]) => !namesRepository.test(name));
  return runProgram("git", [...own, ...args], {
    ...options,
    environment: Object.fromEntries(here),
  });
}

/** Of `git rev-parse --local-env-vars`, what says where a repository is; settings stay those of the person. */
const namesRepository =
  /^GIT_(DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE|PREFIX)$/;

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
