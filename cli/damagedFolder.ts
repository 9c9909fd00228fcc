import { randomBytes } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../system/files";

/** What of the embedded folder belongs together: one without the others is of no use. */
const together = ["tenant.json", "passphrase", "stacks", "backend"];

/** A passphrase for the secrets of the embedded stacks. */
export function makePassphrase(): string {
  return randomBytes(32).toString("base64url");
}

/** One that is whole. */
const passphrasePattern = /^[\w-]{43}\s*$/;

/**
 * Makes the embedded folder usable again where a file of it is missing, empty or cut short, as a
 * full disk or a kill leaves it. Nothing is deleted: what cannot be used is set aside.
 *
 * @returns What was done, in full sentences.
 */
export async function mendFolder(directory: string): Promise<string[]> {
  const notes: string[] = [];
  const state = join(directory, "backend", ".pulumi");
  const files = (await readdir(state, { recursive: true }).catch(() => [])).map((one) =>
    join(state, one),
  );
  await mendStore(state, files, notes);
  const stacks = files
    .filter((one) => one.startsWith(join(state, "stacks")))
    .map((one) => one.replace(/\.bak$/, ""));
  const checkpoints = [...new Set(stacks.filter((one) => one.endsWith(".json")))];
  let isUsable = true;
  for (const file of checkpoints) {
    if (await isJson(file)) {
      continue;
    }
    if (await isJson(`${file}.bak`)) {
      await copyFile(`${file}.bak`, file);
      notes.push(`${file} was damaged: what Pulumi had kept of it before was put in its place.`);
    } else if (await isPresent(file)) {
      isUsable = false;
    }
  }
  const tenant = await readIfPresent(join(directory, "tenant.json"));
  const passphrase = await readIfPresent(join(directory, "passphrase"));
  const isFresh = checkpoints.length === 0;
  if (tenant === undefined ? !isFresh : !(await isJson(join(directory, "tenant.json")))) {
    isUsable = false;
  }
  if (passphrase === undefined ? !isFresh : !passphrasePattern.test(passphrase)) {
    isUsable = false;
  }
  if (!isUsable) {
    const aside = join(directory, `damaged-${new Date().toISOString().replace(/[:.]/g, "-")}`);
    await mkdir(aside, { mode: 0o700 });
    for (const name of together) {
      await rename(join(directory, name), join(aside, name)).catch(ignoreMissing);
    }
    notes.push(
      `The embedded tenant in ${directory} was damaged and starts afresh; what was there is in ${aside}.`,
    );
  }
  return notes;
}

/**
 * Puts in order what Pulumi keeps besides the stacks themselves. Without the version it would look for
 * them in another place, and attributes that cannot be read keep it from reading their file.
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
  const meta = join(state, "meta.yaml");
  if (files.length > 0 && !/^version: \d+\s*$/.test((await readIfPresent(meta)) ?? "")) {
    await writeWhole(meta, "version: 1\n");
    notes.push(`${meta} was damaged and was written anew.`);
  }
}

async function isPresent(file: string): Promise<boolean> {
  return (await readIfPresent(file)) !== undefined;
}

async function isJson(file: string): Promise<boolean> {
  try {
    const value: unknown = JSON.parse((await readIfPresent(file)) ?? "");
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

async function readIfPresent(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") {
    throw error;
  }
}
