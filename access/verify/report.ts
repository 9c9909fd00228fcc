import type { Workload } from "../../components/catalog/workloads";
import type { Diagnosis, IdentityName, LinkName, LinkResult } from "./documentShape";

/** The chain of one identity to one workload. */
export interface ChainResult {
  readonly identity: IdentityName;
  readonly workload: Workload;
  readonly links: readonly LinkResult[];
  /** How often the chain was tried, each time with a fresh token. */
  readonly attempts: number;
  /** Why the chain is broken; absent when it holds. */
  readonly diagnosis?: Diagnosis;
}

/** The outcome of a verification. */
export interface VerifyReport {
  /** Whether there is a chain and every chain holds. */
  readonly ok: boolean;
  /** Whether waiting may heal all that fails. */
  readonly propagating: boolean;
  /** How long was waited, in milliseconds. */
  readonly waitedMs: number;
  readonly chains: readonly ChainResult[];
}

/** The link at which a chain breaks, if it does. */
export function brokenLink({ links }: ChainResult): LinkName | undefined {
  return links.find(({ state }) => state === "failed")?.link;
}
