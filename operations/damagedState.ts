import type { Dirent } from "node:fs";
import { copyFile, lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { ignoreMissing, isJson, readIfPresent, writeWhole } from "../system/files";

/** The name under which something damaged is kept from now on. */
export function damagedName(): string {
  return `damaged-${new Date().toISOString().replace(/[:.]/g, "-")}`;
}

/** What became of the stacks of a state that is kept in files. */
export interface MendedState {
  /** Files of stacks. */
  readonly checkpoints: readonly string[];
  /** Those that are damaged, of which nothing is left. */
  readonly lost: readonly string[];
}

/**
 * Puts a state that Pulumi keeps in files in order, where a kill or a full disk has left files that are
 * empty or cut: Pulumi cannot read them, and does not look at what it has kept beside them.
 *
 * @param state The folder `.pulumi`.
 * @param notes Gets what was done, in full sentences.
 * @param own The files and folders that are looked at: what others have is not even listed. A file that is
 *   missing is put back only where its backup is among them. @default all
 */
export async function mendState(
  state: string,
  notes: string[],
  own: readonly string[] = [state],
): Promise<MendedState> {
  const there = await entriesInState(state, own);
  const aside = await setAsideInState(state, there, notes);
  const files = there
    .map(({ path }) => path)
    .filter((path) => path !== state && !isBelow(path, aside));
  await mendStore(state, files, notes);
  const stacks = [...files, ...aside]
    .filter((one) => one.startsWith(join(state, "stacks")))
    .map((one) => one.replace(/\.bak$/, ""))
    .filter((one) => one.endsWith(".json"));
  const checkpoints = [...new Set(stacks)];
  const lost: string[] = [];
  for (const file of checkpoints) {
    if (await isJson(file)) {
      continue;
    }
    const kept = await newestWhole(state, file);
    if (kept !== undefined) {
      await copyFile(kept, file);
      notes.push(`${file} was damaged: what Pulumi had kept of it before was put in its place.`);
    } else if (aside.includes(file) || (await readIfPresent(file)) !== undefined) {
      lost.push(file);
    }
  }
  const stacksFolder = join(state, "stacks");
  lost.push(
    ...aside.filter(
      (path) => [state, stacksFolder].includes(path) || dirname(path) === stacksFolder,
    ),
  );
  return { checkpoints, lost };
}

/** What is at a path. */
interface StateEntry {
  readonly path: string;
  readonly kind: "file" | "folder" | undefined;
}

/** The folder of a state, and what is looked at, with all that is in it. */
async function entriesInState(state: string, own: readonly string[]): Promise<StateEntry[]> {
  const kindOfEntry = (one: Pick<Dirent, "isFile" | "isDirectory">): StateEntry["kind"] =>
    one.isFile() ? "file" : one.isDirectory() ? "folder" : undefined;
  const entries: StateEntry[] = [];
  for (const path of new Set([state, ...own])) {
    const itself = await lstat(path).catch(ignoreMissing);
    const inside =
      itself?.isDirectory() === true && own.includes(path)
        ? await readdir(path, { recursive: true, withFileTypes: true }).catch(() => [])
        : [];
    entries.push(
      ...(itself === undefined ? [] : [{ path, kind: kindOfEntry(itself) }]),
      ...inside.map((one) => ({ path: join(one.parentPath, one.name), kind: kindOfEntry(one) })),
    );
  }
  return entries;
}

/** Whether it is one of these, or in one of them. */
function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((one) => path === one || path.startsWith(one + sep));
}

/** How many names deep the files lie in each folder of a state, its own name among them. */
const depths: Readonly<Record<string, number>> = { stacks: 3, history: 4, backups: 4, locks: 5 };

/**
 * Moves away what is a folder and should be a file, or the other way round, as a restored backup or a
 * container that mounts a single file leaves it.
 *
 * @returns Where it was.
 */
async function setAsideInState(
  state: string,
  entries: readonly StateEntry[],
  notes: string[],
): Promise<string[]> {
  const place = `${state}.${damagedName()}`;
  const wrong: string[] = [];
  for (const { path, kind: found } of entries) {
    const kind = path === state ? "folder" : expectedKind(relative(state, path).split(sep));
    const isWrong = kind !== undefined && found !== undefined && found !== kind;
    if (!isWrong || isBelow(path, wrong)) {
      continue;
    }
    const aside = join(place, relative(state, path));
    await mkdir(dirname(aside), { recursive: true, mode: 0o700 });
    await rename(path, aside);
    wrong.push(path);
    notes.push(`${path} was not a ${kind}; what was there is in ${aside}.`);
  }
  return wrong;
}

/** What lies at a place of a state; nothing where Pulumi may keep either. */
function expectedKind([area = "", ...names]: readonly string[]): "file" | "folder" | undefined {
  if (/^meta\.yaml(\.attrs)?$/.test(area)) {
    return "file";
  }
  const below = (depths[area] ?? 0) - names.length - 1;
  // Earlier versions had no folder for the project.
  const isFileName = /\.(json|bak|gz|attrs)$/.test(names.at(-1) ?? "");
  return below === 0 ? "file" : below > 0 && !isFileName ? "folder" : undefined;
}

/** The newest that is whole of what Pulumi keeps of a stack's file: beside it, as backups, in its history. */
async function newestWhole(state: string, file: string): Promise<string | undefined> {
  const stack = relative(join(state, "stacks"), file).replace(/\.json$/, "");
  const folders = ["backups", "history"].map((name) => join(state, name, stack));
  const earlier: string[] = [];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    earlier.push(
      ...names
        .filter((name) => name.endsWith(".json") && !name.endsWith(".history.json"))
        .map((name) => join(folder, name)),
    );
  }
  // Their names end with the time.
  const time = (name: string) => /[.-](\d+)(\.checkpoint)?\.json$/.exec(name)?.[1] ?? "";
  earlier.sort((a, b) => time(b).localeCompare(time(a)));
  for (const one of [`${file}.bak`, ...earlier]) {
    if (await isJson(one)) {
      return one;
    }
  }
  return undefined;
}

/**
 * Puts in order what Pulumi keeps besides the stacks themselves. Without the version it would look for
 * them in another place, and attributes that cannot be read keep it from reading their file, as one
 * update that cannot be read keeps it from telling the others.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/pkg/backend/diy/meta.go
 * @see https://pkg.go.dev/gocloud.dev/blob/fileblob
 */
async function mendStore(state: string, files: readonly string[], notes: string[]): Promise<void> {
  for (const file of files.filter((one) => one.endsWith(".attrs"))) {
    if (!(await isJson(file))) {
      await rm(file);
      notes.push(`${file} was damaged and was removed; Pulumi does not need it.`);
    }
  }
  for (const file of files.filter((one) => one.endsWith(".history.json"))) {
    if (!(await isJson(file))) {
      await rename(file, `${file}.damaged`);
      notes.push(`${file} was damaged and was set aside; the history lacks that one update.`);
    }
  }
  const meta = join(state, "meta.yaml");
  if (files.length > 0 && !/^version: \d+\s*$/.test((await readIfPresent(meta)) ?? "")) {
    await writeWhole(meta, "version: 1\n");
    notes.push(`${meta} was damaged and was written anew.`);
  }
}
