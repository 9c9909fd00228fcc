import type { SimulatorContext } from "../http/context";
import { NotSimulated } from "../http/protocolError";
import { isGuid } from "../json";
import type { Collection, Identified } from "../state/collection";
import type { ApplicationRecord, ServicePrincipalRecord } from "../state/entities";
import type { TenantState } from "../state/tenantState";
import { authorizeWrite, writeApplications } from "./authorization";
import { type GraphCall, permit } from "./call";
import { graphErrors } from "./errors";

/** An application by object id, `appId=…` or `uniqueName=…`. */
export function findApplication({ state }: GraphCall, key: string): ApplicationRecord | undefined {
  const { applications } = state;
  return findByKey(applications, key, {
    appId: (value) => applications.firstBy("appId", value),
    uniqueName: (value) =>
      applications.all().find(({ properties }) => properties["uniqueName"] === value),
  });
}

/** A service principal by object id or `appId=…`. */
export function findServicePrincipal(
  { state }: GraphCall,
  key: string,
): ServicePrincipalRecord | undefined {
  return findByKey(state.servicePrincipals, key, {
    appId: (value) => state.servicePrincipalOf(value),
  });
}

/** What `find` finds for a key in the path. Throws 404; 501 for an operation that is not simulated. */
export function findInPath<T>(
  call: GraphCall,
  find: (call: GraphCall, key: string) => T | undefined,
  parameter = "id",
): T {
  const key = call.param(parameter);
  if (isOperation(key)) {
    throw new NotSimulated(call.c.req.method, call.c.req.path);
  }
  const found = find(call, key);
  if (found === undefined) {
    throw graphErrors.notFound(key.replace(/^\w+=/, ""));
  }
  return found;
}

/** Operations that are bound to sets: they stand where the key of an object could. */
const setActions = [
  "availableprovidertypes",
  "delta",
  "getbyids",
  "getavailableextensionproperties",
  "validateproperties",
];

function isOperation(segment: string): boolean {
  return (
    /^\$|^microsoft\.graph\./.test(segment) ||
    setActions.includes(segment.toLowerCase().replace(/\(.*$/, ""))
  );
}

/**
 * Finds by id, or by an alternate key as `routedPath` writes it: `appId=…`.
 *
 * @see https://learn.microsoft.com/graph/api/application-get#http-request
 */
export function findByKey<T extends Identified>(
  collection: Collection<T>,
  key: string,
  alternates: Readonly<Record<string, (value: string) => T | undefined>>,
): T | undefined {
  const [, written, value = ""] = /^(\w+)=(.*)$/.exec(key) ?? [];
  if (written === undefined) {
    return collection.get(key);
  }
  const name = Object.keys(alternates).find((one) => one.toLowerCase() === written.toLowerCase());
  if (name === undefined || (name.endsWith("Id") && !isGuid(value))) {
    throw graphErrors.invalidReferenceProperty(name ?? written);
  }
  return alternates[name]!(value);
}

/** The application or service principal in the path, which the caller may write. */
export function writableInPath<T extends { readonly owners: readonly string[] }>(
  c: SimulatorContext,
  find: (call: GraphCall, key: string) => T | undefined,
): { call: GraphCall; found: T } {
  const call = permit(c, writeApplications);
  const found = findInPath(call, find);
  authorizeWrite(call.caller, found);
  return { call, found };
}

/** Owners to begin with, as a client bound them. Throws 404 for one that is not in the tenant. */
export function boundOwners(state: TenantState, ids: readonly string[]): string[] {
  const owners = [...new Set(ids)];
  for (const owner of owners) {
    if (state.directoryObject(owner) === undefined) {
      throw graphErrors.notFound(owner);
    }
  }
  return owners;
}
