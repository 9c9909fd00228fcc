/** How lengths of time are read and told. */
import { dayMs, daysUntil, formatDuration, parseDuration } from "../../../system/durations";

test.each([
  ["P180D", 180 * dayMs],
  ["P1Y", 365 * dayMs],
  ["P6M", 180 * dayMs],
  ["P2W", 14 * dayMs],
  ["P4DT12H30M5S", 4 * dayMs + ((12 * 60 + 30) * 60 + 5) * 1000],
  ["PT36H", 1.5 * dayMs],
  ["P", undefined],
  ["PT", undefined],
  ["180", undefined],
  ["-P1D", undefined],
  ["14d", 14 * dayMs],
  ["36h", 1.5 * dayMs],
  ["30m", 30 * 60_000],
  ["20s", 20_000],
  ["2w", 14 * dayMs],
  ["1y", 365 * dayMs],
  ["1M", undefined],
  ["0d", 0],
  ["14", undefined],
  ["-1d", undefined],
  ["two weeks", undefined],
])("the length of time %s is read as %s ms", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each([
  [0, "0.0 s"],
  [9_900, "9.9 s"],
  [12_300, "12 s"],
  [200_000, "3 min 20 s"],
])("%d ms are shown as %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test.each([
  ["2026-11-25T12:00:00Z", 0],
  ["2026-11-26T11:59:59Z", 0],
  ["2026-11-27T12:00:00Z", 2],
  ["2026-11-25T11:59:59Z", -1],
])("until %s there are %d whole days", (instant, days) => {
  expect(daysUntil(instant, new Date("2026-11-25T12:00:00Z"))).toBe(days);
});
