import type { SimulatorApp } from "../../http/context";
import type { JsonObject } from "../../json";
import type { DomainRecord } from "../../state/entities";
import type { Tenant } from "../../state/tenants";
import { type GraphCall, permit, versions } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { propertiesByKind } from "../model/entityType";
import { domainType, organizationType } from "../model/grantTypes";
import { presentDomain } from "../present";
import { mergeProperties } from "../properties";
import { keepProperties, keptProperties } from "./tenantPolicies";

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
  write: ["Domain.ReadWrite.All"],
  update: changeDomain,
};

/**
 * Changes a domain; one that becomes the default takes that from another.
 *
 * @see https://learn.microsoft.com/graph/api/domain-update
 */
function changeDomain({ body, state }: GraphCall, domain: DomainRecord): void {
  const { isDefault, ...sent } = body;
  const changed = mergeProperties(domain.properties ?? {}, sent, domainType);
  if (isDefault !== undefined && isDefault !== true && isDefault !== domain.isDefault) {
    throw graphErrors.invalidValue("isDefault", "Domain");
  }
  domain.properties = changed;
  if (isDefault === true) {
    for (const one of state.domains.all()) {
      one.isDefault = one === domain;
    }
  }
}

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
  write: ["Organization.ReadWrite.All"],
  update: (call) => {
    const { body, state } = call;
    const current = { ...organizationType.defaults, ...keptProperties(state, "organization") };
    const merged = mergeProperties(current, body, call.extended(organizationType));
    keepProperties(state, "organization", merged);
  },
};

/**
 * How the tenant is synchronized with a directory of its own: not at all, so this is what Microsoft
 * has as a default.
 *
 * @see https://learn.microsoft.com/graph/api/onpremisesdirectorysynchronization-get
 */
export const directorySynchronization: EntitySet<{ id: string }> = {
  paths: ["/directory/onPremisesSynchronization"],
  type: {
    name: "onPremisesDirectorySynchronization",
    ...propertiesByKind({ text: ["id"], object: ["configuration", "features"] }),
  },
  read: ["OnPremDirectorySynchronization.Read.All", "OnPremDirectorySynchronization.ReadWrite.All"],
  all: (call) => organization.all(call),
  show: (_, { id }) => ({
    id,
    configuration: {
      accidentalDeletionPrevention: {
        synchronizationPreventionType: "enabledForCount",
        alertThreshold: 500,
      },
    },
    features: Object.fromEntries(
      Object.entries(synchronizationFeatures).flatMap(([on, names]) =>
        names.map((name) => [name, on === "on"]),
      ),
    ),
  }),
};

const synchronizationFeatures = {
  on: [
    "quarantineUponProxyAddressesConflictEnabled",
    "quarantineUponUpnConflictEnabled",
    "softMatchOnUpnEnabled",
    "synchronizeUpnForManagedUsersEnabled",
  ],
  off: [
    "blockCloudObjectTakeoverThroughHardMatchEnabled",
    "blockSoftMatchEnabled",
    "bypassDirSyncOverridesEnabled",
    "cloudPasswordPolicyForPasswordSyncedUsersEnabled",
    "concurrentCredentialUpdateEnabled",
    "concurrentOrgIdProvisioningEnabled",
    "deviceWritebackEnabled",
    "directoryExtensionsEnabled",
    "fopeConflictResolutionEnabled",
    "groupWriteBackEnabled",
    "passwordSyncEnabled",
    "passwordWritebackEnabled",
    "unifiedGroupWritebackEnabled",
    "userForcePasswordChangeOnLogonEnabled",
    "userWritebackEnabled",
  ],
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
    ...organizationType.defaults,
    ...keptProperties(tenant.state, "organization"),
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
