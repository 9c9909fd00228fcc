const minute = 60_000;
const hour = 60 * minute;

/** Milliseconds of a day. */
export const dayMs = 24 * hour;

const short = /^(\d{1,4})([ywdhms])$/;
const shortUnits: Readonly<Record<string, number>> = {
  y: 365 * dayMs,
  w: 7 * dayMs,
  d: dayMs,
  h: hour,
  m: minute,
  s: 1000,
};

const iso =
  /^P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/;

/**
 * Parses a length of time: short, as people write it, or in ISO 8601, as Microsoft Graph has it. A
 * year counts 365 days and a month 30, the least that they can be.
 *
 * @returns Milliseconds; `undefined` when the text is not a length of time.
 * @example parseDuration("14d"); parseDuration("36h"); parseDuration("30m"); parseDuration("P180D");
 * @see https://learn.microsoft.com/graph/api/resources/keycredentialconfiguration
 */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = short.exec(text) ?? [];
  if (count !== undefined) {
    return Number(count) * (shortUnits[unit ?? ""] ?? 0);
  }
  const parts = iso.exec(text)?.slice(1);
  const unitsMs = [365 * dayMs, 30 * dayMs, 7 * dayMs, dayMs, hour, minute, 1000];
  return parts?.reduce((sum, part, index) => sum + Number(part ?? 0) * (unitsMs[index] ?? 0), 0);
}

/** A duration for people: `0.4 s`, `12 s`, `3 min 20 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Whole days until an instant in ISO 8601; negative afterwards. */
export function daysUntil(instant: string, now: Date): number {
  return Math.floor((new Date(instant).getTime() - now.getTime()) / dayMs);
}
