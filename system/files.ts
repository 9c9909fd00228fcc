import { randomBytes } from "node:crypto";
import { constants, readlinkSync } from "node:fs";
import { type FileHandle, link, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";

/** How a file is written. */
export interface WriteOptions {
  /** Permissions whatever the umask says, for example `0o600`. @default what the umask leaves */
  readonly mode?: number;
  /** Whether a file of that name may be replaced. @default true */
  readonly replace?: boolean;
  /**
   * Whether the folder is the real path of one, and the file goes there and nowhere else, also where
   * somebody puts a link in its place meanwhile. Kept on Linux; elsewhere the path is trusted.
   *
   * @default false
   */
  readonly exactFolder?: boolean;
}

/**
 * Writes a file whole or not at all: whoever looks sees no file, the old one or the whole new one.
 * Links are not followed: one of that name is replaced, not the file it names. What a write that was
 * killed has left behind for the same file is removed.
 *
 * @throws {NodeJS.ErrnoException} If it cannot be written; `EEXIST` if it may not be replaced;
 *   `ELOOP` if the folder is not the exact one.
 * @example await writeWhole("Pulumi.contoso.yaml", text);
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  { mode, replace = true, exactFolder = false }: WriteOptions = {},
): Promise<void> {
  const held = exactFolder ? await holdFolder(dirname(path)) : undefined;
  try {
    const folder = held?.path ?? dirname(path);
    await removeLeftovers(folder, basename(path));
    await writeIn(folder, basename(path), content, mode, replace);
  } catch (error) {
    throw namingFile(error as NodeJS.ErrnoException, path);
  } finally {
    await held?.handle.close();
  }
}

/** What the system says of a write names no file: which disk is full could not be told. */
function namingFile(error: NodeJS.ErrnoException, path: string): NodeJS.ErrnoException {
  if (error.code !== undefined && error.path === undefined) {
    error.path = path;
    error.message = `${error.message} '${path}'`;
  }
  return error;
}

async function writeIn(
  folder: string,
  name: string,
  content: string | Uint8Array,
  mode: number | undefined,
  replace: boolean,
): Promise<void> {
  const [path, temporary] = [join(folder, name), join(folder, temporaryName(name))];
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
    await syncFolder(folder);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Opens a folder, so that what is done in it by the handle's path is done there wherever its name
 * leads by then.
 */
async function holdFolder(
  folder: string,
): Promise<{ handle: FileHandle; path: string } | undefined> {
  if (process.platform !== "linux") {
    return undefined;
  }
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  const handle = await open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  const path = `/proc/self/fd/${handle.fd}`;
  let real: string | undefined;
  try {
    real = readlinkSync(path);
  } catch {
    // Without /proc the path is trusted.
  }
  if (real === folder) {
    return { handle, path };
  }
  await handle.close();
  if (real !== undefined) {
    throw Object.assign(new Error(`${folder} is not where it was`), { code: "ELOOP" });
  }
  return undefined;
}

const thisHost = hostname().replace(/[^\w]/g, "").slice(0, 16) || "host";

/** Ends as the file does, so that what ignores the file, `*.pfx` for example, ignores it too. */
function temporaryName(name: string): string {
  const unique = `${thisHost}-${process.pid}-${randomBytes(8).toString("hex")}`;
  return `.apponly-${unique}-${endOfName(name)}`;
}

/** Names have a limit, mostly of 255 bytes. */
function endOfName(name: string): string {
  let end = name;
  while (Buffer.byteLength(end) > 180) {
    end = end.slice(1);
  }
  return end;
}

/** Milliseconds after which a temporary file is left over, whoever has made it. */
const longestWrite = 60 * 60_000;

/** Removes what writes of the same file have left behind, whose process is gone. */
async function removeLeftovers(folder: string, name: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const one of names) {
    const [, host, pid, of] = /^\.apponly-(\w+)-(\d+)-[0-9a-f]{16}-(.+)$/.exec(one) ?? [];
    if (of === endOfName(name)) {
      const path = join(folder, one);
      const dead = host === thisHost && !isAlive(Number(pid));
      const age = await stat(path).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (dead || age > longestWrite) {
        await rm(path, { force: true });
      }
    }
  }
}

/**
 * The files of a folder that are named after one of its files: its name, a dot, and more.
 *
 * @param rest What comes after the dot, as a whole.
 * @example await namedAfter("folder/lock", /^[0-9a-f]{64}$/)
 */
export async function namedAfter(path: string, rest: RegExp): Promise<string[]> {
  const start = `${basename(path)}.`;
  const names = await readdir(dirname(path));
  return names
    .filter((name) => name.startsWith(start) && rest.test(name.slice(start.length)))
    .map((name) => join(dirname(path), name));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else may not be asked, and lives.
    return (error as NodeJS.ErrnoException).code === "EPERM";
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

/** Whether a file holds JSON that is whole. */
export async function isJson(file: string): Promise<boolean> {
  try {
    const value: unknown = JSON.parse((await readIfPresent(file)) ?? "");
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

/** The text of a file; nothing where there is none. */
export async function readIfPresent(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(ignoreMissing);
}

/** Nothing, where an error says that a file is not there. */
export function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") {
    throw error;
  }
}
