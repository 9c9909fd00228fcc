import type { Stats } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Failure, UsageFailure } from "../../../system/failure";
import { writeWhole } from "../../../system/files";
import { systemReason } from "../../../system/systemErrors";

/**
 * Finds where a file is to be written, and that it may be.
 *
 * @param force Whether a file that is there may be replaced.
 * @param option The option that names the path, for messages.
 * @returns The path with every symbolic link among its folders resolved.
 * @throws {Failure} If the folder is missing, or something that must not be replaced is there.
 */
export async function resolveTarget(
  path: string,
  force: boolean,
  option = "--out",
): Promise<string> {
  const wanted = resolve(path);
  const name = basename(wanted);
  if (name === "" || /[/\\]$/.test(path)) {
    throw new UsageFailure(`${option} "${path}" names a folder. Name a file in it.`);
  }
  const target = join(await folderOf(wanted, path, option), name);
  const found = await lstat(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") {
      throw new UsageFailure(
        `${option} "${path}" cannot be written: it ${systemReason(error, "written")}.`,
      );
    }
  });
  if (found !== undefined) {
    checkReplaceable(found, path, force, option);
  }
  return target;
}

async function folderOf(wanted: string, path: string, option: string): Promise<string> {
  const folder = dirname(wanted);
  const real = await realpath(folder).catch((error: unknown) => {
    throw new UsageFailure(
      `${option} "${path}" cannot be written: the folder ${folder} ${systemReason(error, "written")}. Create it first.`,
    );
  });
  if (!(await lstat(real)).isDirectory()) {
    throw new UsageFailure(`${option} "${path}" cannot be written: ${folder} is not a folder.`);
  }
  return real;
}

function checkReplaceable(found: Stats, path: string, force: boolean, option: string): void {
  if (found.isSymbolicLink()) {
    throw new UsageFailure(
      `${option} "${path}" is a symbolic link, which is not followed. Name the file itself, or remove the link.`,
    );
  }
  if (!found.isFile()) {
    throw new UsageFailure(`${option} "${path}" is there and is not a file. Name a file.`);
  }
  if (!force) {
    throw new UsageFailure(alreadyThere(path));
  }
}

/**
 * Writes a file that only its owner can read (mode 0600; on Windows the folder decides). Whoever
 * looks sees no file, the old one or the whole new one. Without `force` a file that has appeared
 * meanwhile stays as it is.
 *
 * @param target As {@link resolveTarget} returned it.
 */
export async function writeSecretFile(
  target: string,
  content: string | Uint8Array,
  force: boolean,
): Promise<void> {
  try {
    await writeWhole(target, content, { mode: 0o600, replace: force, exactFolder: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      throw new UsageFailure(alreadyThere(target));
    }
    throw new Failure(`${target} could not be written: it ${systemReason(error, "written")}.`);
  }
}

function alreadyThere(path: string): string {
  return `${path} is there already and was left as it is. Use --force to replace it.`;
}
