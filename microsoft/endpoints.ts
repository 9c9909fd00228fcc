import type { Cloud } from "../components/catalog/clouds";
import type { Workload } from "../components/catalog/workloads";
import { UsageFailure } from "../system/failure";
import { isLoopback } from "../system/loopback";
import type { Environment } from "../system/environment";

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

const variables = ["APPONLY_AUTHORITY", "APPONLY_EXCHANGE", "APPONLY_COMPLIANCE", "APPONLY_GRAPH"];

/**
 * Where tokens are issued and workloads answer: the cloud's endpoints, or those that the settings
 * of a simulated tenant put into the environment.
 *
 * @throws {UsageFailure} If a variable names another machine: it would get tokens and assertions.
 */
export function endpointsFor(cloud: Cloud, environment: Environment): Endpoints {
  for (const name of variables) {
    const value = environment[name];
    if (value && !(URL.canParse(value) && isLoopback(new URL(value).hostname))) {
      throw new UsageFailure(
        `${name} is for a simulated tenant on this machine and takes only an address of it, such as https://127.0.0.1:8443. Unset it: the endpoints of Microsoft follow from apponly:cloud.`,
      );
    }
  }
  const { APPONLY_AUTHORITY, APPONLY_EXCHANGE, APPONLY_COMPLIANCE, APPONLY_GRAPH } = environment;
  if (!APPONLY_AUTHORITY || !APPONLY_EXCHANGE || !APPONLY_COMPLIANCE) {
    return endpointsOf(cloud);
  }
  return {
    authority: APPONLY_AUTHORITY,
    workloads: { exchange: APPONLY_EXCHANGE, compliance: APPONLY_COMPLIANCE },
    ...(APPONLY_GRAPH ? { graph: APPONLY_GRAPH } : {}),
  };
}
