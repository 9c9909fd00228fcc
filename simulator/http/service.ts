import type { FaultKind } from "../faults/faults";
import type { JsonObject } from "../json";
import type { SimulatorApp, SimulatorContext } from "./context";
import type { ProtocolError } from "./protocolError";

/** What an answer to a fault can depend on. */
export interface FaultDetails {
  readonly status: 500 | 502 | 503 | 504;
  readonly retryAfterSeconds: number;
  readonly answer: "notFound" | "invalid";
}

/** The answer that a fault forces, in the words of the service that is asked. */
export type FaultAnswer = (c: SimulatorContext, fault: FaultDetails) => ProtocolError;

/**
 * One service of Microsoft's, as it registers what it owns. The first service that owns a path
 * answers for it.
 */
export interface Service {
  owns(path: string): boolean;
  /** The path, at the host that was asked, in the form that the routes have. Default: as it is. */
  routed?(path: string, host: string): string;
  /** Id or domain of the tenant that a path names, where no token tells it. */
  tenantIn?(path: string): string | undefined;
  /** Whether a request only carries others: faults strike those and not the one around them. */
  isEnvelope?(path: string): boolean;
  /** Sees every request that reaches a route, and its answer: for a log of changes. */
  observe?(c: SimulatorContext, next: () => Promise<void>): Promise<void>;
  /** Ids of objects that a body refers to. Default: none. */
  references?(body: JsonObject): string[];
  /** Answers to faults. A fault without an answer does not concern the service. */
  readonly faultAnswers: Readonly<Partial<Record<FaultKind, FaultAnswer>>>;
  install(app: SimulatorApp): void;
}
