import { randomUUID } from "node:crypto";
import type { Workload } from "../../components/catalog/workloads";
import type { Endpoints } from "../endpoints";
import { type HttpAnswer, type HttpRequest, parseObject, send } from "../http";

/** A cmdlet as the admin API takes it. */
export interface Cmdlet {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Who asks a workload, and of which tenant. */
export interface AdminApiCaller {
  readonly endpoints: Pick<Endpoints, "workloads" | "extraCaPem">;
  readonly workload: Workload;
  readonly tenantId: string;
  /** The tenant's initial domain. */
  readonly organization: string;
  /** Access token for the workload: never printed. */
  readonly token: string;
}

/** Mailbox that requests of an application are anchored to, so that they reach the right server. */
const systemMailbox = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}";

/**
 * Finds the server that holds the tenant, to which Security & Compliance first redirects.
 *
 * @returns Its base address without a trailing slash, or the answer that names none.
 * @throws {NoAnswer} If the workload cannot be reached.
 */
export async function findAdminApi(caller: AdminApiCaller): Promise<string | HttpAnswer> {
  const { endpoints, workload, tenantId } = caller;
  const base = endpoints.workloads[workload];
  if (workload === "exchange") {
    return base;
  }
  const url = `${base}/adminapi/v1.0/${tenantId}/EXOModuleFile?Version=3.10.1`;
  const answer = await sendTrusted(caller, url, { method: "GET", headers: headersFor(caller) });
  if (answer.status === 302 && answer.headers["location"] !== undefined) {
    return serverOf(new URL(answer.headers["location"], url), new URL(base));
  }
  return answer.status === 200 ? base : answer;
}

/**
 * The server a redirect names. The token goes there, so it has to be of the same service:
 * `https://nam10b.ps.compliance.…`, or `https://nam10b.admin.protection.…:446`, whose cmdlets
 * answer at the former address.
 */
export function serverOf(location: URL, base: URL): string {
  const folder = location.pathname.replace(/\/adminapi\/.*$/i, "").replace(/\/$/, "");
  if (location.host === base.host || location.host.endsWith(`.${base.host}`)) {
    return `${location.origin}${folder}`;
  }
  const [prefix = ""] = location.hostname.split(".");
  return `${base.protocol}//${prefix}.${base.host}${folder}`;
}

/**
 * Runs a cmdlet as the PowerShell module does, over the workload's REST API.
 *
 * @param base As {@link findAdminApi} found it.
 * @param page Address of a further page, as the page before names it: the same request goes there.
 * @throws {NoAnswer} If the workload cannot be reached.
 * @see https://learn.microsoft.com/exchange/reference/admin-api-get-started
 */
export function invokeCmdlet(
  caller: AdminApiCaller,
  base: string,
  { name, parameters }: Cmdlet,
  page?: string,
): Promise<HttpAnswer> {
  return sendTrusted(caller, page ?? `${base}/adminapi/beta/${caller.tenantId}/InvokeCommand`, {
    method: "POST",
    headers: { ...headersFor(caller), "X-CmdletName": name },
    body: JSON.stringify({ CmdletInput: { CmdletName: name, Parameters: parameters } }),
  });
}

function sendTrusted(
  { endpoints: { extraCaPem } }: AdminApiCaller,
  url: string,
  request: HttpRequest,
): Promise<HttpAnswer> {
  return send(url, { ...request, extraCaPem });
}

function headersFor({ workload, tenantId, organization, token }: AdminApiCaller) {
  const anchor =
    workload === "exchange"
      ? `APP:${systemMailbox}@${tenantId}`
      : `UPN:${systemMailbox}@${organization}`;
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

/**
 * The rows of an answered cmdlet.
 *
 * @returns `undefined` where the answer is not the workload's: a page that a proxy puts in between
 * has the status 200 too.
 */
export function rowsOf({ status, body }: HttpAnswer): readonly unknown[] | undefined {
  const { value }: { value?: unknown } = parseObject(body) ?? {};
  return status === 200 && Array.isArray(value) ? value : undefined;
}

/** A cmdlet that may be run, with the parameters that it may be called with, where they are told. */
export interface ExportedCmdlet {
  readonly name: string;
  readonly parameters?: readonly string[];
}

/**
 * Which cmdlets the token may run, as the PowerShell module asks before anything else: computed from
 * directory roles, role groups and assignments alike. It is no documented interface: where the
 * parameters stand is read if it is as expected, and told nothing of otherwise.
 *
 * @returns The answer where it is not the list.
 * @throws {NoAnswer} If the workload cannot be reached.
 */
export async function exportedCmdlets(
  caller: AdminApiCaller,
  base: string,
): Promise<readonly ExportedCmdlet[] | HttpAnswer> {
  const url = `${base}/adminapi/v1.0/${caller.tenantId}/EXOModuleFile?Version=3.10.1`;
  const answer = await sendTrusted(caller, url, { method: "GET", headers: headersFor(caller) });
  const [module] = (rowsOf(answer) ?? []) as {
    exportedCmdlets?: unknown;
    exportedParameters?: Record<string, unknown>;
  }[];
  const told = module?.exportedCmdlets;
  // Public clients split a text at its commas, which a list stands as well.
  const names = typeof told === "string" ? told.split(",").filter(Boolean) : told;
  if (!Array.isArray(names)) {
    return answer;
  }
  return names.map((name) => {
    const parameters = module?.exportedParameters?.[String(name)];
    return {
      name: String(name),
      ...(Array.isArray(parameters) ? { parameters: parameters.map(String) } : {}),
    };
  });
}

interface AdminErrorBody {
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
export function cmdletError({ body }: Pick<HttpAnswer, "body">): string | undefined {
  const { error }: AdminErrorBody = parseObject(body) ?? {};
  const text = [
    error?.innererror?.internalexception?.message,
    error?.details?.[0]?.message,
    error?.message,
  ].find((one) => typeof one === "string" && one !== "");
  return typeof text === "string" ? text.replace(/^\|[^|]*\|/, "").split(/\r?\n/)[0] : undefined;
}
