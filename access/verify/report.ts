import type { Workload } from "../../components/catalog/workloads";
import type {
  Diagnosis,
  IdentityName,
  LinkName,
  LinkResult,
  VerifyDocument,
} from "./documentShape";
import { foreignEndpoints, type VerifyInput } from "./target";

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

/** Raised whenever a property is renamed, removed or changes its meaning. New ones may come. */
export const documentVersion = 1;

/** The document of a verification. It holds no key, password or token. */
export function verifyDocument(
  input: VerifyInput,
  report: VerifyReport,
  { now, ...rest }: Pick<VerifyDocument, "notVerified" | "powershell"> & { readonly now: Date },
): VerifyDocument {
  const endpoints = foreignEndpoints(input);
  return {
    version: documentVersion,
    ok: report.ok,
    propagating: report.propagating,
    checkedAt: `${now.toISOString().slice(0, 19)}Z`,
    waitedSeconds: Math.round(report.waitedMs / 1000),
    tenantId: input.tenantId,
    organization: input.organization,
    cloud: input.cloud.name,
    applicationId: input.applicationId,
    ...(endpoints.length === 0 ? {} : { endpoints }),
    chains: report.chains.map(({ identity, workload, attempts, links, diagnosis }) => ({
      ...identity,
      workload,
      attempts,
      links,
      diagnosis,
    })),
    ...rest,
  };
}
