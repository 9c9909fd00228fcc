import { randomUUID } from "node:crypto";
import { link, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** How a file is written. */
export interface WriteOptions {
  /** Permissions whatever the umask says, for example `0o600`. @default what the umask leaves */
  readonly mode?: number;
  /** Whether a file of that name may be replaced. @default true */
  readonly replace?: boolean;
}

/**
 * Writes a file whole or not at all: whoever looks sees no file, the old one or the whole new one.
 * Links are not followed: one of that name is replaced, not the file it names.
 *
 * @throws {NodeJS.ErrnoException} If it cannot be written; `EEXIST` if it may not be replaced.
 * @example await writeWhole("Pulumi.contoso.yaml", text);
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  { mode, replace = true }: WriteOptions = {},
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, "wx", mode ?? 0o666);
    try {
      if (mode !== undefined) {
        // The mode above is subject to the umask, which may take away even the owner's rights.
        await file.chmod(mode);
      }
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await (replace ? rename(temporary, path) : placeNew(temporary, path, mode));
    await syncFolder(dirname(path));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Gives the file its name unless that is taken: a rename would replace what is there. */
async function placeNew(temporary: string, path: string, mode: number | undefined): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      throw error;
    }
    // Some file systems have no hard links: the name is taken first, then filled.
    await (await open(path, "wx", mode)).close();
    try {
      await rename(temporary, path);
    } catch (problem) {
      await rm(path, { force: true });
      throw problem;
    }
  }
}

/** Makes the name as durable as the content; Windows has no such call for folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") {
    return;
  }
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems refuse it; the file itself is on disk.
    if (!["EINVAL", "ENOTSUP", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) {
      throw error;
    }
  } finally {
    await handle.close();
  }
}
