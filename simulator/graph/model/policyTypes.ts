import { type EntityType, propertiesByKind } from "./entityType";

const policyDates = ["createdDateTime readOnly", "modifiedDateTime readOnly"];

/** @see https://learn.microsoft.com/graph/api/resources/namedlocation */
export const namedLocationType: EntityType = {
  name: "namedLocation",
  ...propertiesByKind({
    text: ["countryLookupMethod", "displayName filterable required", "id filterable"],
    boolean: ["includeUnknownCountriesAndRegions", "isTrusted"],
    date: policyDates,
    texts: ["countriesAndRegions"],
    objects: ["ipRanges"],
  }),
  defaults: {},
};

/** @see https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy */
export const conditionalAccessPolicyType: EntityType = {
  name: "conditionalAccessPolicy",
  ...propertiesByKind({
    text: [
      "displayName filterable required",
      "id filterable",
      "state filterable required",
      "templateId",
    ],
    date: policyDates,
    object: ["conditions", "grantControls", "sessionControls"],
  }),
  defaults: { grantControls: null, sessionControls: null, templateId: null },
};

/** @see https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy */
export const authenticationStrengthPolicyType: EntityType = {
  name: "authenticationStrengthPolicy",
  ...propertiesByKind({
    text: [
      "description",
      "displayName filterable required",
      "id filterable",
      "policyType filterable readOnly",
      "requirementsSatisfied readOnly",
    ],
    date: policyDates,
    texts: ["allowedCombinations"],
    objects: ["combinationConfigurations"],
  }),
  defaults: {
    combinationConfigurations: [],
    description: null,
    policyType: "custom",
    requirementsSatisfied: "mfa",
  },
};

/**
 * Policies that consist of definitions.
 *
 * @see https://learn.microsoft.com/graph/api/resources/stspolicy
 */
export const [
  claimsMappingPolicyType,
  homeRealmDiscoveryPolicyType,
  tokenIssuancePolicyType,
  tokenLifetimePolicyType,
  activityBasedTimeoutPolicyType,
] = [
  "claimsMappingPolicy",
  "homeRealmDiscoveryPolicy",
  "tokenIssuancePolicy",
  "tokenLifetimePolicy",
  "activityBasedTimeoutPolicy",
].map(definedPolicyType) as [EntityType, EntityType, EntityType, EntityType, EntityType];

function definedPolicyType(name: string): EntityType {
  return {
    name,
    ...propertiesByKind({
      text: ["description", "displayName filterable required", "id filterable"],
      boolean: ["isOrganizationDefault filterable"],
      date: ["deletedDateTime readOnly"],
      texts: ["definition"],
    }),
    defaults: { description: null, isOrganizationDefault: false },
  };
}

/** @see https://learn.microsoft.com/graph/api/resources/featurerolloutpolicy */
export const featureRolloutPolicyType: EntityType = {
  name: "featureRolloutPolicy",
  ...propertiesByKind({
    text: ["description", "displayName filterable required", "feature required", "id filterable"],
    boolean: ["isAppliedToOrganization", "isEnabled"],
  }),
  defaults: { description: null, isAppliedToOrganization: false, isEnabled: false },
};

/** @see https://learn.microsoft.com/graph/api/resources/permissiongrantpolicy */
export const permissionGrantPolicyType: EntityType = {
  name: "permissionGrantPolicy",
  ...propertiesByKind({
    text: ["description", "displayName filterable", "id filterable"],
    date: ["deletedDateTime readOnly"],
    objects: ["excludes readOnly", "includes readOnly"],
  }),
};

/** @see https://learn.microsoft.com/graph/api/resources/permissiongrantconditionset */
export const permissionGrantConditionSetType: EntityType = {
  name: "permissionGrantConditionSet",
  ...propertiesByKind({
    text: ["id", "permissionClassification", "permissionType required", "resourceApplication"],
    boolean: ["certifiedClientApplicationsOnly", "clientApplicationsFromVerifiedPublisherOnly"],
    texts: [
      "clientApplicationIds",
      "clientApplicationPublisherIds",
      "clientApplicationTenantIds",
      "permissions",
    ],
  }),
};

/** @see https://learn.microsoft.com/graph/api/resources/delegatedpermissionclassification */
export const permissionClassificationType: EntityType = {
  name: "delegatedPermissionClassification",
  ...propertiesByKind({
    text: ["classification filterable", "id", "permissionId filterable", "permissionName"],
  }),
};
