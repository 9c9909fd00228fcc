import { isMicrosofts } from "../microsoft/deployer/redirects";

/** What a review says where the tenant that was asked need not be Microsoft's. */
export function endpointWarnings({ ARM_METADATA_HOSTNAME: host }: NodeJS.ProcessEnv): string[] {
  return host === undefined || host === "" || isMicrosofts(host)
    ? []
    : [
        `The preview asked ${host} and not Microsoft (ARM_METADATA_HOSTNAME): it says nothing about a real tenant.`,
      ];
}

/** The same for a command that a person runs: with `--embedded` they have asked for that tenant. */
export function warningsOfEndpoints(environment: NodeJS.ProcessEnv): string[] {
  return environment.APPONLY_EMBEDDED === "true" ? [] : endpointWarnings(environment);
}
