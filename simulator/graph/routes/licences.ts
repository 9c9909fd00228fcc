import type { SimulatorApp } from "../../http/context";
import { asText, isJsonObject, type Json, type JsonObject } from "../../json";
import type { UserRecord } from "../../state/entities";
import type { Tenant } from "../../state/tenants";
import { type GraphCall, permit, versions } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findInPath } from "../lookup";
import { propertiesByKind } from "../model/entityType";
import { userType } from "../model/userType";
import { presentUser } from "../present";
import { answerObject } from "../query/answer";
import { findUser, readUsers } from "./users";

const licenceWriters = [
  "LicenseAssignment.ReadWrite.All",
  "User.ReadWrite.All",
  "Directory.ReadWrite.All",
];

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
const units = { enabled: 25, lockedOut: 0, suspended: 0, warning: 0 };

interface Sku {
  readonly id: string;
  readonly skuId: string;
  readonly skuPartNumber: string;
  readonly servicePlans: JsonObject[];
}

/** The licences that the tenant has: the one that its seed names. */
function skusOf({ identity, seed }: Tenant): Sku[] {
  return skuIds[seed.premium ?? "P2"].map(([skuPartNumber, skuId, servicePlanId]) => ({
    id: `${identity.tenantId}_${skuId}`,
    skuId,
    skuPartNumber,
    servicePlans: [
      {
        servicePlanId,
        servicePlanName: skuPartNumber,
        provisioningStatus: "Success",
        appliesTo: "User",
      },
    ],
  }));
}

/** @see https://learn.microsoft.com/graph/api/resources/subscribedsku */
export const subscribedSkus: EntitySet<Sku> = {
  paths: ["/subscribedSkus"],
  type: {
    name: "subscribedSku",
    ...propertiesByKind({
      text: ["accountId", "accountName", "appliesTo", "capabilityStatus", "id", "skuPartNumber"],
      guid: ["skuId"],
      number: ["consumedUnits"],
      texts: ["subscriptionIds"],
      objects: ["servicePlans"],
      object: ["prepaidUnits"],
    }),
  },
  read: ["Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
  all: ({ tenant }) => skusOf(tenant),
  show: ({ tenant }, sku) => ({
    accountId: tenant.identity.tenantId,
    accountName: tenant.identity.displayName,
    appliesTo: "User",
    capabilityStatus: "Enabled",
    consumedUnits: consumedUnits(tenant, sku.skuId),
    prepaidUnits: { ...units },
    subscriptionIds: [],
    ...sku,
  }),
};

/** @see https://learn.microsoft.com/graph/api/user-list-licensedetails */
export const licenceDetails: EntitySet<Sku> = {
  paths: ["/users/:id/licenseDetails"],
  parameter: "licence",
  type: {
    name: "licenseDetails",
    ...propertiesByKind({
      text: ["id", "skuPartNumber"],
      guid: ["skuId"],
      objects: ["servicePlans"],
    }),
  },
  read: ["LicenseAssignment.Read.All", ...readUsers],
  all: (call) => {
    const assigned = licencesOf(findInPath(call, findUser)).map(({ skuId }) => skuId);
    return skusOf(call.tenant).filter(({ skuId }) => assigned.includes(skuId));
  },
  show: (_, sku) => ({ ...sku }),
};

/** @see https://learn.microsoft.com/graph/api/user-assignlicense */
export function installLicenceRoutes(app: SimulatorApp): void {
  app.post(`${versions}/users/:id/assignLicense`, (c) => {
    const call = permit(c, licenceWriters);
    const user = findInPath(call, findUser);
    const assignedLicenses = changedLicences(call, user);
    const changed = { ...user, properties: { ...user.properties, assignedLicenses } };
    call.state.users.put(changed);
    call.state.touch();
    return answerObject(call, userType, "users", presentUser(changed));
  });
}

/** What a user has after a request, or the reason why it cannot be. */
function changedLicences(call: GraphCall, user: UserRecord): JsonObject[] {
  const { addLicenses, removeLicenses } = call.body;
  if (!Array.isArray(addLicenses) || !Array.isArray(removeLicenses)) {
    throw graphErrors.missingProperty("removeLicenses", "User");
  }
  const removed = removeLicenses.map((id) => asText(id).toLowerCase());
  const added = addLicenses.filter(isJsonObject).map(({ skuId, disabledPlans = [] }) => ({
    disabledPlans,
    skuId: asText(skuId).toLowerCase(),
  }));
  const before = licencesOf(user);
  const isHeld = (id: string) => before.some(({ skuId }) => skuId === id);
  if (removed.some((id) => !isHeld(id))) {
    throw graphErrors.badRequest("User does not have a corresponding license.");
  }
  for (const { skuId } of added) {
    if (!skusOf(call.tenant).some((sku) => sku.skuId === skuId)) {
      throw graphErrors.badRequest(
        `License ${skuId} does not correspond to a valid company License.`,
      );
    }
    if (!isHeld(skuId) && consumedUnits(call.tenant, skuId) >= units.enabled) {
      throw graphErrors.badRequest(
        `Subscription with SKU ${skuId} does not have any available licenses.`,
      );
    }
  }
  if (added.length > 0 && !/^[A-Z]{2}$/i.test(asText(user.properties?.["usageLocation"]))) {
    throw graphErrors.usageLocationInvalid();
  }
  const replaced = new Set([...removed, ...added.map(({ skuId }) => skuId)]);
  return [...before.filter(({ skuId }) => !replaced.has(asText(skuId))), ...added];
}

function licencesOf({ properties }: UserRecord): JsonObject[] {
  const assigned: Json = properties?.["assignedLicenses"] ?? [];
  return Array.isArray(assigned) ? assigned.filter(isJsonObject) : [];
}

function consumedUnits({ state }: Tenant, wanted: string): number {
  return state.users.all().filter((user) => licencesOf(user).some(({ skuId }) => skuId === wanted))
    .length;
}
