import type { Fault, FaultMatch } from "../../../simulator/faults/faults";

/** What can become of one request. */
export const faultKinds = [
  "refused before it takes effect",
  "answered with 503 after it took effect",
  "cut off before it takes effect",
  "cut off after it took effect",
  "throttled",
  "the first that is cut off, with all after it",
] as const;

/** One of {@link faultKinds}. */
export type FaultKind = (typeof faultKinds)[number];

/** A request of a rotation without faults: where it comes, and how it is found again. */
export interface BaselineRequest {
  /** The part of the rotation that it belongs to. */
  readonly segment: Segment;
  readonly method: string;
  readonly path: string;
  /** How many with the same method and path come in the segment up to it, itself included. */
  readonly occurrence: number;
  /** Whether it names a tenant; the cloud's metadata does not. */
  readonly ofTenant: boolean;
}

/** The parts of a rotation: what is rolled out before anything is decided, then its phases. */
export type Segment = "start" | "add" | "activate" | "remove";

/** The fault that strikes one request in one way. */
export function faultOf(kind: FaultKind, request: BaselineRequest): Fault {
  const match: FaultMatch = {
    method: request.method,
    path: new RegExp(`^${request.path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`),
  };
  const once = { match, nth: request.occurrence };
  switch (kind) {
    case "refused before it takes effect":
      return { kind: "serverError", status: 500, phase: "before", ...once };
    case "answered with 503 after it took effect":
      return { kind: "serverError", status: 503, phase: "after", ...once };
    case "cut off before it takes effect":
    case "the first that is cut off, with all after it":
      return { kind: "dropConnection", phase: "before", ...once };
    case "cut off after it took effect":
      return { kind: "dropConnection", phase: "after", ...once };
    case "throttled":
      return { kind: "throttle", ...once };
  }
}
