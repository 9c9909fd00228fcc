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

/**
 * Does a piece of work for each item, several at once, in order as far as that goes. The work does
 * not throw.
 *
 * @param lanes How many at once. Each lane has a number, from 0, and does one piece after the other.
 */
export async function runInLanes<T, R>(
  items: readonly T[],
  lanes: number,
  work: (item: T, lane: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (number: number) => {
    for (let at = next++; at < items.length; at = next++) {
      results[at] = await work(items[at] as T, number);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, (_, at) => lane(at)));
  return results;
}
