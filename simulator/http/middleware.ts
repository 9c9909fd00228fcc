import { randomUUID } from "node:crypto";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Fault } from "../faults/faults";
import { graphErrors } from "../graph/errors";
import { redactBody } from "../journal/redaction";
import { identifyCaller } from "./caller";
import type { RequestState, Services, SimulatorApp, SimulatorContext } from "./context";
import { ProtocolError } from "./protocolError";
import { decodedPath } from "./path";
import { faultError, referencesOf, serviceOf } from "./faultAnswers";

/**
 * What happens to every request, in this order; the order is part of the behaviour.
 *
 * 1. request state: ids, origin, body
 * 2. journal: everything below is recorded, whatever comes of it
 * 3. caller and tenant: who the token speaks for; nothing is refused yet
 * 4. faults: they strike requests whether or not these would have been allowed
 * 5. the routes: authentication, permission gate, behaviour
 *
 * Errors thrown anywhere become the answer of the service they belong to; what no route takes
 * is answered 501 and recorded.
 */
export function installMiddleware(app: SimulatorApp, services: Services): void {
  app.use(async (c, next) => {
    c.set("services", services);
    c.set("request", await requestState(c));
    await next();
  });
  app.use(journal);
  app.use(async (c, next) => {
    await identifyCaller(c.req.header("authorization"), c.var.request, services);
    await next();
  });
  app.use(faults);
  app.onError((problem, c) => {
    if (problem instanceof ProtocolError) {
      return problem.toResponse(c.var.request, services);
    }
    // A defect of the simulator must not pass for a behaviour of the service.
    return Response.json(
      { error: { code: "SimulatorDefect", message: problem.stack ?? String(problem) } },
      { status: 501 },
    );
  });
  app.notFound((c) => {
    c.var.request.unknownRoute = true;
    return graphErrors.unknownRoute(c.req.method, c.req.path).toResponse(c.var.request, services);
  });
}

async function requestState(c: SimulatorContext): Promise<RequestState> {
  const encrypted = "encrypted" in c.env.incoming.socket;
  return {
    requestId: randomUUID(),
    clientRequestId: c.req.header("client-request-id") ?? randomUUID(),
    origin: `${encrypted ? "https" : "http"}://${c.req.header("host") ?? ""}`,
    text: ["GET", "HEAD"].includes(c.req.method) ? "" : await c.req.text(),
  };
}

async function journal(c: SimulatorContext, next: () => Promise<void>): Promise<void> {
  const { request, services } = c.var;
  const started = performance.now();
  await next();
  const url = new URL(c.env.incoming.url ?? "/", "http://127.0.0.1");
  c.header("request-id", request.requestId);
  c.header("client-request-id", request.clientRequestId);
  services.journal.record(
    {
      time: services.clock.now().toISOString(),
      tenantId: request.tenant?.identity.tenantId,
      clientAppId: request.caller?.appId ?? request.clientAppId,
      method: c.req.method,
      path: decodedPath(url.pathname),
      query: Object.fromEntries(url.searchParams),
      status: c.env.incoming.socket.destroyed ? 0 : c.res.status,
      requestBody: redactBody(request.text, c.req.header("content-type")),
      responseErrorCode: c.error instanceof ProtocolError ? c.error.errorCode : undefined,
      fault: request.fault,
      durationMs: Math.round((performance.now() - started) * 1000) / 1000,
    },
    { unknownRoute: request.unknownRoute },
  );
}

async function faults(
  c: SimulatorContext,
  next: () => Promise<void>,
): Promise<Response | undefined> {
  const { request, services } = c.var;
  request.tenant ??= services.tenants.find(tenantSegment(c.req.path));
  const faultSet = request.tenant?.faults ?? services.faults;
  const striking = faultSet.strike({
    method: c.req.method,
    path: c.req.path,
    service: serviceOf(c.req.path),
    references: referencesOf(request.text),
  });
  request.fault = striking.map(({ kind }) => kind).join(",") || undefined;
  for (const fault of striking.filter((one) => !isAfter(one))) {
    if (fault.kind === "slow") {
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    } else if (fault.kind === "dropConnection") {
      return dropConnection(c);
    } else {
      throw faultError(fault, c);
    }
  }
  await next();
  await noteCreated(c, faultSet.created.bind(faultSet));
  const after = striking.find(isAfter);
  if (after?.kind === "dropConnection") {
    c.res = dropConnection(c);
  } else if (after !== undefined) {
    const problem = faultError(after, c);
    c.error = problem;
    c.res = problem.toResponse(request, services);
  }
  return undefined;
}

function isAfter(fault: Fault): boolean {
  return "phase" in fault && fault.phase === "after";
}

function dropConnection(c: SimulatorContext): Response {
  c.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}

/** The tenant in the path of a token or Exchange request, where there is no token to tell it. */
function tenantSegment(path: string): string {
  return (
    /^\/([^/]+)\/(oauth2|v2\.0|discovery)\//.exec(path)?.[1] ??
    /\/adminapi\/[^/]+\/([^/]+)\//i.exec(path)?.[1] ??
    ""
  );
}

async function noteCreated(
  c: SimulatorContext,
  created: (ids: readonly string[]) => void,
): Promise<void> {
  if (c.req.method !== "POST" || c.res.status !== 201) {
    return;
  }
  const body = (await c.res.clone().json()) as { id?: unknown; appId?: unknown };
  created([body.id, body.appId].filter((id): id is string => typeof id === "string"));
}
