import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import type { Clock } from "../clock";
import type { FaultSet } from "../faults/faultSet";
import type { SigningKey } from "../entra/signingKey";
import type { Journal } from "../journal/journal";
import type { SimulatorEndpoints } from "../options";
import type { Tenant, Tenants } from "../state/tenants";
import type { Caller } from "./caller";
import type { FederatedIssuers } from "../entra/federatedIssuers";

/** What every route can reach. */
export interface Services {
  readonly clock: Clock;
  readonly tenants: Tenants;
  readonly journal: Journal;
  readonly signingKey: SigningKey;
  readonly issuers: FederatedIssuers;
  readonly tokenLifetimeSeconds: number;
  /** Faults of requests that concern no tenant. */
  readonly faults: FaultSet;
  /** Known once the listeners are up. */
  endpoints(): SimulatorEndpoints;
}

/** What the middleware finds out about one request. */
export interface RequestState {
  readonly requestId: string;
  readonly clientRequestId: string;
  /** Scheme and host as the client used them, for absolute addresses in answers. */
  readonly origin: string;
  readonly text: string;
  /** The tenant the request is about, once known. */
  tenant?: Tenant;
  caller?: Caller;
  /** Why there is no caller although a token was sent. */
  callerProblem?: "malformed" | "signature" | "expired";
  /** Application id for the journal, where there is no caller: on the token endpoint. */
  clientAppId?: string;
  /** Name of the fault that struck. */
  fault?: string;
  /** No route took the request. */
  unknownRoute?: boolean;
}

/** The types of Hono's context here. */
export interface SimulatorEnv {
  Bindings: HttpBindings;
  Variables: { services: Services; request: RequestState };
}

export type SimulatorApp = Hono<SimulatorEnv>;
export type SimulatorContext = Context<SimulatorEnv>;
