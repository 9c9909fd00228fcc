import type { Diagnosis } from "./documentShape";
import { type DiagnosisCode, errorTable } from "./errorTable";

/** Values for the places `{…}` of a row. */
export type Facts = Readonly<Record<string, string | number | undefined>>;

/**
 * Fills in a row of the error table.
 *
 * @example diagnose("throttled", { host: "outlook.office365.com" }).cause
 * // "outlook.office365.com is throttling requests."
 */
export function diagnose(
  code: DiagnosisCode,
  facts: Facts = {},
  retryAfterSeconds?: number,
): Diagnosis {
  const row = errorTable[code];
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => shortLine(String(facts[name] ?? "unknown")));
  return {
    code,
    cause: fill(row.cause),
    remedy: fill(row.remedy),
    propagating: row.propagating ?? false,
    source: row.source,
    retryAfterSeconds,
  };
}

/** Texts of services reach people: without control characters, on one line, of bounded length. */
function shortLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return line.length <= 300 ? line : `${line.slice(0, 299)}…`;
}

/** Whether the outcome of a check is a failure. */
export function isDiagnosis(outcome: unknown): outcome is Diagnosis {
  return typeof outcome === "object" && outcome !== null && "propagating" in outcome;
}
