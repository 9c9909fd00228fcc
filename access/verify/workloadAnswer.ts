import { roleNamesFor } from "../../components/catalog/directoryRoles";
import { type Workload, workloadTitles } from "../../components/catalog/workloads";
import { cmdletError } from "../../microsoft/exchange/adminApi";
import { type HttpAnswer, retryAfterSeconds } from "../../microsoft/http";
import type { Facts } from "../../system/filledText";
import { diagnose } from "./diagnosis";
import type { Diagnosis } from "./documentShape";
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
  const text = cmdletError(answer);
  const reason = /reason="([^"]*)"/.exec(answer.headers["x-ms-diagnostics"] ?? "")?.[1];
  const facts = {
    workload: workloadTitles[workload],
    roles: roleNamesFor(workload).join(", "),
    host: new URL(base).host,
    status,
    cmdlet: asked,
    organization: target.organization,
    tenantId: target.tenantId,
    error: text ?? reason ?? `HTTP ${status}`,
  };
  const seconds = retryAfterSeconds(answer);
  if (status === 429 || isThrottled(text)) {
    return diagnose("throttled", facts, seconds);
  }
  if (isForeign(answer)) {
    return diagnose("proxy-answered", { ...facts, error: `HTTP ${status} with a web page` });
  }
  if (status >= 500) {
    return diagnose("service-unavailable", facts, seconds);
  }
  const known = diagnoseText(text ?? "", facts);
  if (known !== undefined) {
    return known;
  }
  if (status === 404 && /tenant/i.test(text ?? "")) {
    return diagnose("workload-absent", facts);
  }
  if (status === 400 && /organization|anchor ?mailbox|tenant/i.test(text ?? "")) {
    return diagnose("wrong-organization", facts);
  }
  if (status === 401) {
    return unauthorizedAnswer(reason, facts);
  }
  return diagnose(status === 403 ? "workload-late" : "workload-refused", facts);
}

/** The admin APIs never answer with a web page, nor 200 with anything but rows. */
function isForeign({ status, body }: HttpAnswer): boolean {
  return status === 200 || status === 407 || /^\s*<(!doctype|html)/i.test(body);
}

function isThrottled(text = ""): boolean {
  return /maximum number of concurrent/i.test(text);
}

/** The cause behind a text of the workload, as it stands in its answers and in PowerShell. */
export function diagnoseText(text: string, facts: Facts): Diagnosis | undefined {
  if (isThrottled(text)) {
    return diagnose("throttled", facts);
  }
  if (/isn't supported in this scenario|isn't assigned to any management roles/i.test(text)) {
    return diagnose("role-unsupported", facts);
  }
  if (
    /is not allowed to call/i.test(text) ||
    /'(?!Connect-)[^']*' is not recognized as (the|a) name of a cmdlet/i.test(text)
  ) {
    return diagnose("cmdlet-not-allowed", facts);
  }
  return /^UnAuthorized$|\(401\) Unauthorized/i.test(text.trim())
    ? diagnose("workload-late", facts)
    : undefined;
}

/** 401 has no body; a header tells the reason, if anything does. */
function unauthorizedAnswer(reason: string | undefined, facts: Facts): Diagnosis {
  if (reason === undefined || /no permissions/i.test(reason)) {
    return diagnose("workload-late", facts);
  }
  return diagnose(/tenant/i.test(reason) ? "wrong-tenant" : "workload-refused", facts);
}
