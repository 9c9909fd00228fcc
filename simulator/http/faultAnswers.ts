import { EntraError } from "../entra/errors";
import { ExchangeError } from "../exchange/errors";
import type { Fault } from "../faults/faults";
import type { Service } from "../faults/faultSet";
import { mayWriteApplications } from "../graph/authorization";
import { graphErrors } from "../graph/errors";
import { asText, isJsonObject, type Json } from "../json";
import type { SimulatorContext } from "./context";
import type { ProtocolError } from "./protocolError";

/** The answer that a fault forces, in the words of the service that is asked. */
export function faultError(
  fault: Exclude<Fault, { kind: "slow" | "dropConnection" }>,
  c: SimulatorContext,
): ProtocolError;
export function faultError(fault: Fault, c: SimulatorContext): ProtocolError;
export function faultError(fault: Fault, c: SimulatorContext): ProtocolError {
  const { path } = c.req;
  const retryAfter = "retryAfterSeconds" in fault ? (fault.retryAfterSeconds ?? 0) : 0;
  const headers = { "Retry-After": String(retryAfter) };
  const service = serviceOf(path);
  switch (fault.kind) {
    case "throttle":
      return service === "exchange"
        ? ExchangeError.throttled(retryAfter)
        : service === "entra"
          ? EntraError.throttled(retryAfter)
          : graphErrors.throttled(retryAfter);
    case "serverError":
      return service === "exchange"
        ? ExchangeError.server(fault.status, headers)
        : service === "entra"
          ? EntraError.server(fault.status, headers)
          : graphErrors.serverError(fault.status, headers);
    case "permissionDenied":
      return service === "exchange"
        ? ExchangeError.forbidden()
        : graphErrors.insufficientPrivileges();
    case "cmdletDenied":
      return ExchangeError.cmdletDenied(c.req.header("x-cmdletname") ?? "the cmdlet");
    case "tenantUnknown":
      return ExchangeError.tenantUnknown(/\/adminapi\/[^/]+\/([^/]+)/.exec(path)?.[1] ?? path);
    case "concurrencyConflict":
      return graphErrors.concurrencyViolation();
    case "writeReplicaLag":
    case "readLag":
      return graphErrors.notFound(path.split("/").find((part) => isGuid(part)) ?? path);
    case "referenceLag":
      if (path.endsWith("/servicePrincipals")) {
        return backingApplicationLag(c);
      }
      return fault.answer === "invalid"
        ? graphErrors.invalidReferenceUpdate()
        : graphErrors.notFound(referencesOf(c.var.request.text)[0] ?? path);
    case "grantLag":
    case "slow":
    case "dropConnection":
      throw new Error(`fault '${fault.kind}' has no answer`);
  }
}

/** The service that a path belongs to. */
export function serviceOf(path: string): Service {
  if (path.includes("/adminapi/")) {
    return "exchange";
  }
  return /^\/(v1\.0|beta)\//.test(path) ? "graph" : "entra";
}

/** What the caller gets when the application behind a service principal is not replicated yet. */
function backingApplicationLag(c: SimulatorContext): ProtocolError {
  const { caller, text } = c.var.request;
  return caller !== undefined && mayWriteApplications(caller) === "owned"
    ? graphErrors.backingApplicationNotLocal()
    : graphErrors.noBackingApplication(referencesOf(text)[0] ?? "");
}

/** Ids that a JSON body refers to: principals, resources, applications, `@odata.id` targets. */
export function referencesOf(text: string): string[] {
  if (!text.startsWith("{")) {
    return [];
  }
  let body: Json;
  try {
    body = JSON.parse(text) as Json;
  } catch {
    return [];
  }
  if (!isJsonObject(body)) {
    return [];
  }
  const named = [body["principalId"], body["resourceId"], body["appId"]].map(asText);
  const bound = [body["@odata.id"] ?? [], body["owners@odata.bind"] ?? []]
    .flat()
    .map((target) => asText(target).split("/").pop() ?? "");
  return [...named, ...bound].filter(isGuid);
}

function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
