import { setTimeout as pause } from "node:timers/promises";

/** How many pieces of work run at once, and what of the machine bounds them. */
export interface MachineSize {
  readonly cores: number;
  /** Bytes that are free. */
  readonly freeMemory: number;
}

/** What one stack's operation takes: the CLI, its plugins and its part of this process, in bytes. */
const memoryOfOne = 250 * 1024 ** 2;

/** How many stacks run side by side: two for each core, as far as the memory goes, at least one. */
export function sideBySide({ cores, freeMemory }: MachineSize): number {
  return Math.max(1, Math.min(2 * cores, Math.floor(freeMemory / memoryOfOne)));
}

/** What an item's work answers where it is to be done once more, and how long that has to wait, milliseconds. */
export class DoneLater {
  constructor(readonly after: number) {}
}

/**
 * Does a piece of work for each item, several at once, in order as far as that goes. The work does
 * not throw. What has to wait keeps no lane: the others are done meanwhile, and it comes after them.
 *
 * @param lanes How many at once. Each lane has a number, from 0, and does one piece after the other.
 */
export async function runInLanes<T, R>(
  items: readonly T[],
  lanes: number,
  work: (item: T, lane: number) => Promise<R | DoneLater>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting: { readonly at: number; readonly due: number }[] = [];
  let next = 0;
  /** What is due already goes before what nobody has begun yet. */
  const take = () => {
    const [first] = waiting;
    return next < items.length && (first === undefined || first.due > performance.now())
      ? { at: next++, due: 0 }
      : waiting.shift();
  };
  const lane = async (number: number) => {
    for (let one = take(); one !== undefined; one = take()) {
      await pause(Math.max(0, one.due - performance.now()));
      const result = await work(items[one.at] as T, number);
      if (result instanceof DoneLater) {
        waiting.push({ at: one.at, due: performance.now() + result.after });
        waiting.sort((a, b) => a.due - b.due);
      } else {
        results[one.at] = result;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, (_, at) => lane(at)));
  return results;
}
