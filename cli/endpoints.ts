import type { Cloud } from "../components/catalog/clouds";
import { type Endpoints, endpointsOf } from "../microsoft/endpoints";

/**
 * Where tokens are issued and workloads answer: the cloud's endpoints, or those that the settings
 * of a simulated tenant put into the environment.
 */
export function endpointsFor(cloud: Cloud): Endpoints {
  const { APPONLY_AUTHORITY, APPONLY_EXCHANGE, APPONLY_COMPLIANCE, APPONLY_GRAPH } = process.env;
  if (!APPONLY_AUTHORITY || !APPONLY_EXCHANGE || !APPONLY_COMPLIANCE) {
    return endpointsOf(cloud);
  }
  return {
    authority: APPONLY_AUTHORITY,
    workloads: { exchange: APPONLY_EXCHANGE, compliance: APPONLY_COMPLIANCE },
    ...(APPONLY_GRAPH ? { graph: APPONLY_GRAPH } : {}),
  };
}
