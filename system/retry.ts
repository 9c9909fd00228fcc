/** Waits for a number of milliseconds; tests replace it. */
export type Pause = (milliseconds: number) => Promise<unknown>;

/** Waits by the clock. */
export const pauseByClock: Pause = (milliseconds) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** When something is tried again. */
export interface RetryOptions {
  /** Tries in all, at least 1. */
  readonly attempts: number;
  /**
   * Seconds until the next try, or `undefined` where another one would end alike.
   *
   * @param attempt How often it has been tried, from 1 on.
   */
  readonly waitAfter: (error: unknown, attempt: number) => number | undefined;
  /** @default {@link pauseByClock} */
  readonly pause?: Pause | undefined;
}

/**
 * Runs something again as long as its errors may pass, and throws the last one otherwise.
 *
 * @example
 * await retry(() => graph.read(path), { attempts: 4, waitAfter: (_, attempt) => 2 ** attempt });
 */
export async function retry<T>(
  run: () => Promise<T>,
  { attempts, waitAfter, pause = pauseByClock }: RetryOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      const seconds = attempt < attempts ? waitAfter(error, attempt) : undefined;
      if (seconds === undefined) {
        throw error;
      }
      await pause(seconds * 1_000);
    }
  }
}

/**
 * Seconds that the header `Retry-After` asks to wait, which gives a number or a date.
 *
 * @returns `undefined` where it is missing or says nothing.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function parseRetryAfter(
  header: string | null | undefined,
  now = new Date(),
): number | undefined {
  const value = header?.trim() ?? "";
  if (/^\d+$/.test(value)) {
    return Number(value);
  }
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now.getTime()) / 1000));
}
