import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findProject } from "../operations/project";
import { Failure } from "../system/failure";
import { writeWhole } from "../system/files";
import { holderIn, holderState, takeLock } from "../system/processLock";

/** The embedded tenant's folder where no other is named: in the person's project, ignored by git. */
export function embeddedFolder(named: string | undefined): string {
  return named ?? join(findProject().directory, ".apponly");
}

/** How long an engine that outlived its command is waited for, in milliseconds. */
const lockPatience = 30_000;

/**
 * Takes the folder of the embedded tenant for this process: two that write into it would lose each
 * other's changes. Locks that an engine has left there, because it was killed, are removed.
 *
 * @returns What gives the folder back.
 * @throws {Failure} If a process that runs has it.
 */
export async function takeFolder(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeWhole(join(directory, ".gitignore"), "*\n");
  const lock = await takeLock(join(directory, "lock"));
  if ("holder" in lock) {
    const { pid, host } = lock.holder;
    throw new Failure(
      `The folder ${directory} is in use by process ${pid} on ${host}: \`apponly start\` or \`apponly simulator\`. End that one first, or name another folder with --directory.`,
    );
  }
  try {
    await removeEngineLocks(join(directory, "backend", ".pulumi", "locks"));
  } catch (error) {
    await lock.release();
    throw error;
  }
  return lock.release;
}

/** @see https://www.pulumi.com/docs/iac/concepts/state-and-backends/#local-filesystem-backend */
async function removeEngineLocks(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  for (const file of names
    .filter((name) => name.endsWith(".json"))
    .map((one) => join(folder, one))) {
    const giveUp = Date.now() + lockPatience;
    for (;;) {
      const text = await readFile(file, "utf8").catch(() => "");
      const holder = holderIn(text);
      if (holder === undefined || holderState(holder) !== "running") {
        await rm(file, { force: true });
        break;
      }
      if (Date.now() > giveUp) {
        throw new Failure(
          `The embedded stack is locked by process ${holder.pid}, which is running. Wait until it has ended, and run the same command again.`,
        );
      }
      // The engine of a command that was killed ends by itself.
      await sleep(200);
    }
  }
}
