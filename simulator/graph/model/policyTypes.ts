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

/** @see https://learn.microsoft.com/graph/api/resources/claimsmappingpolicy */
export const claimsMappingPolicyType: EntityType = {
  name: "claimsMappingPolicy",
  ...propertiesByKind({
    text: ["description", "displayName filterable required", "id filterable"],
    boolean: ["isOrganizationDefault filterable"],
    date: ["deletedDateTime readOnly"],
    texts: ["definition"],
  }),
  defaults: { description: null, isOrganizationDefault: false },
};
