import type { SimulatorApp } from "../../http/context";
import { asText } from "../../json";
import type { Identified } from "../../state/collection";
import { authenticate } from "../authorization";
import { type GraphCall, permit, versions } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findInPath } from "../lookup";
import { propertiesByKind } from "../model/entityType";
import { directoryObjectType } from "../model/objectTypes";
import { presentDirectoryObject } from "../present";
import { answerList, answerObject } from "../query/answer";
import { narrowToCast, showObjects } from "../references";

/** Permissions that suffice to read objects of any type. */
export const readDirectory = ["Directory.Read.All", "Directory.ReadWrite.All"];

/**
 * Objects of any type by their ids.
 *
 * @see https://learn.microsoft.com/graph/api/directoryobject-get
 * @see https://learn.microsoft.com/graph/api/directoryobject-getbyids
 */
export function installDirectoryObjectRoutes(app: SimulatorApp): void {
  app.get(`${versions}/directoryObjects/:id`, (c) => {
    const call = permit(c, readDirectory);
    const { object } = findInPath(call, findDirectoryObject);
    return answerObject(call, directoryObjectType, "directoryObjects", object);
  });

  app.get(`${versions}/directoryObjects/:id/:cast{microsoft\\.graph\\.\\w+}`, (c) => {
    const call = permit(c, readDirectory);
    const { id, object } = findInPath(call, findDirectoryObject);
    if (narrowToCast(c, [object]).length === 0) {
      throw graphErrors.notFound(id);
    }
    return answerObject(call, directoryObjectType, "directoryObjects", object);
  });

  for (const path of [`${versions}/me`, `${versions}/me/*`]) {
    app.all(path, (c) => {
      authenticate(c);
      throw graphErrors.delegatedOnly();
    });
  }

  app.post(`${versions}/directoryObjects/getByIds`, (c) => {
    const call = permit(c, readDirectory);
    const { ids, types } = call.body;
    if (!Array.isArray(ids) || ids.length > 1000) {
      throw graphErrors.invalidValue("ids", "DirectoryObject");
    }
    const wanted = Array.isArray(types) ? types.map((one) => asText(one).toLowerCase()) : [];
    const objects = showObjects(call.tenant, ids.map(asText)).filter(
      (object) =>
        wanted.length === 0 ||
        wanted.includes(
          asText(object["@odata.type"]).replace("#microsoft.graph.", "").toLowerCase(),
        ),
    );
    return answerList(call, directoryObjectType, "directoryObjects", objects);
  });
}

/** An object of any type by its id. */
export function findDirectoryObject({ tenant }: GraphCall, key: string) {
  const object = presentDirectoryObject(tenant, key);
  return object && { id: asText(object["id"]), object };
}

/**
 * Sets of what a tenant of the simulator has none of: partners, devices, contacts, licences of
 * users, requests for consent, risks, reviews, recommendations.
 */
export const emptySets: readonly EntitySet<Identified>[] = [
  emptySet("/tenantRelationships/delegatedAdminRelationships", {
    name: "delegatedAdminRelationship",
    read: ["DelegatedAdminRelationship.Read.All"],
    text: [
      "customer/tenantId filterable",
      "displayName filterable",
      "duration",
      "id",
      "status filterable",
    ],
    date: ["activatedDateTime", "createdDateTime", "endDateTime", "lastModifiedDateTime"],
    object: ["accessDetails", "customer"],
  }),
  emptySet("/contracts", {
    name: "contract",
    read: readDirectory,
    text: ["contractType", "defaultDomainName filterable", "displayName filterable", "id"],
    guid: ["customerId filterable"],
  }),
  emptySet("/devices", {
    name: "device",
    read: ["Device.Read.All", "Device.ReadWrite.All", ...readDirectory],
    advancedQueries: true,
    text: [
      "deviceId filterable",
      "displayName filterable searchable",
      "id filterable",
      "operatingSystem filterable",
      "operatingSystemVersion filterable",
      "trustType",
    ],
    boolean: ["accountEnabled filterable", "isCompliant filterable", "isManaged filterable"],
    date: [
      "approximateLastSignInDateTime filterable",
      "createdDateTime filterable",
      "deletedDateTime",
    ],
  }),
  emptySet("/contacts", {
    name: "orgContact",
    read: ["OrgContact.Read.All", ...readDirectory],
    advancedQueries: true,
    text: ["displayName filterable searchable", "id filterable", "mail filterable"],
    texts: ["proxyAddresses filterable"],
  }),
  emptySet("/users/:id/licenseDetails", {
    name: "licenseDetails",
    read: ["LicenseAssignment.Read.All", "User.Read.All", ...readDirectory],
    text: ["id", "skuPartNumber"],
    guid: ["skuId"],
    objects: ["servicePlans"],
  }),
  emptySet("/identityGovernance/appConsent/appConsentRequests", {
    name: "appConsentRequest",
    read: ["ConsentRequest.Read.All", "ConsentRequest.ReadWrite.All"],
    text: ["appDisplayName", "appId filterable", "id"],
    objects: ["pendingScopes"],
  }),
  emptySet("/policies/crossTenantAccessPolicy/partners", {
    name: "crossTenantAccessPolicyConfigurationPartner",
    read: ["Policy.Read.All", "Policy.ReadWrite.CrossTenantAccess"],
    text: ["tenantId"],
    boolean: ["isServiceProvider"],
  }),
  emptySet("/identity/conditionalAccess/authenticationContextClassReferences", {
    name: "authenticationContextClassReference",
    read: ["AuthenticationContext.Read.All", "Policy.Read.ConditionalAccess", "Policy.Read.All"],
    text: ["description", "displayName", "id"],
    boolean: ["isAvailable"],
  }),
  emptySet("/identityProtection/riskyServicePrincipals", {
    name: "riskyServicePrincipal",
    read: ["IdentityRiskyServicePrincipal.Read.All", "IdentityRiskyServicePrincipal.ReadWrite.All"],
    text: [
      "appId filterable",
      "displayName filterable",
      "id filterable",
      "riskLevel filterable",
      "riskState filterable",
    ],
    date: ["riskLastUpdatedDateTime filterable"],
  }),
  emptySet("/identityProtection/riskyUsers", {
    name: "riskyUser",
    read: ["IdentityRiskyUser.Read.All", "IdentityRiskyUser.ReadWrite.All"],
    text: [
      "id filterable",
      "riskDetail",
      "riskLevel filterable",
      "riskState filterable",
      "userDisplayName filterable",
      "userPrincipalName filterable",
    ],
    boolean: ["isDeleted", "isProcessing"],
    date: ["riskLastUpdatedDateTime filterable"],
  }),
  emptySet("/identityGovernance/accessReviews/definitions", {
    name: "accessReviewScheduleDefinition",
    read: ["AccessReview.Read.All", "AccessReview.ReadWrite.All"],
    text: ["displayName", "id", "scope/query filterable", "status filterable"],
    date: ["createdDateTime", "lastModifiedDateTime"],
    object: ["scope", "settings"],
  }),
  emptySet("/directory/recommendations", {
    name: "recommendation",
    read: ["DirectoryRecommendations.Read.All", "DirectoryRecommendations.ReadWrite.All"],
    text: ["displayName", "id", "priority filterable", "recommendationType filterable"],
    texts: ["featureAreas filterable"],
    expand: ["impactedResources"],
  }),
  emptySet("/groupLifecyclePolicies", {
    name: "groupLifecyclePolicy",
    read: readDirectory,
    text: ["alternateNotificationEmails", "id", "managedGroupTypes"],
    number: ["groupLifetimeInDays"],
  }),
  emptySet("/auditLogs/provisioning", {
    name: "provisioningObjectSummary",
    read: ["AuditLog.Read.All", "ProvisioningLog.Read.All"],
    text: ["id filterable", "jobId filterable", "tenantId filterable"],
    date: ["activityDateTime filterable"],
  }),
];

function emptySet(
  path: string,
  {
    name,
    read,
    advancedQueries = false,
    expand = [],
    ...byKind
  }: Parameters<typeof propertiesByKind>[0] & {
    readonly name: string;
    readonly read: readonly string[];
    readonly advancedQueries?: boolean;
    readonly expand?: readonly string[];
  },
): EntitySet<Identified> {
  return {
    paths: [path],
    parameter: path.includes(":id") ? "one" : "id",
    type: {
      name,
      advancedQueries,
      ...propertiesByKind(byKind),
      navigation: Object.fromEntries(
        expand.map((relation) => [relation, { many: true, related: () => [] }]),
      ),
    },
    read,
    all: () => [],
    show: () => ({}),
  };
}
