import { randomBytes } from "node:crypto";
import { lstat, mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { damagedName, mendState } from "../operations/damagedState";
import { isObject, propertiesOf } from "../policy/rules/values";
import { Failure } from "../system/failure";
import { ignoreMissing, readIfPresent } from "../system/files";

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
  const notes = await setAsideWrongKinds(directory);
  const { checkpoints, lost } = await mendState(join(directory, "backend", ".pulumi"), notes);
  let isUsable = lost.length === 0;
  const tenant = await readIfPresent(join(directory, "tenant.json"));
  const passphrase = await readIfPresent(join(directory, "passphrase"));
  const isFresh = checkpoints.length === 0;
  if (tenant === undefined ? !isFresh : !isTenantState(tenant, directory)) {
    isUsable = false;
  }
  if (passphrase === undefined ? !isFresh : !passphrasePattern.test(passphrase)) {
    isUsable = false;
  }
  if (!isUsable) {
    const aside = join(directory, damagedName());
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

/** What of the embedded folder is a folder; all else of it are files. */
const folders = ["stacks", "backend"];
const fileNames = [
  ".gitignore",
  "tenant.json",
  "tenant.tls.json",
  "simulator-ca.pem",
  "simulator-trust.pem",
  "simulator.json",
  "passphrase",
];

/**
 * Moves away what is a folder and should be a file, or the other way round: a container makes a folder
 * of a file that it was to mount and did not find.
 *
 * @returns What was done, in full sentences.
 */
export async function setAsideWrongKinds(directory: string): Promise<string[]> {
  const notes: string[] = [];
  for (const name of [...fileNames, ...folders]) {
    const path = join(directory, name);
    const there =
      (await stat(path).catch(ignoreMissing)) ?? (await lstat(path).catch(ignoreMissing));
    const wanted = folders.includes(name);
    if (there !== undefined && (wanted ? !there.isDirectory() : !there.isFile())) {
      const aside = `${path}.${damagedName()}`;
      await rename(path, aside);
      notes.push(`${path} was not a ${wanted ? "folder" : "file"}; what was there is in ${aside}.`);
    }
  }
  return notes;
}

/**
 * Whether a text is a tenant's state.
 *
 * @throws {Failure} If another version of this program has written it.
 */
function isTenantState(text: string, directory: string): boolean {
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    return false;
  }
  const { version, tenants } = propertiesOf(state);
  if (typeof version === "number" && version !== 1) {
    throw new Failure(
      `The embedded tenant in ${directory} is of version ${version}, which another apponly has written. Use that one, or name another folder with --directory.`,
    );
  }
  return version === 1 && Array.isArray(tenants) && tenants.every(isObject);
}
