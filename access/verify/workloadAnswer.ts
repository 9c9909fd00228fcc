import { roleNamesFor, type Workload } from "../../components/catalog";
import { type HttpAnswer, retryAfterSeconds } from "../http";
import { type Diagnosis, diagnose, type Facts, titleOf } from "./diagnosis";
import type { Target } from "./target";

/**
 * Why a workload refused a token that has the permission and a role. Its answers are not documented; the texts are those of public issues.
 *
 * @param asked The cmdlet or file that was asked for.
 * @see https://github.com/MicrosoftDocs/office-docs-powershell/issues/11332
 * @see https://github.com/MicrosoftDocs/office-docs-powershell/issues/7970
 */
export function diagnoseAnswer(
  answer: HttpAnswer,
  target: Target,
  workload: Workload,
  base: string,
  asked: string,
): Diagnosis {
  const { status } = answer;
  const text = messageOf(answer.body);
  const reason = /reason="([^"]*)"/.exec(answer.headers["x-ms-diagnostics"] ?? "")?.[1];
  const facts = {
    workload: titleOf(workload),
    roles: roleNamesFor(workload).join(", "),
    host: new URL(base).host,
    status,
    cmdlet: asked,
    organization: target.organization,
    tenantId: target.tenantId,
    error: text ?? reason ?? `HTTP ${status}`,
  };
  const seconds = retryAfterSeconds(answer);
  if (status === 429 || /maximum number of concurrent/i.test(text ?? "")) {
    return diagnose("throttled", facts, seconds);
  }
  if (status >= 500) {
    return diagnose("service-unavailable", facts, seconds);
  }
  const said = text ?? "";
  if (/isn't supported in this scenario|isn't assigned to any management roles/i.test(said)) {
    return diagnose("role-unsupported", facts);
  }
  if (/is not allowed to call|is not recognized as (the|a) name of a cmdlet/i.test(said)) {
    return diagnose("cmdlet-not-allowed", facts);
  }
  if (status === 404 && /tenant/i.test(said)) {
    return diagnose("workload-absent", facts);
  }
  if (status === 400 && /organization|anchor ?mailbox|tenant/i.test(said)) {
    return diagnose("wrong-organization", facts);
  }
  if (status === 401) {
    return unauthorized(reason, facts);
  }
  return diagnose(status === 403 ? "workload-late" : "workload-refused", facts);
}

/** 401 has no body; a header tells the reason, if anything does. */
function unauthorized(reason: string | undefined, facts: Facts): Diagnosis {
  if (reason === undefined || /no permissions/i.test(reason)) {
    return diagnose("workload-late", facts);
  }
  return diagnose(/tenant/i.test(reason) ? "wrong-tenant" : "workload-refused", facts);
}

interface ErrorBody {
  error?: {
    message?: unknown;
    details?: { message?: unknown }[];
    innererror?: { internalexception?: { message?: unknown } };
  };
}

/**
 * The useful text of an error, `undefined` where there is none: a 403 may have a body of NUL bytes,
 * and `error.message` itself mostly says "Invalid Operation".
 */
function messageOf(body: string): string | undefined {
  try {
    const { error } = JSON.parse(body) as ErrorBody;
    const text = [
      error?.innererror?.internalexception?.message,
      error?.details?.[0]?.message,
      error?.message,
    ].find((one) => typeof one === "string" && one !== "");
    return typeof text === "string" ? text.replace(/^\|[^|]*\|/, "").split(/\r?\n/)[0] : undefined;
  } catch {
    return undefined;
  }
}
