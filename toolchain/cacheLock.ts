import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Times of a lock, in milliseconds. */
export interface LockTimes {
  /** How often the holder says that it is alive. */
  readonly heartbeat: number;
  /** A lock whose holder has been silent for so long is taken over. */
  readonly stale: number;
  /** How often a waiting process looks. */
  readonly poll: number;
}

const usualTimes: LockTimes = { heartbeat: 2_000, stale: 30_000, poll: 500 };

/**
 * Does something while no other process does it. The lock is a folder, which every file system
 * makes at most once.
 *
 * Two processes that take over one dead lock in the same instant may both go on: what they make is
 * put in place by a rename, so that the second only repeats the work of the first.
 *
 * @param path The lock's folder; its parent exists.
 * @param waiting Called each time the lock is found taken.
 */
export async function withLock<T>(
  path: string,
  waiting: () => void,
  action: () => Promise<T>,
  times: LockTimes = usualTimes,
): Promise<T> {
  const owner = randomUUID();
  while (!(await take(path, owner))) {
    if ((await silence(path)) > times.stale) {
      await rm(path, { recursive: true, force: true });
    } else {
      waiting();
      await new Promise((resolve) => setTimeout(resolve, times.poll));
    }
  }
  const beating = setInterval(() => {
    const now = new Date();
    // A lock that is gone was taken over; its new holder has its own heartbeat.
    utimes(path, now, now).catch(() => undefined);
  }, times.heartbeat).unref();
  try {
    return await action();
  } finally {
    clearInterval(beating);
    if ((await ownerOf(path)) === owner) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

async function take(path: string, owner: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw error;
  }
  await writeFile(join(path, "owner"), owner);
  return true;
}

/** Milliseconds since the holder was last heard of; none where the lock has just been released. */
async function silence(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
}

function ownerOf(path: string): Promise<string | undefined> {
  return readFile(join(path, "owner"), "utf8").catch(() => undefined);
}
