import type { Caller } from "../../http/context";
import type { JsonObject } from "../../json";
import type { Workload } from "../../state/exchangeEntities";
import type { TenantState } from "../../state/tenantState";
import type { Tenant } from "../../state/tenants";
import { ExchangeError } from "../errors";
import type { Parameters } from "../parameters";
import type { Rights } from "../rights";

/** One call of a cmdlet by a caller that may make it. */
export interface CmdletCall {
  readonly caller: Caller;
  readonly tenant: Tenant;
  readonly state: TenantState;
  readonly workload: Workload;
  readonly cmdlet: string;
  readonly parameters: Parameters;
  readonly rights: Rights;
}

/** What a cmdlet does; it answers its rows. What it throws is the answer. */
export type CmdletRun = (call: CmdletCall) => JsonObject[];

/** Cmdlets by name. */
export type Cmdlets = Readonly<Record<string, CmdletRun>>;

/** The entity that an identity names, without regard to case. Throws where there is none. */
export function namedEntity<T extends { readonly id: string; readonly name: string }>(
  entities: readonly T[],
  identity: string,
): T {
  const wanted = identity.toLowerCase();
  const entity = entities.find(
    ({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted,
  );
  if (entity === undefined) {
    throw ExchangeError.objectNotFound(identity);
  }
  return entity;
}

/** A name that nothing of its kind has, of at most 64 characters. Throws otherwise. */
export function freeName(
  kind: string,
  entities: readonly { readonly name: string }[],
  name: string,
): string {
  if (name.length > 64) {
    throw ExchangeError.cmdletFailed(
      "Microsoft.Exchange.Data.DataValidationException",
      `The length of the property is too long. The maximum length is 64 and the length of the value provided is ${name.length}. Property Name: Name`,
    );
  }
  if (entities.some((one) => one.name.toLowerCase() === name.toLowerCase())) {
    throw ExchangeError.objectExists(kind, name);
  }
  return name;
}
