import { randomUUID } from "node:crypto";
import { roleNamesFor, type Workload } from "../../components/catalog";
import { type HttpAnswer, NoAnswer, send } from "../http";
import { type Diagnosis, diagnose, titleOf } from "./diagnosis";
import { diagnoseNoAnswer } from "./signIn";
import type { Target } from "./target";

/**
 * A cmdlet that reads the organization's settings and that every supported role of the workload
 * may run.
 */
export const probes: Readonly<Record<Workload, string>> = {
  exchange: "Get-OrganizationConfig",
  compliance: "Get-Label",
};

/** Mailbox that requests of an application are anchored to, so that they reach the right server. */
const systemMailbox = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}";

/**
 * Runs the probe of a workload as the PowerShell module does, over its REST API.
 *
 * @returns What is wrong, or `undefined` when the workload has answered.
 */
export async function probeWorkload(
  target: Target,
  workload: Workload,
  token: string,
): Promise<Diagnosis | undefined> {
  try {
    const base = await baseOf(target, workload, token);
    if (typeof base !== "string") {
      return base;
    }
    const answer = await invoke(target, workload, base, token);
    return answer.status === 200 ? undefined : diagnoseAnswer(answer, target, workload, base);
  } catch (error) {
    if (error instanceof NoAnswer) {
      return diagnoseNoAnswer(error);
    }
    throw error;
  }
}

/** Security & Compliance first redirects to the server that holds the tenant. */
async function baseOf(
  target: Target,
  workload: Workload,
  token: string,
): Promise<string | Diagnosis> {
  const base = target.endpoints.workloads[workload];
  if (workload === "exchange") {
    return base;
  }
  const url = `${base}/adminapi/v1.0/${target.tenantId}/EXOModuleFile?Version=3.10.1`;
  const answer = await send(url, {
    method: "GET",
    headers: headersFor(target, workload, token),
    ...trust(target),
  });
  if (answer.status === 302 && answer.headers.location !== undefined) {
    const location = new URL(answer.headers.location, url);
    const folder = location.pathname.replace(/\/adminapi\/.*$/i, "").replace(/\/$/, "");
    return `${location.origin}${folder}`;
  }
  return answer.status === 200 ? base : diagnoseAnswer(answer, target, workload, base);
}

function invoke(
  target: Target,
  workload: Workload,
  base: string,
  token: string,
): Promise<HttpAnswer> {
  const cmdlet = probes[workload];
  return send(`${base}/adminapi/beta/${target.tenantId}/InvokeCommand`, {
    method: "POST",
    headers: { ...headersFor(target, workload, token), "X-CmdletName": cmdlet },
    body: JSON.stringify({ CmdletInput: { CmdletName: cmdlet, Parameters: {} } }),
    ...trust(target),
  });
}

function headersFor(target: Target, workload: Workload, token: string): Record<string, string> {
  const anchor =
    workload === "exchange"
      ? `APP:${systemMailbox}@${target.tenantId}`
      : `UPN:${systemMailbox}@${target.organization}`;
  return {
    Authorization: `Bearer ${token}`,
    "Content-Type": "application/json",
    "X-AnchorMailbox": anchor,
    "X-ResponseFormat": "json",
    "X-SerializationLevel": "Partial",
    Prefer: "odata.maxpagesize=1000",
    "client-request-id": randomUUID(),
  };
}

function trust(target: Target): { extraCaPem?: string } {
  const { extraCaPem } = target.endpoints;
  return extraCaPem === undefined ? {} : { extraCaPem };
}

function diagnoseAnswer(
  answer: HttpAnswer,
  target: Target,
  workload: Workload,
  base: string,
): Diagnosis {
  const text = messageOf(answer.body);
  const facts = {
    workload: titleOf(workload),
    roles: roleNamesFor(workload).join(", "),
    host: new URL(base).host,
    status: answer.status,
    cmdlet: probes[workload],
    organization: target.organization,
    error: text,
  };
  if (/isn't supported in this scenario|isn't assigned to any management roles/i.test(text)) {
    return diagnose("role-unsupported", facts);
  }
  if (/is not allowed to call/i.test(text)) {
    return diagnose("cmdlet-not-allowed", facts);
  }
  if (
    /organization|AnchorMailbox|tenant.*(not found|mismatch)/i.test(text) &&
    answer.status === 400
  ) {
    return diagnose("wrong-organization", facts);
  }
  switch (answer.status) {
    case 401:
      return diagnose("consent-missing", facts);
    case 403:
      return diagnose("role-missing", facts);
    case 429:
      return diagnose("throttled", facts);
    default:
      return answer.status >= 500
        ? diagnose("service-unavailable", facts)
        : diagnose("workload-refused", facts);
  }
}

interface ErrorBody {
  error?: {
    message?: string;
    details?: { message?: string }[];
    innererror?: { internalexception?: { message?: string } };
  };
}

/** The useful text of an error: `error.message` itself always says "Invalid Operation". */
function messageOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as ErrorBody;
    const text =
      error?.innererror?.internalexception?.message ??
      error?.details?.[0]?.message ??
      error?.message;
    return (text ?? "no reason given").replace(/^\|[^|]*\|/, "").split(/\r?\n/)[0] ?? "";
  } catch {
    // A 403 may have a body of NUL bytes.
    return "no reason given";
  }
}
