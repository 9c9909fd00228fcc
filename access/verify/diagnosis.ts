import { type Workload, workloadTitles } from "../../components/catalog/workloads";

import { type DiagnosisCode, errorTable } from "./errorTable";

/** Why a link of the chain fails, and what to do. */
export interface Diagnosis {
  readonly code: DiagnosisCode;
  /** One line. */
  readonly cause: string;
  readonly remedy: string;
  /** Whether waiting may heal it: what was just granted needs minutes to reach every service. */
  readonly propagating: boolean;
  /** Page that says more. */
  readonly source: string;
  /** How long the service asks to wait. */
  readonly retryAfterSeconds?: number;
}

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
    text.replace(/\{(\w+)\}/g, (_, name: string) => oneLine(String(facts[name] ?? "unknown")));
  return {
    code,
    cause: fill(row.cause),
    remedy: fill(row.remedy),
    propagating: row.propagating ?? false,
    source: row.source,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/** Texts of services reach people: without control characters, on one line, of bounded length. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return line.length <= 300 ? line : `${line.slice(0, 299)}…`;
}

/** Whether the outcome of a check is a failure. */
export function isDiagnosis(outcome: unknown): outcome is Diagnosis {
  return typeof outcome === "object" && outcome !== null && "propagating" in outcome;
}

/** The workload's name, for the facts of a diagnosis. */
export function titleOf(workload: Workload): string {
  return workloadTitles[workload];
}
