import type { SimulatorApp } from "../../http/context";
import type { JsonObject } from "../../json";
import type { DomainRecord } from "../../state/entities";
import type { Tenant } from "../../state/tenants";
import { permit, versions } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { type EntityType, propertiesByKind } from "../model/entityType";
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

const skuType: EntityType = {
  name: "subscribedSku",
  ...propertiesByKind({
    text: ["accountId", "accountName", "appliesTo", "capabilityStatus", "id", "skuPartNumber"],
    guid: ["skuId"],
    number: ["consumedUnits"],
    texts: ["subscriptionIds"],
    objects: ["servicePlans"],
    object: ["prepaidUnits"],
  }),
};
/** Licences of Microsoft Entra ID, whose ids are the same everywhere. */
const skuIds = {
  none: [],
  P1: [
    ["AAD_PREMIUM", "078d2b04-f1bd-4111-bbd4-b4b1b354cef4", "41781fb2-bc02-4b7c-bd55-b576c07bb09d"],
  ],
  P2: [
    [
      "AAD_PREMIUM_P2",
      "84a661c4-e949-4bd2-a560-ed7766fcaf2b",
      "eec0eb4f-6444-4f95-aba0-50c24d67f998",
    ],
  ],
} as const;

/**
 * The licence that the seed names.
 *
 * @see https://learn.microsoft.com/graph/api/resources/subscribedsku
 */
export const subscribedSkus: EntitySet<{ readonly id: string; readonly shown: JsonObject }> = {
  paths: ["/subscribedSkus"],
  type: skuType,
  read: ["Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
  all: ({ tenant: { identity, seed } }) =>
    skuIds[seed.premium ?? "P2"].map(([part, skuId, servicePlanId]) => {
      const id = `${identity.tenantId}_${skuId}`;
      return {
        id,
        shown: {
          accountId: identity.tenantId,
          accountName: identity.displayName,
          appliesTo: "User",
          capabilityStatus: "Enabled",
          consumedUnits: 0,
          id,
          prepaidUnits: { enabled: 25, lockedOut: 0, suspended: 0, warning: 0 },
          servicePlans: [
            {
              servicePlanId,
              servicePlanName: part,
              provisioningStatus: "Success",
              appliesTo: "User",
            },
          ],
          skuId,
          skuPartNumber: part,
          subscriptionIds: [],
        },
      };
    }),
  show: (_, { shown }) => shown,
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
