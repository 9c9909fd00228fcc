import { readdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { holderIn, type LockHolder, holderState } from "../system/processLock";
import { backendOf, ownNameOf, type Project } from "./project";

/** How locks are judged. */
export interface LockRules {
  /** Whether processes of other machines use the state too: their locks are left. */
  readonly isShared: boolean;
  /** How long a process that runs is waited for, in milliseconds. */
  readonly waitMs: number;
}

/** What became of the locks of a folder. */
export interface EngineLocks {
  /** Processes whose lock was removed, because they are gone. */
  readonly removed: readonly LockHolder[];
  /** A process that has a lock still, if any. */
  readonly left?: LockHolder;
}

/**
 * Removes the locks that engines have left in a state that is kept in files, because they were killed.
 * One that runs is waited for: the engine of a command that was killed ends by itself.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/state-and-backends/#local-filesystem-backend
 */
export async function removeDeadLocks(
  folder: string,
  { isShared, waitMs }: LockRules,
): Promise<EngineLocks> {
  const removed: LockHolder[] = [];
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  for (const file of names.filter((one) => one.endsWith(".json")).map((one) => join(folder, one))) {
    const giveUp = Date.now() + waitMs;
    for (;;) {
      const text = await readFile(file, "utf8").catch(() => undefined);
      const holder = text === undefined ? undefined : holderIn(text);
      const state = holder === undefined ? "gone" : holderState(holder);
      if (text === undefined) {
        break;
      }
      if (state === "gone" || (state === "elsewhere" && !isShared)) {
        await rm(file, { force: true });
        // What the backend keeps beside each of its files.
        await rm(`${file}.attrs`, { force: true });
        removed.push(...(holder === undefined ? [] : [holder]));
        break;
      }
      if (state === "elsewhere" || Date.now() > giveUp) {
        return { removed, ...(holder === undefined ? {} : { left: holder }) };
      }
      await sleep(200);
    }
  }
  return { removed };
}

/**
 * Folder `.pulumi` of a state that is kept in files; nothing where it is kept otherwise.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/state-and-backends/#local-filesystem-backend
 */
export function stateFolderOf(
  project: Project,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const backend = backendOf(project, environment)?.split("?")[0] ?? "";
  if (!backend.startsWith("file://")) {
    return undefined;
  }
  const path = backend.slice("file://".length);
  const root = path.startsWith("~")
    ? join(homedir(), path.slice(1))
    : path.startsWith("/")
      ? fileURLToPath(backend)
      : resolve(dirname(project.file), path);
  return join(root, ".pulumi");
}

/** Folder of the locks of a stack below {@link stateFolderOf}. */
export function lockFolderOf(state: string, { name }: Project, stack: string): string {
  return join(state, "locks/organization", name, ownNameOf(stack));
}
