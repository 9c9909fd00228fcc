import type { Diagnosis } from "./diagnosis";
import type { IdentityName, LinkResult, NotVerified, VerifyReport } from "./report";
import type { VerifyInput } from "./target";
import type { ModuleOutcome } from "./powershell/outcome";
import type { CloudName } from "../../components/catalog/clouds";
import type { Workload } from "../../components/catalog/workloads";

/** Raised whenever a property is renamed, removed or changes its meaning. New ones may come. */
export const documentVersion = 1;

/** What `apponly verify --format json` prints; described by `verify.schema.json`. */
export interface VerifyDocument {
  readonly version: typeof documentVersion;
  readonly ok: boolean;
  readonly propagating: boolean;
  /** When the verification ended, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly checkedAt: string;
  readonly waitedSeconds: number;
  readonly tenantId: string;
  readonly organization: string;
  readonly cloud: CloudName;
  readonly applicationId: string;
  readonly chains: readonly (IdentityName & {
    readonly workload: Workload;
    readonly attempts: number;
    readonly links: readonly LinkResult[];
    readonly diagnosis?: Diagnosis;
  })[];
  readonly notVerified: readonly NotVerified[];
  /** Present with `--powershell`. */
  readonly powershell?: ModuleOutcome;
}

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
