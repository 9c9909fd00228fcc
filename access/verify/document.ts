import type { VerifyDocument } from "./documentShape";
import type { NotVerified, VerifyReport } from "./report";
import type { VerifyInput } from "./target";
import type { ModuleOutcome } from "./powershell/outcome";

/** Raised whenever a property is renamed, removed or changes its meaning. New ones may come. */
export const documentVersion = 1;

/** The document of a verification. It holds no key, password or token. */
export function verifyDocument(
  input: VerifyInput,
  report: VerifyReport,
  rest: {
    readonly notVerified: readonly NotVerified[];
    readonly powershell?: ModuleOutcome;
    readonly now: Date;
  },
): VerifyDocument {
  return {
    version: documentVersion,
    ok: report.ok,
    propagating: report.propagating,
    checkedAt: `${rest.now.toISOString().slice(0, 19)}Z`,
    waitedSeconds: Math.round(report.waitedMs / 1000),
    tenantId: input.tenantId,
    organization: input.organization,
    cloud: input.cloud.name,
    applicationId: input.applicationId,
    chains: report.chains.map(({ identity, workload, attempts, links, diagnosis }) => ({
      ...identity,
      workload,
      attempts,
      links,
      ...(diagnosis === undefined ? {} : { diagnosis }),
    })),
    notVerified: rest.notVerified,
    ...(rest.powershell === undefined ? {} : { powershell: rest.powershell }),
  };
}
