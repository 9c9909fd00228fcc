import type { Clock } from "../../simulator/clock";

/**
 * A clock that tests move.
 *
 * It runs with the machine's clock, shifted; frozen, it stands still until it is moved.
 *
 * @example
 * const clock = new AdjustableClock();
 * const simulator = await startSimulator({ clock });
 * clock.advance(366 * 86_400_000); // every certificate of a year is expired now
 */
export class AdjustableClock implements Clock {
  private shift: number;
  private frozenAt: number | undefined;

  /**
   * @param start Instant to start from. Default: now.
   * @param options `frozen`: the clock stands still. Default: it runs.
   */
  constructor(start: Date = new Date(), options: { frozen?: boolean } = {}) {
    this.shift = start.getTime() - Date.now();
    this.frozenAt = options.frozen === true ? start.getTime() : undefined;
  }

  now(): Date {
    return new Date(this.frozenAt ?? Date.now() + this.shift);
  }

  /** Moves the clock by milliseconds; a negative number moves it back. */
  advance(milliseconds: number): void {
    this.set(new Date(this.now().getTime() + milliseconds));
  }

  /** Sets the clock to an instant. */
  set(instant: Date): void {
    this.shift = instant.getTime() - Date.now();
    if (this.frozenAt !== undefined) {
      this.frozenAt = instant.getTime();
    }
  }
}
