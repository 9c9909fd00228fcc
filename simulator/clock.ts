/** Where the simulator reads the time: tokens, certificates, credentials and dates of objects follow it. */
export interface Clock {
  /** The current instant. */
  now(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** Renders an instant as Graph does: UTC, whole seconds, `Z`, for example `2026-11-24T10:00:00Z`. */
export function graphDate(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}
