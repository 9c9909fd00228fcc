import { createHash, randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { lstat, readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "./failure";
import { ignoreMissing, namedAfter, readIfPresent, writeWhole } from "./files";

/** The process that holds a lock, as the lock's file names it. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** Tells the process from a later one with the same id; absent where the system has nothing. */
  readonly started?: string;
  /** Where the process has its id: each container may have ids of its own. */
  readonly namespace?: string;
  /** When the lock was taken, ISO 8601: a process that was started later has not taken it. */
  readonly taken?: string;
}

/** Whether the process that holds a lock runs; on another machine, or in another container, that cannot be seen. */
export type HolderState = "running" | "gone" | "elsewhere";

/** How often a lock is renewed that is held, in milliseconds. */
const renewal = 30_000;

/** After this time without a renewal a process on another machine is taken to be gone. */
const silence = 10 * renewal;

/**
 * Takes a lock unless a process that runs has it. One whose process is gone is taken over at once.
 *
 * @param path The lock's file, which names this process as long as it is held.
 * @returns What releases it, or who holds it.
 * @throws {Failure} If something lies there other than a lock.
 * @example
 * const lock = await takeLock("folder/lock");
 * if ("holder" in lock) throw new Failure(`Process ${lock.holder.pid} on ${lock.holder.host} runs.`);
 */
export async function takeLock(
  path: string,
): Promise<{ readonly release: () => Promise<void> } | { readonly holder: LockHolder }> {
  // No two locks have one text: what was judged of one says nothing of the next.
  const own = JSON.stringify({ ...ownProcess(), id: randomUUID() });
  for (;;) {
    try {
      await writeWhole(path, own, { replace: false });
      await removeTurns(path).catch(() => undefined);
      const timer = setInterval(() => {
        const now = new Date();
        void utimes(path, now, now).catch(() => undefined);
      }, renewal).unref();
      return {
        release: async () => {
          clearInterval(timer);
          // Another machine's that took this one for gone has it by now.
          await removeIfStill(path, own);
        },
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
        throw error;
      }
    }
    const text = await readLock(path);
    if (text !== undefined) {
      const holder = holderIn(text);
      if (holder !== undefined && !(await isOver(holder, path))) {
        return { holder };
      }
      await discard(path, text);
    }
  }
}

/** The text of a lock; nothing where it has just been released. */
async function readLock(path: string): Promise<string | undefined> {
  const isFile = await lstat(path).then((found) => found.isFile(), ignoreMissing);
  if (isFile === false) {
    throw new Failure(
      `${path} is a folder or a link, where a lock is kept. Remove it, and run the same command again.`,
    );
  }
  return readIfPresent(path);
}

/** The process that a text names, of this program's locks or of Pulumi's. */
export function holderIn(text: string): LockHolder | undefined {
  try {
    const {
      pid,
      host,
      hostname: name,
      started,
      namespace,
      timestamp,
    } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const where = host ?? name;
    return Number.isSafeInteger(pid) && Number(pid) > 0 && typeof where === "string"
      ? {
          pid: Number(pid),
          host: where,
          ...(typeof started === "string" ? { started } : {}),
          ...(typeof namespace === "string" ? { namespace } : {}),
          ...(typeof timestamp === "string" ? { taken: timestamp } : {}),
        }
      : undefined;
  } catch {
    // Cut short, or empty: nobody that runs has written it, because locks are written whole.
    return undefined;
  }
}

/** Whether the process runs that a lock names. */
export function holderState(holder: LockHolder): HolderState {
  const { pid, host, started, namespace, taken } = holder;
  // Containers may share a folder, and the name of the machine, with others and with the machine.
  if (host !== hostname() || (namespace ?? processNamespace()) !== processNamespace()) {
    return "elsewhere";
  }
  if (!isThere(pid)) {
    return "gone";
  }
  const isSame =
    (started === undefined || started === markOf(pid)) &&
    (taken === undefined || !(startOf(pid) > Date.parse(taken) + clockSlack));
  return isSame ? "running" : "gone";
}

/** Starts of processes are known to this many milliseconds. */
const clockSlack = 2_000;

/** When a process was started, in milliseconds since 1970; not a number where that is not known. */
function startOf(pid: number): number {
  const ticks = Number(
    statOf(pid)
      ?.replace(/^.*\) /s, "")
      .split(" ")[19] ?? NaN,
  );
  try {
    const boot = /^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1];
    // Linux tells the hundredths of a second since the start of the machine.
    return Number(boot) * 1_000 + ticks * 10;
  } catch {
    return NaN;
  }
}

async function isOver(holder: LockHolder, path: string): Promise<boolean> {
  const state = holderState(holder);
  if (state !== "elsewhere") {
    return state === "gone";
  }
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > silence;
}

/**
 * Removes a lock whose process is gone. Of those who judged it so, one at a time looks at it again and
 * removes it: who moved it aside first and looked then would take away, for a moment, the lock of one
 * that was faster.
 */
async function discard(path: string, judged: string): Promise<void> {
  const turn = await takeLock(`${path}.${createHash("sha256").update(judged).digest("hex")}`);
  if ("holder" in turn) {
    await sleep(10);
    return;
  }
  await removeIfStill(path, judged);
  await turn.release();
}

/**
 * Removes what processes that were killed in their turn have left. What they were about to remove is
 * gone where the lock could be taken.
 */
async function removeTurns(path: string): Promise<void> {
  for (const turn of await namedAfter(path, /^[0-9a-f]{64}(\.[0-9a-f]{64})*$/)) {
    const text = await readFile(turn, "utf8");
    const holder = holderIn(text);
    if (holder === undefined || (await isOver(holder, turn))) {
      await removeIfStill(turn, text);
    }
  }
}

/** Removes a file unless it has another text by now. */
async function removeIfStill(path: string, text: string): Promise<void> {
  if ((await readFile(path, "utf8").catch(() => undefined)) === text) {
    await rm(path, { force: true });
  }
}

function ownProcess(): LockHolder {
  const [started, namespace] = [markOf(process.pid), processNamespace()];
  return {
    pid: process.pid,
    host: hostname(),
    ...(started === undefined ? {} : { started }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

/**
 * What ids of processes are counted in; nothing where the system has only one count.
 *
 * @see https://man7.org/linux/man-pages/man7/pid_namespaces.7.html
 */
function processNamespace(): string | undefined {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // One of another person is there as well.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !/^\S+ \(.*\) [ZX] /s.test(statOf(pid) ?? "");
}

/** When a process was started, of which start of the machine: ids of processes come again. */
function markOf(pid: number): string | undefined {
  const fields = statOf(pid)
    ?.replace(/^.*\) /s, "")
    .split(" ");
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return fields?.[19] === undefined ? undefined : `${boot} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function statOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    // Not Linux, or just ended.
    return undefined;
  }
}
