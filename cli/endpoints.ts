import { readFile } from "node:fs/promises";
import type { Cloud } from "../components/catalog/clouds";
import { type Endpoints, endpointsOf } from "../microsoft/endpoints";

/**
 * Where tokens are issued and workloads answer: the cloud's endpoints, or those that the settings
 * of a simulated tenant put into the environment.
 */
export async function endpointsFor(cloud: Cloud): Promise<Endpoints> {
  const { APPONLY_AUTHORITY, APPONLY_EXCHANGE, APPONLY_COMPLIANCE, APPONLY_GRAPH, SSL_CERT_FILE } =
    process.env;
  if (!APPONLY_AUTHORITY || !APPONLY_EXCHANGE || !APPONLY_COMPLIANCE) {
    return endpointsOf(cloud);
  }
  return {
    authority: APPONLY_AUTHORITY,
    workloads: { exchange: APPONLY_EXCHANGE, compliance: APPONLY_COMPLIANCE },
    ...(APPONLY_GRAPH ? { graph: APPONLY_GRAPH } : {}),
    ...(SSL_CERT_FILE ? { extraCaPem: await readFile(SSL_CERT_FILE, "utf8") } : {}),
  };
}
