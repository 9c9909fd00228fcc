import type { SimulatorApp, SimulatorContext } from "../http/context";
import type { Service } from "../http/service";
import { isJsonObject, type JsonObject } from "../json";
import { authorizeAdmin } from "./access";
import { runCmdlet } from "./cmdlets";
import { ExchangeError } from "./errors";
import { allowedCmdlets, findCmdlet, type Workload } from "./roles";

/** Name of the server that holds the tenants' Security & Compliance data. */
const complianceServer = "nam10b";

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
  routed: (path) => path.replace(/\/adminapi\//i, "/adminapi/"),
  tenantIn,
  faultAnswers: {
    throttle: (_, { retryAfterSeconds }) => ExchangeError.throttled(retryAfterSeconds),
    serverError: (_, { status, retryAfterSeconds }) =>
      ExchangeError.server(status, retryAfterSeconds),
    permissionDenied: () => ExchangeError.forbidden(),
    cmdletDenied: (c) => ExchangeError.cmdletDenied(c.req.header("x-cmdletname") ?? "the cmdlet"),
    tenantUnknown: (c) => ExchangeError.tenantUnknown(tenantIn(c.req.path) ?? c.req.path),
  },
  install: installExchange,
};

function tenantIn(path: string): string | undefined {
  return /\/adminapi\/[^/]+\/([^/]+)/.exec(path)?.[1];
}

function installExchange(app: SimulatorApp): void {
  for (const { base, workload } of [
    { base: "/exchange", workload: "exchange" },
    { base: `/compliance/${complianceServer}`, workload: "compliance" },
  ] as const) {
    for (const version of ["beta", "v1.0"]) {
      const path = `${base}/adminapi/${version}/:tenant`;
      app.get(`${path}/EXOModuleFile`, (c) => moduleFile(c, workload));
      app.get(`${path}/:banner{EXOBanner.*}`, (c) => banner(c, workload));
      app.post(`${path}/InvokeCommand`, (c) => invokeCommand(c, workload));
    }
  }
  app.all("/compliance/adminapi/*", (c) =>
    c.body(null, 302, {
      Location:
        c.var.request.origin +
        originalPath(c).replace("/compliance/", `/compliance/${complianceServer}/`),
    }),
  );
}

function originalPath(c: SimulatorContext): string {
  return c.env.incoming.url ?? c.req.path;
}

function context(c: SimulatorContext, type: string): string {
  return `${c.var.request.origin}${c.req.path.replace(/\/[^/]*$/, "")}/$metadata#${type}`;
}

/** The module's first request: what this caller can run. */
function moduleFile(c: SimulatorContext, workload: Workload): Response {
  const caller = authorizeAdmin(c, workload);
  return c.json({
    "@odata.context": context(c, "EXOModuleFile"),
    value: [
      {
        moduleVersion: c.req.query("Version") ?? "3.10.1",
        exportedCmdlets: allowedCmdlets(workload, caller.wids),
      },
    ],
  });
}

function banner(c: SimulatorContext, workload: Workload): Response {
  authorizeAdmin(c, workload);
  return c.json({ "@odata.context": context(c, "EXOBanner"), value: [] });
}

function invokeCommand(c: SimulatorContext, workload: Workload): Response {
  const caller = authorizeAdmin(c, workload);
  const requested = commandName(c);
  const cmdlet = findCmdlet(workload, requested);
  if (cmdlet === undefined) {
    throw ExchangeError.cmdletUnknown(requested);
  }
  if (!allowedCmdlets(workload, caller.wids).includes(cmdlet)) {
    throw ExchangeError.cmdletDenied(cmdlet);
  }
  return answer(c, runCmdlet(workload, cmdlet, caller.tenant));
}

function commandName(c: SimulatorContext): string {
  const { json } = c.var.request.body;
  const input = isJsonObject(json) ? json["CmdletInput"] : null;
  const name = isJsonObject(input) ? input["CmdletName"] : null;
  if (typeof name !== "string" || name === "") {
    throw new ExchangeError(400, "BadRequest", "The request body is not valid.", {
      internal: {
        type: "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
        message: "CmdletInput with a CmdletName is required.",
      },
    });
  }
  return name;
}

/** Rows a page at a time, as `Prefer: odata.maxpagesize` asks; the next page is the same POST. */
function answer(c: SimulatorContext, rows: readonly JsonObject[]): Response {
  const preferred = /odata\.maxpagesize\s*=\s*(\d+)/i.exec(c.req.header("prefer") ?? "")?.[1];
  const size = Math.max(1, Number(preferred ?? 1000));
  const start = Number(c.req.query("$skiptoken") ?? 0);
  const next = new URL(c.req.url);
  next.searchParams.set("$skiptoken", String(start + size));
  const names = c.req.query("$select")?.split(",");
  const shown = rows
    .slice(start, start + size)
    .map((row) =>
      names === undefined
        ? row
        : Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name))),
    );
  return c.json({
    "@odata.context": context(c, "Collection(Edm.Untyped)"),
    "adminapi.warnings@odata.type": "#Collection(String)",
    "@adminapi.warnings": [],
    ...(start + size < rows.length
      ? { "@odata.nextLink": `${c.var.request.origin}${next.pathname}${next.search}` }
      : {}),
    value: shown,
  });
}
