import type { ChildProcess } from "node:child_process";
import { type EventEmitter, once } from "node:events";

/**
 * What the next event brings that a process is waited for.
 *
 * @throws {Error} If the process ends before.
 */
export async function nextOf<T>(
  child: ChildProcess,
  source: EventEmitter,
  event: string,
): Promise<T> {
  const done = new AbortController();
  const { signal } = done;
  const [value] = (await Promise.race([
    once(source, event, { signal }),
    once(child, "exit", { signal }).then(([code]) => {
      throw new Error(`${child.spawnargs.join(" ")} ended with ${String(code)}.`);
    }),
  ]).finally(() => done.abort())) as [T];
  return value;
}
