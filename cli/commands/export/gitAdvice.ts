import { existsSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { runGit } from "../../../system/git";

/**
 * What somebody should know who writes a file where git would take it along: nothing outside a
 * work tree, and nothing where git ignores the path.
 *
 * @param target Path of the file, which need not be there yet.
 */
export async function gitAdvice(target: string): Promise<string | undefined> {
  const folder = dirname(target);
  if (resolve(folder).split(sep).includes(".git")) {
    // git's own folder, of which it commits nothing.
    return undefined;
  }
  // `./` keeps a name that begins with a colon or a dash from being read as anything else.
  const name = `./${basename(target)}`;
  const inside = await askGit(folder, ["rev-parse", "--is-inside-work-tree"]);
  if (inside.code === "ENOENT") {
    return repositoryAbove(folder)
      ? `${target} lies in a git repository, and there is no git here to ask whether it is ignored. Keep it out of commits.`
      : undefined;
  }
  if (inside.code !== 0) {
    return repositoryAbove(folder) ? unreadableRepository(target) : undefined;
  }
  if (inside.output.trim() !== "true") {
    return undefined;
  }
  // Otherwise the name could be a pattern that fits another file.
  const literally = { GIT_LITERAL_PATHSPECS: "1" };
  const tracked = await askGit(folder, ["ls-files", "--error-unmatch", "--", name], literally);
  if (tracked.code === 0) {
    return `git tracks ${target}, so the next commit takes it along. Write elsewhere, or remove it from the index: git rm --cached`;
  }
  const ignored = await askGit(folder, ["check-ignore", "--quiet", "--", name]);
  if (ignored.code === 0) {
    return undefined;
  }
  return ignored.code === 1
    ? `git does not ignore ${target}. Add it to .gitignore, or write outside the repository.`
    : unreadableRepository(target);
}

function unreadableRepository(target: string): string {
  return `${target} lies in a git repository that git does not open, so whether it is ignored is not known. Keep it out of commits.`;
}

function repositoryAbove(folder: string): boolean {
  return (
    existsSync(join(folder, ".git")) ||
    (dirname(folder) !== folder && repositoryAbove(dirname(folder)))
  );
}

async function askGit(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number | string; output: string }> {
  const { code, stdout, startError, ended } = await runGit(["-C", folder, ...args], {
    timeoutMs: 10_000,
    environment: { ...process.env, GIT_OPTIONAL_LOCKS: "0", ...environment },
  });
  return { code: startError ?? ended ?? code, output: stdout };
}
