import type { SimulatorApp, SimulatorContext } from "../http/context";
import { installBatch } from "../http/batch";
import type { Service } from "../http/service";
import { adminApiAt } from "../seed/hosts";
import { asText, isJsonObject, type Json, type JsonObject } from "../json";
import { authorizeAdmin } from "./access";
import { clixmlOf } from "./clixml";
import type { Workload } from "../state/exchangeEntities";
import { runCmdlet } from "./cmdlets/runCmdlet";
import { findCmdlet } from "./cmdletTable";
import { ExchangeError } from "./errors";
import { Parameters } from "./parameters";
import { tellRateLimit } from "./rateLimits";
import { restCall } from "./restEntities";
import { parametersOf } from "./rights";

/** Name of the server that holds the tenants' Security & Compliance data. */
const complianceServer = "nam10b";

/** Where the paths of Microsoft's hosts are served here. */
const prefixes = {
  exchange: "/exchange",
  compliance: "/compliance",
  complianceServer: `/compliance/${complianceServer}`,
} as const;

/**
 * The admin APIs behind Exchange Online PowerShell and Security & Compliance PowerShell, for
 * read-only cmdlets. Security & Compliance first redirects to the server that holds the tenant:
 * a host of its own at Microsoft, a path prefix here.
 *
 * The interface is not documented; it follows what public clients send and get.
 *
 * @see https://github.com/GreyCorbel/ExoHelper
 * @see https://github.com/KelvinTegelaar/CIPP-API
 */
export const exchangeService: Service = {
  owns: (path) => /\/adminapi\//i.test(path),
  routed: (path, host) => {
    const api = adminApiAt(host);
    const named = path
      .replace(/\/adminapi\//i, "/adminapi/")
      .replace(/\/(InvokeCommand|EXOModuleFile)$/i, (operation) =>
        /invoke/i.test(operation) ? "/InvokeCommand" : "/EXOModuleFile",
      );
    return api !== undefined && named.startsWith("/adminapi/") ? prefixes[api] + named : named;
  },
  tenantIn,
  observe: async (c, next) => {
    await next();
    tellRateLimit(c);
  },
  isEnvelope: (path) => path.endsWith("/$batch"),
  references: parameterTexts,
  faultAnswers: {
    throttle: (_, { retryAfterSeconds }) => ExchangeError.throttled(retryAfterSeconds),
    serverError: (_, { status, retryAfterSeconds }) =>
      ExchangeError.server(status, retryAfterSeconds),
    permissionDenied: () => ExchangeError.forbidden(),
    referenceLag: (c) =>
      ExchangeError.objectNotFound(parameterTexts(c.var.request.body.json)[0] ?? ""),
    cmdletDenied: (c) => ExchangeError.cmdletDenied(c.req.header("x-cmdletname") ?? "the cmdlet"),
    tenantUnknown: (c) => ExchangeError.tenantUnknown(tenantIn(c.req.path) ?? c.req.path),
  },
  install: installExchange,
};

function tenantIn(path: string): string | undefined {
  return /\/adminapi\/[^/]+\/([^/]+)/.exec(path)?.[1];
}

/** What the parameters of a cmdlet name; `role\\cmdlet` names the role. */
function parameterTexts(body: Json | undefined): string[] {
  const input = isJsonObject(body) ? body["CmdletInput"] : null;
  const parameters = isJsonObject(input) ? input["Parameters"] : null;
  return isJsonObject(parameters)
    ? Object.values(parameters)
        .flat()
        .filter((value) => typeof value === "string")
        .flatMap((value) => [value, value.replace(/\\[^\\]*$/, "")])
    : [];
}

function installExchange(app: SimulatorApp): void {
  for (const { base, workload } of [
    { base: prefixes.exchange, workload: "exchange" },
    { base: prefixes.complianceServer, workload: "compliance" },
  ] as const) {
    for (const version of ["beta", "v1.0"]) {
      const path = `${base}/adminapi/${version}/:tenant`;
      app.get(`${path}/EXOModuleFile`, (c) => moduleFile(c, workload));
      app.get(`${path}/:banner{EXOBanner.*}`, (c) => banner(c, workload));
      app.post(`${path}/InvokeCommand`, (c) => invokeCommand(c, workload));
      app.get(`${path}/:path{[A-Za-z]+.*}`, (c) => readEntity(c, workload));
      installBatch(app, `${base}/adminapi/${version}/:tenant/$batch`, {
        most: 10,
        authenticate: (c) => authorizeAdmin(c, workload),
        body: (c) => {
          const { json } = c.var.request.body;
          return isJsonObject(json) ? json : {};
        },
        base: (c) => `${c.var.request.origin}${c.req.path.replace(/\$batch$/, "")}`,
        refuse: (message) => new ExchangeError(400, "BadRequest", message),
      });
    }
  }
  app.all("/compliance/adminapi/*", (c) => c.body(null, 302, { Location: serverAddress(c) }));
}

/** The same address at the server that holds the tenant: a host of its own below Microsoft's name. */
function serverAddress(c: SimulatorContext): string {
  const { origin } = c.var.request;
  const path = c.env.incoming.url ?? c.req.path;
  return adminApiAt(new URL(origin).hostname) === "compliance"
    ? origin.replace("://", `://${complianceServer}.`) + path
    : origin + path.replace("/compliance/", `${prefixes.complianceServer}/`);
}

function context(c: SimulatorContext, type: string): string {
  return `${c.var.request.origin}${c.req.path.replace(/\/[^/]*$/, "")}/$metadata#${type}`;
}

/**
 * The module's first request: what this caller can run. The names are what public clients read;
 * where the parameters stand in the answer is assumed.
 */
function moduleFile(c: SimulatorContext, workload: Workload): Response {
  const { rights } = authorizeAdmin(c, workload);
  const names = [...rights.keys()].sort();
  return c.json({
    "@odata.context": context(c, "EXOModuleFile"),
    value: [
      {
        moduleVersion: c.req.query("Version") ?? "3.10.1",
        exportedCmdlets: names,
        exportedParameters: Object.fromEntries(
          names.map((name) => [name, parametersOf(rights, name)]),
        ),
      },
    ],
  });
}

function banner(c: SimulatorContext, workload: Workload): Response {
  authorizeAdmin(c, workload);
  return c.json({ "@odata.context": context(c, "EXOBanner"), value: [] });
}

function invokeCommand(c: SimulatorContext, workload: Workload): Response {
  const admin = authorizeAdmin(c, workload);
  const { name, sent } = commandIn(c);
  return answer(c, rowsOf(admin, workload, name, sent));
}

/** Answers what the cmdlet behind an entity does: the rows, or the one that was named. */
function readEntity(c: SimulatorContext, workload: Workload): Response {
  const admin = authorizeAdmin(c, workload);
  const { cmdlet, sent, entity, single } = restCall(c, c.req.param("path") ?? "");
  const rows = rowsOf(admin, workload, cmdlet, sent);
  if (!single) {
    return answer(c, rows, entity);
  }
  return c.json({
    "@odata.context": context(c, `${entity}/$entity`),
    ...selectedProperties(c, rows[0] ?? {}),
  });
}

/** What a cmdlet answers, if the caller may run it. */
function rowsOf(
  { caller, rights }: ReturnType<typeof authorizeAdmin>,
  workload: Workload,
  name: string,
  sent: JsonObject,
): JsonObject[] {
  const cmdlet = findCmdlet(workload, name);
  if (cmdlet === undefined) {
    throw ExchangeError.cmdletUnknown(name, isOfAnotherWorkload(workload, name));
  }
  if (!rights.has(cmdlet.name)) {
    throw ExchangeError.cmdletDenied(cmdlet.name);
  }
  const parameters = new Parameters(parametersOf(rights, cmdlet.name), sent);
  const { tenant } = caller;
  const rows = runCmdlet({
    caller,
    tenant,
    state: tenant.state,
    workload,
    cmdlet: cmdlet.name,
    parameters,
    rights,
  });
  if (cmdlet.name.startsWith("New-")) {
    tenant.faults.created(
      rows
        .flatMap((row) => [row["Name"], row["Guid"], row["AppId"]])
        .filter((id) => id !== undefined)
        .map(asText),
    );
  }
  return rows;
}

function isOfAnotherWorkload(workload: Workload, name: string): boolean {
  return findCmdlet(workload === "exchange" ? "compliance" : "exchange", name) !== undefined;
}

function commandIn(c: SimulatorContext): { name: string; sent: JsonObject } {
  const { json } = c.var.request.body;
  const input = isJsonObject(json) ? json["CmdletInput"] : null;
  const name = isJsonObject(input) ? input["CmdletName"] : null;
  if (!isJsonObject(input) || typeof name !== "string" || name === "") {
    throw new ExchangeError(400, "BadRequest", "The request body is not valid.", {
      internal: {
        type: "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
        message: "CmdletInput with a CmdletName is required.",
      },
    });
  }
  const sent = input["Parameters"];
  return { name, sent: isJsonObject(sent) ? sent : {} };
}

/** How long the address of a next page holds: minutes. */
const pageLifetimeMs = 5 * 60_000;

/** Rows a page at a time, as `Prefer: odata.maxpagesize` asks; the next page is the same POST. */
function answer(
  c: SimulatorContext,
  rows: readonly JsonObject[],
  type = "Collection(Edm.Untyped)",
): Response {
  const preferred = /odata\.maxpagesize\s*=\s*(\d+)/i.exec(c.req.header("prefer") ?? "")?.[1];
  const size = Math.max(1, Number(preferred ?? 1000));
  const [start, until] = (c.req.query("$skiptoken") ?? "0-Infinity").split("-").map(Number) as [
    number,
    number,
  ];
  const now = c.var.services.clock.now().getTime();
  if (!(now <= until)) {
    throw ExchangeError.pageExpired();
  }
  const next = new URL(c.req.url);
  next.searchParams.set("$skiptoken", `${start + size}-${now + pageLifetimeMs}`);
  const shown = rows.slice(start, start + size).map((row) => selectedProperties(c, row));
  const asClixml = c.req.header("x-responseformat")?.toLowerCase() === "clixml";
  return c.json({
    "@odata.context": context(c, type),
    "adminapi.warnings@odata.type": "#Collection(String)",
    "@adminapi.warnings": [],
    ...(start + size < rows.length
      ? { "@odata.nextLink": `${c.var.request.origin}${next.pathname}${next.search}` }
      : {}),
    value: asClixml ? [clixmlOf(shown)] : shown,
  });
}

/** A row with the columns that were selected, in any case. */
function selectedProperties(c: SimulatorContext, row: JsonObject): JsonObject {
  const names = c.req.query("$select")?.toLowerCase().split(/,\s*/);
  return names === undefined
    ? row
    : Object.fromEntries(
        Object.entries(row).filter(([name]) => names.includes(name.toLowerCase())),
      );
}
