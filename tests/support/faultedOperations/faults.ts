import type { Fault, FaultMatch } from "../../../simulator/faults/faults";

/** What can become of one request. */
export const faultKinds = [
  "503 after it took effect",
  "504 after it took effect",
  "cut off after it took effect",
  "cut off before it takes effect",
  "503 before it takes effect",
  "denied",
  "in conflict",
  "throttled",
  "not found, for lag",
] as const;

/** One of {@link faultKinds}. */
export type FaultKind = (typeof faultKinds)[number];

/** A request of an operation without faults, and how it is found again. */
export interface Request {
  readonly method: string;
  /** As it was sent, with ids that differ from run to run as `{id}`. */
  readonly path: string;
  /** How many with the same method and path come up to it, itself included. */
  readonly occurrence: number;
  /** Whether it names a tenant; the cloud's metadata does not. */
  readonly ofTenant: boolean;
}

/** The ways to strike a request: what is not Graph's has no lag, conflict or refusal. */
export function kindsOf({ method, path }: Request): FaultKind[] {
  const isGraph = /^\/(v1\.0|beta)\//.test(path);
  return faultKinds.filter((kind) => {
    switch (kind) {
      case "denied":
      case "in conflict":
        return isGraph;
      case "not found, for lag":
        return isGraph && method === "GET";
      case "503 after it took effect":
      case "504 after it took effect":
        return method !== "GET";
      default:
        return true;
    }
  });
}

/** The fault that strikes one request in one way. */
export function faultOf(kind: FaultKind, { method, path, occurrence }: Request): Fault {
  const pattern = path
    .replace(/[.*+?^$()|[\]\\]/g, "\\$&")
    .replaceAll("{id}", "[A-Za-z0-9_-]{20,}");
  const match: FaultMatch = { method, path: new RegExp(`^${pattern}$`) };
  const once = { match, nth: occurrence };
  switch (kind) {
    case "503 after it took effect":
      return { kind: "serverError", status: 503, phase: "after", ...once };
    case "504 after it took effect":
      return { kind: "serverError", status: 504, phase: "after", ...once };
    case "cut off after it took effect":
      return { kind: "dropConnection", phase: "after", ...once };
    case "cut off before it takes effect":
      return { kind: "dropConnection", phase: "before", ...once };
    case "503 before it takes effect":
      return { kind: "serverError", status: 503, phase: "before", ...once };
    case "denied":
      return { kind: "permissionDenied", ...once };
    case "in conflict":
      return { kind: "concurrencyConflict", ...once };
    case "throttled":
      return { kind: "throttle", ...once };
    case "not found, for lag":
      return { kind: "readLag", match, times: 1 };
  }
}

/** A path without the ids that every run makes anew. */
export function pathWithoutIds(path: string): string {
  return path
    .split("/")
    .map((part) => (/^[A-Za-z0-9_-]{20,}$/.test(part) && /[0-9]/.test(part) ? "{id}" : part))
    .join("/");
}
