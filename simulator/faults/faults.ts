/** Which requests of a tenant a fault concerns. Everything left out matches. */
export interface FaultMatch {
  /** For example `PATCH`. */
  readonly method?: string;
  /** Tested against the path without the query. */
  readonly path?: RegExp;
}

/** What every fault can be limited by. */
export interface FaultLimits {
  readonly match?: FaultMatch;
  /** How often the fault strikes. Default: always. */
  readonly times?: number;
  /** Strikes only the nth matching request since it was added, counted from 1. */
  readonly nth?: number;
}

/** 429 with `Retry-After`. */
export interface ThrottleFault extends FaultLimits {
  readonly kind: "throttle";
  /** @default 0 */
  readonly retryAfterSeconds?: number;
}

/** A 5xx, before the request did anything or after it took effect. */
export interface ServerErrorFault extends FaultLimits {
  readonly kind: "serverError";
  readonly status: 500 | 502 | 503 | 504;
  readonly phase: "before" | "after";
  /** @default 0 */
  readonly retryAfterSeconds?: number;
}

/**
 * Replication: a new object is not known everywhere yet. The first `times` (default 1) requests
 * of the kind on each object made after the fault was added fail.
 *
 * - `writeReplicaLag`: PATCH on it answers 404.
 * - `readLag`: GET on it answers 404.
 * - `referenceLag`: naming it in another request answers 404, or 400 with `answer: "invalid"`;
 *   a service principal for a new application is refused as if there were no such application.
 */
export interface LagFault {
  readonly kind: "writeReplicaLag" | "readLag" | "referenceLag";
  readonly match?: FaultMatch;
  /** @default 1 */
  readonly times?: number;
  /** For `referenceLag`. @default "notFound" */
  readonly answer?: "notFound" | "invalid";
}

/**
 * A consent or directory role that is recorded, and not yet in tokens: the first `times` (default
 * 1) tokens that would carry a grant made after the fault was added go without it. A role of
 * Exchange's own is in no token: the first `times` requests to Exchange go without it.
 */
export interface GrantLagFault {
  readonly kind: "grantLag";
  readonly times?: number;
}

/** Exchange's 401 for a cmdlet that none of the caller's roles allows. Not of other services. */
export interface CmdletDeniedFault extends FaultLimits {
  readonly kind: "cmdletDenied";
}

/** Exchange's 404 for a tenant that it does not serve, or not yet. Not of other services. */
export interface TenantUnknownFault extends FaultLimits {
  readonly kind: "tenantUnknown";
}

/** 403, as if a permission were missing. Not on the token endpoint. */
export interface PermissionDeniedFault extends FaultLimits {
  readonly kind: "permissionDenied";
}

/** 409 `Directory_ConcurrencyViolation`. Only of Graph, like the lags. */
export interface ConcurrencyConflictFault extends FaultLimits {
  readonly kind: "concurrencyConflict";
}

/** The answer comes late. */
export interface SlowFault extends FaultLimits {
  readonly kind: "slow";
  readonly delayMs: number;
}

/** The connection is cut without an answer, before the request did anything or after. */
export interface DropConnectionFault extends FaultLimits {
  readonly kind: "dropConnection";
  readonly phase: "before" | "after";
}

/** Something that goes wrong in a tenant until it is switched off. */
export type Fault =
  | ThrottleFault
  | ServerErrorFault
  | LagFault
  | GrantLagFault
  | CmdletDeniedFault
  | TenantUnknownFault
  | PermissionDeniedFault
  | ConcurrencyConflictFault
  | SlowFault
  | DropConnectionFault;

/** What a fault can be. */
export type FaultKind = Fault["kind"];
