import { type Facts, filledText } from "../../system/filledText";
import type { Diagnosis } from "./documentShape";
import { type DiagnosisCode, errorTable } from "./errorTable";

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
  return {
    code,
    cause: filledText(row.cause, facts),
    remedy: filledText(row.remedy, facts),
    propagating: row.propagating ?? false,
    source: row.source,
    retryAfterSeconds,
  };
}

/** Whether the outcome of a check is a failure. */
export function isDiagnosis(outcome: unknown): outcome is Diagnosis {
  return typeof outcome === "object" && outcome !== null && "propagating" in outcome;
}
