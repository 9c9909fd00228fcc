import type { Caller, SimulatorContext } from "../http/context";
import type { JsonObject } from "../json";
import type { ApplicationRecord, ServicePrincipalRecord } from "../state/entities";
import { graphErrors } from "./errors";
import { presentDirectoryObject, presentServicePrincipal } from "./present";

/** The application in the path, by object id or as `applications(appId='…')`. Throws 404. */
export function applicationInPath(c: SimulatorContext, caller: Caller): ApplicationRecord {
  const id = c.req.param("id") ?? "";
  const { applications } = caller.tenant.state;
  const appId = alternateKey(id, "appId");
  const found = appId === undefined ? applications.get(id) : applications.firstBy("appId", appId);
  if (found === undefined) {
    throw graphErrors.notFound(appId ?? id);
  }
  return found;
}

/** The service principal in the path, by object id or as `servicePrincipals(appId='…')`. Throws 404. */
export function servicePrincipalInPath(
  c: SimulatorContext,
  caller: Caller,
): ServicePrincipalRecord {
  const id = c.req.param("id") ?? "";
  const { state } = caller.tenant;
  const appId = alternateKey(id, "appId");
  const found =
    appId === undefined ? state.servicePrincipals.get(id) : state.servicePrincipalOf(appId);
  if (found === undefined) {
    throw graphErrors.notFound(appId ?? id);
  }
  return found;
}

/** The value of an alternate key in a path segment, as `routedPath` writes it. */
export function alternateKey(segment: string, name: string): string | undefined {
  return segment.startsWith(`${name}=`) ? segment.slice(name.length + 1) : undefined;
}

/** A service principal of the caller's tenant as Graph answers it. */
export function showServicePrincipal(
  c: SimulatorContext,
  caller: Caller,
  servicePrincipal: ServicePrincipalRecord,
): JsonObject {
  return presentServicePrincipal(
    caller.tenant,
    servicePrincipal,
    c.var.services.tenants.registrationFor(caller.tenant, servicePrincipal.appId),
  );
}

/** Directory objects of the caller's tenant as Graph lists them, for owners and members. */
export function showDirectoryObjects(
  c: SimulatorContext,
  caller: Caller,
  ids: readonly string[],
): JsonObject[] {
  const { tenants } = c.var.services;
  return ids
    .filter((id) => caller.tenant.state.directoryObject(id) !== undefined)
    .map((id) =>
      presentDirectoryObject(caller.tenant, id, (appId) =>
        tenants.registrationFor(caller.tenant, appId),
      ),
    );
}
