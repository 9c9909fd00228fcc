import type { Fault, FaultKind, FaultMatch, GrantLagFault, LagFault } from "./faults";

/** What a fault needs to know of a request. */
export interface FaultRequest {
  readonly method: string;
  readonly path: string;
  /** Ids the body refers to: of principals, resources, applications. */
  readonly references: readonly string[];
  /** Whether the service that is asked can fail in a way of its own. */
  concerns(kind: FaultKind): boolean;
}

interface Armed {
  readonly fault: Fault;
  /** Matching requests so far. */
  seen: number;
  /** Times the fault struck. */
  struck: number;
}

interface Lag {
  readonly armed: Armed;
  readonly fault: LagFault | GrantLagFault;
  left: number;
}

/** The faults of one tenant and how often each has struck. */
export class FaultSet {
  private readonly armed = new Set<Armed>();
  /** Objects made while a lag fault was on, by their ids in lower case. */
  private readonly lags = new Map<string, Lag[]>();

  /** Switches a fault on. Answers the function that switches it off. */
  add(fault: Fault): () => void {
    const armed: Armed = { fault, seen: 0, struck: 0 };
    this.armed.add(armed);
    return () => {
      this.armed.delete(armed);
      for (const [id, lags] of this.lags) {
        this.lags.set(
          id,
          lags.filter((lag) => lag.armed !== armed),
        );
      }
    };
  }

  /** Switches every fault off. */
  clear(): void {
    this.armed.clear();
    this.lags.clear();
  }

  /** The faults that strike this request, in the order they were added. */
  strike(request: FaultRequest): Fault[] {
    const striking: Fault[] = [];
    for (const armed of this.armed) {
      const { fault } = armed;
      if (fault.kind === "grantLag" || !concernsRequest(fault, request)) {
        continue;
      }
      if (isLag(fault)) {
        if (this.lagging(armed, fault, request)) {
          striking.push(fault);
        }
        continue;
      }
      if (!matchesRequest(fault.match, request)) {
        continue;
      }
      armed.seen += 1;
      const due = fault.nth === undefined || armed.seen === fault.nth;
      if (due && (fault.times === undefined || armed.struck < fault.times)) {
        armed.struck += 1;
        striking.push(fault);
      }
    }
    return striking;
  }

  /** To be told of every object made, by its ids. */
  created(ids: readonly string[]): void {
    for (const armed of this.armed) {
      if (isLag(armed.fault) || armed.fault.kind === "grantLag") {
        const lag: Lag = { armed, fault: armed.fault, left: armed.fault.times ?? 1 };
        for (const id of ids) {
          const key = id.toLowerCase();
          this.lags.set(key, [...(this.lags.get(key) ?? []), lag]);
        }
      }
    }
  }

  /** Whether a grant is not in the token that is about to be issued. To be asked once a token. */
  grantLags(id: string): boolean {
    const lag = this.lags
      .get(id.toLowerCase())
      ?.find((one) => one.fault.kind === "grantLag" && one.left > 0);
    if (lag === undefined) {
      return false;
    }
    lag.left -= 1;
    return true;
  }

  private lagging(armed: Armed, fault: LagFault, request: FaultRequest): boolean {
    if (this.lags.size === 0 || !matchesRequest(fault.match, request)) {
      return false;
    }
    const named =
      fault.kind === "referenceLag"
        ? request.references
        : request.method === (fault.kind === "readLag" ? "GET" : "PATCH")
          ? request.path.split("/")
          : [];
    for (const id of named) {
      const lag = this.lags
        .get(id.toLowerCase())
        ?.find((one) => one.armed === armed && one.left > 0);
      if (lag !== undefined) {
        lag.left -= 1;
        return true;
      }
    }
    return false;
  }
}

function isLag(fault: Fault): fault is LagFault {
  return (
    fault.kind === "writeReplicaLag" || fault.kind === "readLag" || fault.kind === "referenceLag"
  );
}

/** A connection is slow or cut whatever the service; how long grants lag, only tokens tell. */
function concernsRequest({ kind }: Fault, request: FaultRequest): boolean {
  return kind === "slow" || kind === "dropConnection" || request.concerns(kind);
}

function matchesRequest(match: FaultMatch | undefined, { method, path }: FaultRequest): boolean {
  return (
    (match?.method === undefined || match.method.toUpperCase() === method) &&
    (match?.path === undefined ||
      new RegExp(match.path.source, match.path.flags.replace(/[gy]/g, "")).test(path))
  );
}
