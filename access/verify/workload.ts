import { randomUUID } from "node:crypto";
import type { Workload } from "../../components/catalog/workloads";
import { type HttpAnswer, type HttpRequest, NoAnswer, send } from "../../microsoft/http";
import { type Diagnosis, isDiagnosis } from "./diagnosis";
import { diagnoseNoAnswer } from "./signIn";
import type { Target } from "./target";
import { diagnoseAnswer } from "./workloadAnswer";

/** A read-only cmdlet that shows that a workload serves the application. */
interface Probe {
  readonly cmdlet: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Cmdlets that read settings and next to no data. The first is one that every supported role has
 * by Microsoft's tables; the others are tried where a role turns out not to have it.
 *
 * - Exchange Online: `Get-OrganizationConfig` by View-Only Configuration, `Get-Recipient` by
 *   View-Only Recipients, which Helpdesk Administrators hold.
 * - Security & Compliance: `Get-DlpCompliancePolicy` by View-Only DLP Compliance Management, which
 *   all five roles hold; labels, for example, are not in Compliance Administrator.
 *
 * @see https://learn.microsoft.com/defender-office-365/scc-permissions
 */
export const probes: Readonly<Record<Workload, readonly [Probe, ...Probe[]]>> = {
  exchange: [
    { cmdlet: "Get-OrganizationConfig", parameters: {} },
    { cmdlet: "Get-Recipient", parameters: { ResultSize: "1" } },
    { cmdlet: "Get-AcceptedDomain", parameters: {} },
  ],
  compliance: [
    { cmdlet: "Get-DlpCompliancePolicy", parameters: {} },
    { cmdlet: "Get-Label", parameters: {} },
    { cmdlet: "Get-ProtectionAlert", parameters: {} },
  ],
};

/** Mailbox that requests of an application are anchored to, so that they reach the right server. */
const systemMailbox = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}";

/**
 * Runs a read-only cmdlet in a workload as the PowerShell module does, over its REST API.
 *
 * @returns The cmdlet that was answered, or what is wrong.
 * @see https://learn.microsoft.com/exchange/reference/admin-api-get-started
 */
export async function probeWorkload(
  target: Target,
  workload: Workload,
  token: string,
): Promise<string | Diagnosis> {
  try {
    const base = await baseOf(target, workload, token);
    if (isDiagnosis(base)) {
      return base;
    }
    let refusal: Diagnosis | undefined;
    for (const probe of probes[workload]) {
      const answer = await invoke(target, workload, base, token, probe);
      if (answer.status === 200 && isAnswered(answer)) {
        return probe.cmdlet;
      }
      refusal = diagnoseAnswer(answer, target, workload, base, probe.cmdlet);
      if (refusal.code !== "cmdlet-not-allowed") {
        return refusal;
      }
    }
    return refusal!;
  } catch (error) {
    if (error instanceof NoAnswer) {
      return diagnoseNoAnswer(error);
    }
    throw error;
  }
}

/** Whether a 200 is the workload's: a page that a proxy puts in between is one too. */
function isAnswered({ body }: HttpAnswer): boolean {
  try {
    const { value } = JSON.parse(body) as { value?: unknown };
    return Array.isArray(value);
  } catch {
    return false;
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
  const answer = await ask(target, url, {
    method: "GET",
    headers: headersFor(target, workload, token),
  });
  if (answer.status === 302 && answer.headers["location"] !== undefined) {
    return serverOf(new URL(answer.headers["location"], url), new URL(base));
  }
  return answer.status === 200
    ? base
    : diagnoseAnswer(answer, target, workload, base, "EXOModuleFile");
}

/**
 * The server a redirect names. The token goes there, so it has to be of the same service:
 * `https://nam10b.ps.compliance.…`, or `https://nam10b.admin.protection.…:446`, whose cmdlets
 * answer at the former address.
 */
function serverOf(location: URL, base: URL): string {
  const folder = location.pathname.replace(/\/adminapi\/.*$/i, "").replace(/\/$/, "");
  if (location.host === base.host || location.host.endsWith(`.${base.host}`)) {
    return `${location.origin}${folder}`;
  }
  const [prefix = ""] = location.hostname.split(".");
  return `${base.protocol}//${prefix}.${base.host}${folder}`;
}

function invoke(
  target: Target,
  workload: Workload,
  base: string,
  token: string,
  { cmdlet, parameters }: Probe,
): Promise<HttpAnswer> {
  return ask(target, `${base}/adminapi/beta/${target.tenantId}/InvokeCommand`, {
    method: "POST",
    headers: { ...headersFor(target, workload, token), "X-CmdletName": cmdlet },
    body: JSON.stringify({ CmdletInput: { CmdletName: cmdlet, Parameters: parameters } }),
  });
}

function ask({ endpoints }: Target, url: string, request: HttpRequest): Promise<HttpAnswer> {
  const { extraCaPem } = endpoints;
  return send(url, { ...request, ...(extraCaPem === undefined ? {} : { extraCaPem }) });
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
