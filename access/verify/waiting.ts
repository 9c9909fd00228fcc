import { type Pause, pauseByClock } from "../../system/retry";

/** Time, which tests replace. */
export interface Time {
  readonly now?: () => Date;
  readonly sleep?: Pause;
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
): Promise<{ readonly result: T; readonly waitedMs: number }> {
  const { now = () => new Date(), sleep = pauseByClock } = options;
  const start = now().getTime();
  let pause = options.firstPauseMs;
  for (;;) {
    const result = await attempt();
    const asked = late(result);
    const wait = Math.max(pause, (asked?.retryAfterSeconds ?? 0) * 1000);
    if (asked === undefined || now().getTime() + wait > options.deadline) {
      return { result, waitedMs: now().getTime() - start };
    }
    options.onPause?.(result, wait);
    await sleep(wait);
    pause = Math.min(pause * 2, longestPause);
  }
}
