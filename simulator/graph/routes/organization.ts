import type { SimulatorApp } from "../../http/context";
import type { JsonObject } from "../../json";
import type { DomainRecord } from "../../state/entities";
import type { Tenant } from "../../state/tenants";
import { permit, versions } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { domainType, organizationType } from "../model/grantTypes";
import { presentDomain } from "../present";

/** @see https://learn.microsoft.com/graph/api/resources/domain */
export const domains: EntitySet<DomainRecord> = {
  paths: ["/domains"],
  type: domainType,
  read: [
    "Domain.Read.All",
    "Domain.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
  ],
  all: ({ state }) => state.domains.all(),
  find: ({ state }, key) => state.domains.get(key),
  show: (_, domain) => presentDomain(domain),
};

/**
 * The tenant itself.
 *
 * @see https://learn.microsoft.com/graph/api/resources/organization
 */
export const organization: EntitySet<{ id: string }> = {
  paths: ["/organization"],
  type: organizationType,
  read: [
    "Organization.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Application.Read.All",
    "Application.ReadWrite.All",
    "User.Read.All",
  ],
  all: ({ tenant }) => [{ id: tenant.identity.tenantId }],
  find: ({ tenant: { identity } }, key) =>
    key.toLowerCase() === identity.tenantId ? { id: identity.tenantId } : undefined,
  show: ({ tenant }) => presentOrganization(tenant),
};

/**
 * What anybody may know of another tenant; here of those of this simulator.
 *
 * @see https://learn.microsoft.com/graph/api/tenantrelationship-findtenantinformationbytenantid
 */
export function installTenantInformation(app: SimulatorApp): void {
  for (const [name, key] of [
    ["findTenantInformationByTenantId", "tenantId"],
    ["findTenantInformationByDomainName", "domainName"],
  ] as const) {
    app.get(`${versions}/tenantRelationships/${name}/:key`, (c) => {
      const call = permit(c, ["CrossTenantInformation.ReadBasic.All"]);
      const [, written = "", value = ""] = /^(\w+)=(.*)$/.exec(call.param("key")) ?? [];
      if (written.toLowerCase() !== key.toLowerCase()) {
        throw graphErrors.invalidReferenceProperty(key);
      }
      const found = c.var.services.tenants.find(value);
      if (found === undefined) {
        throw graphErrors.notFound(value);
      }
      const { tenantId, displayName, initialDomain } = found.identity;
      return c.json({
        "@odata.context": call.context("microsoft.graph.tenantInformation"),
        tenantId,
        federationBrandName: null,
        displayName,
        defaultDomainName: initialDomain,
      });
    });
  }
}

function presentOrganization(tenant: Tenant): JsonObject {
  const { tenantId, displayName, createdDateTime } = tenant.identity;
  return {
    id: tenantId,
    deletedDateTime: null,
    countryLetterCode: null,
    createdDateTime,
    displayName,
    tenantType: "AAD",
    verifiedDomains: tenant.state.domains.all().map((domain) => ({
      capabilities: "Email, OfficeCommunicationsOnline",
      isDefault: domain.isDefault,
      isInitial: domain.isInitial,
      name: domain.id,
      type: "Managed",
    })),
  };
}
