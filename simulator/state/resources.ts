import type { SimulatorEndpoints } from "../options";
import { clouds } from "../seed/clouds";
import { exchangeAppId, graphAppId, managementAppId, protectionAppId } from "../seed/firstParty";
import type { ServicePrincipalRecord } from "./entities";
import type { Tenant } from "./tenants";

/**
 * Identifiers by which a token request can name a Microsoft-owned service principal: its
 * application id, its URIs in the tenant's cloud, and the simulator's own addresses.
 *
 * In some tenants the Security & Compliance URI belongs to Office 365 Exchange Online; the seed
 * says in which.
 */
export function firstPartyIdentifiers(
  tenant: Tenant,
  servicePrincipal: ServicePrincipalRecord,
  endpoints?: SimulatorEndpoints,
): string[] {
  const template = tenant.state.firstParty(servicePrincipal);
  if (template === undefined) {
    return [];
  }
  const { cloud } = tenant.identity;
  const compliance =
    tenant.seed.complianceAudience === "exchange" ? exchangeAppId : protectionAppId;
  const own = template.appId === protectionAppId ? [] : template.identifiers(cloud);
  const complianceUris = template.appId === compliance ? clouds[cloud].compliance : [];
  return [
    template.appId,
    ...own,
    ...complianceUris,
    ...localIdentifiers(template.appId, compliance, endpoints),
  ];
}

function localIdentifiers(
  appId: string,
  compliance: string,
  endpoints?: SimulatorEndpoints,
): string[] {
  if (endpoints === undefined) {
    return [];
  }
  const addresses: string[] = [];
  if (appId === graphAppId) {
    addresses.push(endpoints.graph, endpoints.graphTls);
  }
  if (appId === exchangeAppId) {
    addresses.push(endpoints.exchange);
  }
  if (appId === managementAppId) {
    addresses.push(endpoints.loginTls);
  }
  if (appId === compliance) {
    addresses.push(endpoints.compliance);
  }
  return addresses;
}

/** The service principal that an identifier names in a tenant: a URI or an application id. */
export function findResource(
  tenant: Tenant,
  identifier: string,
  endpoints: SimulatorEndpoints,
): ServicePrincipalRecord | undefined {
  const wanted = normalise(identifier);
  const { state } = tenant;
  const byAppId = state.servicePrincipalOf(wanted);
  if (byAppId !== undefined) {
    return byAppId;
  }
  for (const servicePrincipal of state.servicePrincipals.all()) {
    const identifiers =
      state.firstParty(servicePrincipal) === undefined
        ? ownIdentifiers(tenant, servicePrincipal)
        : firstPartyIdentifiers(tenant, servicePrincipal, endpoints);
    if (identifiers.some((one) => normalise(one) === wanted)) {
      return servicePrincipal;
    }
  }
  return undefined;
}

function ownIdentifiers(tenant: Tenant, { appId }: ServicePrincipalRecord): string[] {
  const uris = tenant.state.applications.firstBy("appId", appId)?.properties["identifierUris"];
  return Array.isArray(uris) ? uris.map(String) : [];
}

function normalise(identifier: string): string {
  return identifier.toLowerCase().replace(/\/+$/, "");
}
