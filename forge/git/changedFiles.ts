import { realpathSync } from "node:fs";
import { relative, sep } from "node:path";
import { checkoutOf, runGit } from "../../system/git";
import { ForgeFailure } from "../forgeFailure";
import type { Forge } from "../forge";
import type { ChangedFile } from "../model";

/**
 * What a checkout changes compared with where it left another branch, by git itself. That place is
 * looked for once.
 *
 * @param base Branch, tag or commit, for example `origin/main`.
 * @param directory Any folder of the checkout; paths are relative to its root.
 * @returns Both fail with {@link ForgeFailure} if git does not know the base, for example in a shallow
 *   checkout; `textBefore` also if there was no such file.
 */
export function changesSince(
  base: string,
  directory: string,
): Pick<Forge, "changedFiles" | "textBefore"> {
  let known: Promise<string> | undefined;
  const fork = () => (known ??= forkFrom(base, directory));
  return {
    changedFiles: async () => {
      const changes = await gitOutput(directory, base, [
        "diff",
        "--raw",
        "--no-abbrev",
        "--find-renames",
        "--no-ext-diff",
        // Otherwise a `.gitmodules` or the machine's settings hide that another commit of one is taken.
        "--ignore-submodules=none",
        "-z",
        await fork(),
        "HEAD",
      ]);
      return { files: changedFilesIn(changes), complete: true };
    },
    textBefore: async (path) =>
      gitOutput(directory, base, ["cat-file", "blob", `${await fork()}:${path}`]),
  };
}

/** The commit at which a checkout left another branch. */
async function forkFrom(base: string, directory: string): Promise<string> {
  const commit = await gitOutput(directory, base, [
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${base}^{commit}`,
  ]);
  return (await gitOutput(directory, base, ["merge-base", commit.trim(), "HEAD"])).trim();
}

/**
 * Folder of a checkout that `directory` is, relative to its root; nothing if it lies in none.
 *
 * @example folderInCheckout("/checkout/infra") // "infra"
 */
export function folderInCheckout(directory: string): string | undefined {
  const root = checkoutOf(directory);
  return root && relative(root, realpathSync(directory)).split(sep).join("/");
}

async function gitOutput(
  directory: string,
  base: string,
  args: readonly string[],
): Promise<string> {
  // From its root: a folder below may look like a repository of its own.
  const limits = { cwd: checkoutOf(directory) ?? directory, outputLimit: 256 * 1024 * 1024 };
  const { code, stdout, stderr, ended } = await runGit(args, limits);
  if (code !== 0) {
    const reason = ended === undefined ? stderr.trim().split("\n")[0] : `over the ${ended}`;
    throw new ForgeFailure(
      `git cannot compare with "${base}"${reason ? `: ${reason}` : ""}. Fetch it with its history, for example by "fetch-depth: 0" of the checkout.`,
    );
  }
  return stdout;
}

/**
 * Reads `git diff --raw -z`: modes, ids and status, then one path, or two for a rename or a copy.
 *
 * @see https://git-scm.com/docs/git-diff#_raw_output_format
 */
function changedFilesIn(text: string): ChangedFile[] {
  const fields = text.split("\0");
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < fields.length;) {
    const [, , , content = "", status = ""] = (fields[at] ?? "").split(" ");
    const path = fields[at + 1] ?? "";
    if (/^[RC]/.test(status)) {
      const target = fields[at + 2] ?? "";
      files.push(
        status.startsWith("R")
          ? { path: target, change: "renamed", previousPath: path, content }
          : { path: target, change: "added", content },
      );
      at += 3;
    } else {
      const change = status === "A" ? "added" : status === "D" ? "removed" : "modified";
      files.push({ path, change, ...(change === "removed" ? {} : { content }) });
      at += 2;
    }
  }
  return files;
}
