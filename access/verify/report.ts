import type { Workload } from "../../components/catalog/workloads";
import type { Diagnosis } from "./diagnosis";

/**
 * The links of the chain, in order. A chain begins with `certificate` or, for a federated
 * credential, with `assertion`; the rest is the same.
 */
export const linkNames = [
  "certificate",
  "assertion",
  "token",
  "organization",
  "permission",
  "role",
  "workload",
] as const;

/** One of {@link linkNames}. */
export type LinkName = (typeof linkNames)[number];

/** One link and how it was found. `skipped` means that an earlier link has failed. */
export interface LinkResult {
  readonly link: LinkName;
  readonly state: "ok" | "failed" | "skipped";
  /** What was found, in a few words; for a failed link the code of the diagnosis. */
  readonly detail: string;
  /** How long the link was seen to be missing before it arrived, or is missing still. */
  readonly lateSeconds?: number;
}

/** What signs in: a generation of the certificate, or a federated credential. */
export interface IdentityName {
  readonly kind: "certificate" | "federated";
  readonly name: string;
  /** Whether pipelines receive it; only for certificates. */
  readonly active?: boolean;
}

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

/** An identity of the stack that was not verified: nothing is said about whether it works. */
export interface NotVerified extends IdentityName {
  readonly reason: string;
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
