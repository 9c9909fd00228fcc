import type { VerifyReport } from "./report";
import type { VerifyDocument } from "./documentShape";
import { foreignEndpoints, type VerifyInput } from "./target";

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
