import { randomBytes } from "node:crypto";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { mendState } from "../operations/damagedState";
import { ignoreMissing, isJson, readIfPresent } from "../system/files";

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
  const { checkpoints, lost } = await mendState(join(directory, "backend", ".pulumi"), notes);
  let isUsable = lost.length === 0;
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
