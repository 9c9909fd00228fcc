import type { Cloud } from "../components/catalog/clouds";
import type { Workload } from "../components/catalog/workloads";

/** Where tokens are issued and where the workloads answer. */
export interface Endpoints {
  /** Base of the token endpoint, https, without a trailing slash. */
  readonly authority: string;
  /** Base of each workload's admin API, without a trailing slash. */
  readonly workloads: Readonly<Record<Workload, string>>;
  /** Base of Microsoft Graph without a version, without a trailing slash. */
  readonly graph?: string;
  /** Further authority that https connections trust, PEM. */
  readonly extraCaPem?: string;
}

/** The endpoints of one of Microsoft's clouds. */
export function endpointsOf(cloud: Cloud): Endpoints {
  return {
    authority: cloud.authority,
    workloads: { exchange: cloud.exchange.resource, compliance: cloud.compliance.resource },
    graph: cloud.graph,
  };
}

/** The resource whose token a workload wants. */
export function tokenResourceOf(cloud: Cloud, workload: Workload): string {
  return workload === "exchange" ? cloud.exchange.resource : cloud.compliance.resource;
}
