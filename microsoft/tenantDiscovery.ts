import { UsageFailure } from "../system/failure";
import { isGuid } from "../system/guid";
import type { Endpoints } from "./endpoints";
import { parseObject, send } from "./http";

/** A tenant, as its public description names it. */
export interface FoundTenant {
  readonly id: string;
}

/**
 * Looks a tenant up by a domain or its id. Nobody signs in for it.
 *
 * @param tenant A domain of the tenant, or its id.
 * @throws {UsageFailure} If no tenant of this cloud has it.
 * @throws {NoAnswer} If the cloud cannot be reached.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export async function discoverTenant(
  tenant: string,
  { authority, extraCaPem }: Pick<Endpoints, "authority" | "extraCaPem">,
): Promise<FoundTenant> {
  if (!/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(tenant) && !isGuid(tenant)) {
    throw new UsageFailure(
      `"${tenant}" is not a domain or an id. Name the tenant by its initial domain, such as contoso.onmicrosoft.com.`,
    );
  }
  const url = `${authority}/${tenant}/v2.0/.well-known/openid-configuration`;
  const { status, body } = await send(url, { method: "GET", extraCaPem });
  const { issuer, cloud_instance_name: cloud } = (status === 200 ? parseObject(body) : {}) as {
    issuer?: string;
    cloud_instance_name?: string;
  };
  const id = (issuer ?? "").split("/").find(isGuid);
  if (id === undefined) {
    throw new UsageFailure(
      `${authority} knows no tenant "${tenant}" (it answered ${status}). Correct the name, or name the cloud with --cloud.`,
    );
  }
  // The global cloud answers for tenants of others too, and says whose they are.
  if (cloud !== undefined && /\.us$|partner\./.test(cloud) && !authority.includes(cloud)) {
    const known = cloud.endsWith(".us") ? "usgovernment (or dod)" : "china";
    throw new UsageFailure(`The tenant "${tenant}" is in another cloud: --cloud ${known}.`);
  }
  return { id: id.toLowerCase() };
}
