import type { Caller, SimulatorContext } from "../http/context";
import { findResource } from "../state/resources";
import { graphAppId } from "../seed/firstParty";
import { graphErrors } from "./errors";

/** Permissions that suffice to read applications and service principals. */
export const readApplications = [
  "Application.Read.All",
  "Application.ReadWrite.All",
  "Application.ReadWrite.OwnedBy",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
] as const;

/** Permissions that suffice to write applications, all of them or one's own. */
export const writeApplications = [
  "Application.ReadWrite.All",
  "Application.ReadWrite.OwnedBy",
  "Directory.ReadWrite.All",
] as const;

/** In place of permissions: any token for Graph suffices. */
export const anyToken = ["*"] as const;

/** The tenant that a path names after the version, by id or domain, as it may. */
export function tenantInPath(pathname: string): string | undefined {
  return /^\/+[^/]+\/+([0-9a-f-]{36}|(?!microsoft\.graph\.|graph\.|v\d)[\w-]+(?:\.[\w-]+)+)\//i.exec(
    pathname,
  )?.[1];
}

/** Who calls Graph. Throws 401 when there is no valid token for Graph. */
export function authenticate(c: SimulatorContext): Caller {
  const { request, services } = c.var;
  if (request.callerProblem !== undefined) {
    throw request.callerProblem === "expired"
      ? graphErrors.expiredToken()
      : request.callerProblem === "malformed"
        ? graphErrors.malformedToken()
        : graphErrors.invalidSignature();
  }
  const { caller } = request;
  if (caller === undefined) {
    throw graphErrors.missingToken();
  }
  const resource = findResource(caller.tenant, caller.audience, services.endpoints());
  if (resource?.appId !== graphAppId) {
    throw graphErrors.invalidAudience();
  }
  const named = tenantInPath(new URL(c.req.url).pathname);
  if (named !== undefined && services.tenants.find(named) !== caller.tenant) {
    throw graphErrors.invalidTenant();
  }
  return caller;
}

/**
 * Who calls Graph, if the token carries one of these permissions. Throws 401 or 403 otherwise.
 *
 * @see https://learn.microsoft.com/graph/permissions-overview
 */
export function authorize(c: SimulatorContext, anyOf: readonly string[]): Caller {
  const caller = authenticate(c);
  if (!anyOf.some((one) => one === anyToken[0] || caller.roles.includes(one))) {
    throw graphErrors.insufficientPrivileges();
  }
  return caller;
}

/**
 * Whether the caller may change applications or service principals: all of them, or those it
 * owns with `Application.ReadWrite.OwnedBy`.
 *
 * @see https://learn.microsoft.com/graph/permissions-reference#applicationreadwriteownedby
 */
export function mayWriteApplications(caller: Caller): "all" | "owned" | "none" {
  if (
    caller.roles.includes("Application.ReadWrite.All") ||
    caller.roles.includes("Directory.ReadWrite.All")
  ) {
    return "all";
  }
  return caller.roles.includes("Application.ReadWrite.OwnedBy") ? "owned" : "none";
}

/** Throws 403 unless the caller may change this application or service principal. */
export function authorizeWrite(
  caller: Caller,
  owned: { readonly owners: readonly string[] },
): void {
  const reach = mayWriteApplications(caller);
  if (reach === "none" || (reach === "owned" && !owned.owners.includes(caller.objectId))) {
    throw graphErrors.insufficientPrivileges();
  }
}
