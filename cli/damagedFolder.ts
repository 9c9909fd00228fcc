import { copyFile, mkdir, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";

/** What of the embedded folder belongs together: one without the others is of no use. */
const together = ["tenant.json", "passphrase", "stacks", "backend"];

/**
 * Makes the embedded folder usable again where a file of it is missing, empty or cut short, as a
 * full disk or a kill leaves it. Nothing is deleted: what cannot be used is set aside.
 *
 * @returns What was done, in full sentences.
 */
export async function mendFolder(directory: string): Promise<string[]> {
  const notes: string[] = [];
  const stacks = join(directory, "backend", ".pulumi", "stacks");
  const files = await readdir(stacks, { recursive: true }).catch(() => []);
  const checkpoints = files.filter((one) => one.endsWith(".json")).map((one) => join(stacks, one));
  let isUsable = true;
  for (const file of checkpoints) {
    if (await isJson(file)) {
      continue;
    }
    if (await isJson(`${file}.bak`)) {
      await copyFile(`${file}.bak`, file);
      notes.push(`${file} was damaged: what Pulumi had kept of it before was put in its place.`);
    } else {
      isUsable = false;
    }
  }
  const tenant = await readIfPresent(join(directory, "tenant.json"));
  const passphrase = await readIfPresent(join(directory, "passphrase"));
  const isFresh = checkpoints.length === 0;
  if (tenant === undefined ? !isFresh : !(await isJson(join(directory, "tenant.json")))) {
    isUsable = false;
  }
  if (passphrase === undefined ? !isFresh : passphrase.trim() === "") {
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
