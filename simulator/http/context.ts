import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import type { JWTPayload } from "jose";
import type { Clock } from "../clock";
import type { FaultSet } from "../faults/faultSet";
import type { Journal } from "../journal/journal";
import type { SimulatorEndpoints } from "../options";
import type { Tenant, Tenants } from "../state/tenants";
import type { RequestBody } from "./body";

/** What every route can reach. */
export interface Services {
  readonly clock: Clock;
  readonly tenants: Tenants;
  readonly journal: Journal;
  /** Faults of requests that concern no tenant. */
  readonly faults: FaultSet;
  /** The claims of an access token that was issued here. Throws jose's errors for any other. */
  verifyToken(token: string): Promise<JWTPayload>;
  /** Known once the listeners are up. */
  endpoints(): SimulatorEndpoints;
}

/** Whom a bearer token speaks for. */
export interface Caller {
  readonly tenant: Tenant;
  readonly appId: string;
  /** Object id of the app's service principal in the tenant. */
  readonly objectId: string;
  readonly audience: string;
  readonly roles: readonly string[];
  /** Template ids of directory roles. */
  readonly wids: readonly string[];
}

/** What the middleware finds out about one request. */
export interface RequestState {
  readonly requestId: string;
  readonly clientRequestId: string;
  /** Scheme and host as the client used them, for absolute addresses in answers. */
  readonly origin: string;
  readonly body: RequestBody;
  /** The tenant the request is about, once known. */
  tenant?: Tenant;
  caller?: Caller;
  /** Why there is no caller although a token was sent. */
  callerProblem?: "malformed" | "signature" | "expired";
  /** Application id for the journal, where there is no caller: on the token endpoint. */
  clientAppId?: string;
  /** Name of the fault that struck. */
  fault?: string;
}

/** The types of Hono's context here. */
export interface SimulatorEnv {
  Bindings: HttpBindings;
  Variables: { services: Services; request: RequestState };
}

export type SimulatorApp = Hono<SimulatorEnv>;
export type SimulatorContext = Context<SimulatorEnv>;
