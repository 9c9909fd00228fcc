import { randomUUID } from "node:crypto";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Fault } from "../faults/faults";
import { redactBody } from "../journal/redaction";
import { isJsonObject } from "../json";
import { isMicrosoftHost } from "../seed/hosts";
import { readBody } from "./body";
import { identifyCaller } from "./caller";
import type { Services, SimulatorApp, SimulatorContext } from "./context";
import { NotSimulated, ProtocolError } from "./protocolError";
import type { Service } from "./service";

/**
 * What happens to every request, in this order; the order is part of the behaviour.
 *
 * 1. request state: ids, origin, body
 * 2. journal: everything below is recorded, whatever comes of it
 * 3. caller and tenant: who the token speaks for; nothing is refused yet
 * 4. faults: they strike requests whether or not these would have been allowed
 * 5. what the service itself writes down of its requests
 * 6. the routes: authentication, permission gate, behaviour
 *
 * Errors thrown anywhere become the answer of the service they belong to; what no route takes
 * is answered 501 and recorded.
 */
export function installMiddleware(
  app: SimulatorApp,
  services: Services,
  registered: readonly Service[],
): void {
  app.use(async (c, next) => {
    const { protocol, host: addressed } = new URL(c.req.url);
    const host = c.req.header("host") ?? addressed;
    if (!isAnsweredFor(host)) {
      // A page in a browser could have its own name lead to this machine, and read what is answered.
      return c.json({ error: { code: "MisdirectedRequest", message: misdirected } }, 421);
    }
    c.set("services", services);
    c.set("request", {
      requestId: randomUUID(),
      clientRequestId: c.req.header("client-request-id") ?? randomUUID(),
      origin: `${protocol}//${host}`,
      body: await readBody(c.req.raw),
    });
    return next();
  });
  app.use(journal);
  app.use(async (c, next) => {
    await identifyCaller(c.req.header("authorization"), c.var.request, services);
    await next();
  });
  app.use(async (c, next) => strikeFaults(c, next, ownerOf(c.req.path, registered)));
  app.use(async (c, next) => {
    const service = ownerOf(c.req.path, registered);
    await (service.observe === undefined ? next() : service.observe(c, next));
  });
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
    throw new NotSimulated(c.req.method, c.req.path);
  });
}

const misdirected =
  "The simulator answers for this machine and for Microsoft's hosts. Ask it by one of those names.";

/** Whether a request is meant for this machine, or for one of the hosts that are stood in for. */
function isAnsweredFor(host: string): boolean {
  const name = host.replace(/:\d+$/, "");
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(name) || isMicrosoftHost(name);
}

/** The service that a path belongs to: the last one takes what no other owns. */
export function ownerOf(path: string, registered: readonly Service[]): Service {
  return registered.find((service) => service.owns(path)) ?? registered.at(-1)!;
}

async function journal(c: SimulatorContext, next: () => Promise<void>): Promise<void> {
  const { request, services } = c.var;
  const started = performance.now();
  await next();
  const url = new URL(c.req.url);
  const problem = c.error instanceof ProtocolError ? c.error : undefined;
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
      requestBody: redactBody(request.body),
      responseErrorCode: problem?.errorCode,
      fault: request.fault,
      durationMs: Math.round((performance.now() - started) * 1000) / 1000,
    },
    { unknownRoute: problem?.notSimulated },
  );
}

async function strikeFaults(
  c: SimulatorContext,
  next: () => Promise<void>,
  service: Service,
): Promise<Response | undefined> {
  if (service.isEnvelope?.(c.req.path) === true) {
    return next() as Promise<undefined>;
  }
  const { request, services } = c.var;
  request.tenant ??= services.tenants.find(service.tenantIn?.(c.req.path) ?? "");
  const { json } = request.body;
  const faultSet = request.tenant?.faults ?? services.faults;
  const striking = faultSet.strike({
    method: c.req.method,
    path: c.req.path,
    references: isJsonObject(json) ? (service.references?.(json) ?? []) : [],
    concerns: (kind) => kind in service.faultAnswers,
  });
  request.fault = striking.map(({ kind }) => kind).join(",") || undefined;
  for (const fault of striking.filter((one) => !isAfter(one))) {
    if (fault.kind === "slow") {
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    } else if (fault.kind === "dropConnection") {
      return dropConnection(c);
    } else {
      throw forcedError(c, service, fault);
    }
  }
  await next();
  await noteCreated(c, faultSet.created.bind(faultSet));
  const after = striking.find(isAfter);
  if (after?.kind === "dropConnection") {
    c.res = dropConnection(c);
  } else if (after !== undefined) {
    const problem = forcedError(c, service, after);
    c.error = problem;
    c.res = problem.toResponse(request, services);
  }
  return undefined;
}

function forcedError(c: SimulatorContext, service: Service, fault: Fault): ProtocolError {
  const answer = service.faultAnswers[fault.kind];
  if (answer === undefined) {
    throw new Error(`fault '${fault.kind}' has no answer`);
  }
  return answer(c, { status: 500, retryAfterSeconds: 0, answer: "notFound", ...fault });
}

function isAfter(fault: Fault): boolean {
  return "phase" in fault && fault.phase === "after";
}

function dropConnection(c: SimulatorContext): Response {
  c.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}

/** A path without percent encoding; one that is malformed stays as it is. */
export function decodedPath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
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
