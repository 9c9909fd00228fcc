import type { Cloud } from "../components/catalog/clouds";
import { isMicrosofts } from "../microsoft/deployer/redirects";
import { type Endpoints, endpointsOf } from "../microsoft/endpoints";
import { UsageFailure } from "../system/failure";
import { isLoopback } from "../system/loopback";

const variables = ["APPONLY_AUTHORITY", "APPONLY_EXCHANGE", "APPONLY_COMPLIANCE", "APPONLY_GRAPH"];

/**
 * Where tokens are issued and workloads answer: the cloud's endpoints, or those that the settings
 * of a simulated tenant put into the environment.
 *
 * @throws {UsageFailure} If a variable names another machine: it would get tokens and assertions.
 */
export function endpointsFor(cloud: Cloud): Endpoints {
  for (const name of variables) {
    const value = process.env[name];
    if (value && !(URL.canParse(value) && isLoopback(new URL(value).hostname))) {
      throw new UsageFailure(
        `${name} is for a simulated tenant on this machine and takes only an address of it, such as https://127.0.0.1:8443. Unset it: the endpoints of Microsoft follow from apponly:cloud.`,
      );
    }
  }
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

/** What a review says where the tenant that was asked need not be Microsoft's. */
export function endpointWarnings({ ARM_METADATA_HOSTNAME: host }: NodeJS.ProcessEnv): string[] {
  return host === undefined || host === "" || isMicrosofts(host)
    ? []
    : [
        `The preview asked ${host} and not Microsoft (ARM_METADATA_HOSTNAME): it says nothing about a real tenant.`,
      ];
}
