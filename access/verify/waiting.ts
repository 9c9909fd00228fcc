/** Time, which tests replace. */
export interface Time {
  readonly now?: () => Date;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** What became of waiting. */
export interface Waited<T> {
  readonly result: T;
  /** How often it was tried, at least once. */
  readonly attempts: number;
  readonly waitedMs: number;
}

const longestPause = 30_000;

/**
 * Tries until the result no longer is late or the time is up. Pauses double up to 30 seconds; a
 * service that asks for a longer pause gets it.
 *
 * @param late Tells whether a result is late, and how many seconds its service asks to wait.
 */
export async function tryWhilePropagating<T>(
  attempt: () => Promise<T>,
  late: (result: T) => { readonly retryAfterSeconds?: number } | undefined,
  options: Time & {
    /** Instant after which nothing is tried again, in milliseconds since the epoch. */
    readonly deadline: number;
    readonly firstPauseMs: number;
    /** Told before each pause. */
    readonly onPause?: (result: T, milliseconds: number) => void;
  },
): Promise<Waited<T>> {
  const now = options.now ?? (() => new Date());
  const sleep = options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  const start = now().getTime();
  let pause = options.firstPauseMs;
  for (let attempts = 1; ; attempts += 1) {
    const result = await attempt();
    const asked = late(result);
    const wait = Math.max(pause, (asked?.retryAfterSeconds ?? 0) * 1000);
    if (asked === undefined || now().getTime() + wait > options.deadline) {
      return { result, attempts, waitedMs: now().getTime() - start };
    }
    options.onPause?.(result, wait);
    await sleep(wait);
    pause = Math.min(pause * 2, longestPause);
  }
}
