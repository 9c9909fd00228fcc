import type { SimulatorApp } from "../../http/context";
import { asText, type JsonObject } from "../../json";
import type { KeptPolicyRecord } from "../../state/entities";
import { readApplications, writeApplications } from "../authorization";
import { referencedIds, requiredText } from "../body";
import { type GraphCall, permit, versions } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findApplication, findServicePrincipal, findInPath } from "../lookup";
import type { EntityType } from "../model/entityType";
import {
  activityBasedTimeoutPolicyType,
  authenticationStrengthPolicyType,
  claimsMappingPolicyType,
  conditionalAccessPolicyType,
  featureRolloutPolicyType,
  homeRealmDiscoveryPolicyType,
  namedLocationType,
  tokenIssuancePolicyType,
  tokenLifetimePolicyType,
} from "../model/policyTypes";
import { mergeProperties } from "../properties";
import { answerList } from "../query/answer";
import { graphDate } from "../../clock";
import { keepMade } from "./tenantPolicies";

/** Policies that hold for the applications or service principals they are assigned to. */
const assignable: readonly (readonly [
  holder: string,
  find: (call: GraphCall, key: string) => { readonly id: string } | undefined,
  name: string,
  type: EntityType,
])[] = [
  [
    "servicePrincipals",
    findServicePrincipal,
    "homeRealmDiscoveryPolicies",
    homeRealmDiscoveryPolicyType,
  ],
  ["servicePrincipals", findServicePrincipal, "claimsMappingPolicies", claimsMappingPolicyType],
  ...(
    [
      ["tokenIssuancePolicies", tokenIssuancePolicyType],
      ["tokenLifetimePolicies", tokenLifetimePolicyType],
    ] as const
  ).flatMap(
    ([name, type]) =>
      [
        ["applications", findApplication, name, type],
        ["servicePrincipals", findServicePrincipal, name, type],
      ] as const,
  ),
];

const definedPolicies: readonly (readonly [name: string, type: EntityType])[] = [
  ["claimsMappingPolicies", claimsMappingPolicyType],
  ["homeRealmDiscoveryPolicies", homeRealmDiscoveryPolicyType],
  ["tokenIssuancePolicies", tokenIssuancePolicyType],
  ["tokenLifetimePolicies", tokenLifetimePolicyType],
  ["activityBasedTimeoutPolicies", activityBasedTimeoutPolicyType],
];

/**
 * Policies and locations that are kept as they are written. None of them has an effect: a sign-in is
 * blocked by whoever runs the simulator.
 */
export const keptPolicies: readonly EntitySet<KeptPolicyRecord>[] = [
  policySet(["/identity/conditionalAccess/namedLocations"], namedLocationType, "ConditionalAccess"),
  policySet(
    ["/identity/conditionalAccess/policies", "/policies/conditionalAccessPolicies"],
    conditionalAccessPolicyType,
    "ConditionalAccess",
  ),
  policySet(
    [
      "/policies/authenticationStrengthPolicies",
      "/identity/conditionalAccess/authenticationStrength/policies",
    ],
    authenticationStrengthPolicyType,
    "AuthenticationMethod",
  ),
  ...definedPolicies.map(([name, type]) =>
    policySet([`/policies/${name}`], type, "ApplicationConfiguration"),
  ),
  policySet(["/policies/featureRolloutPolicies"], featureRolloutPolicyType, "FeatureRollout"),
];

function policySet(
  paths: readonly string[],
  type: EntityType,
  permission: string,
): EntitySet<KeptPolicyRecord> {
  const write = [`Policy.ReadWrite.${permission}`];
  return {
    paths,
    type,
    setName: () => paths[0]!.split("/").slice(-2).join("/"),
    read: ["Policy.Read.All", ...write],
    write,
    all: ({ state }) => state.keptPolicies.findBy("type", type.name),
    show: (_, policy) => shownPolicy(type, policy),
    create: (call) => {
      for (const name of type.required ?? []) {
        requiredText(call.body, name, type.name);
      }
      const odataType = call.body["@odata.type"];
      const made = keepMade(call.state, {
        type: type.name,
        ...(odataType === undefined ? {} : { odataType: asText(odataType) }),
        properties: mergeProperties({ ...type.defaults! }, call.body, type),
      });
      return shownPolicy(type, made);
    },
    update: (call, policy) => {
      policy.properties = mergeProperties(policy.properties, call.body, type);
      policy.modifiedDateTime = graphDate(call.state.now());
    },
    remove: ({ state }, { id }) => state.keptPolicies.delete(id),
  };
}

function shownPolicy(type: EntityType, policy: KeptPolicyRecord): JsonObject {
  const { id, odataType, createdDateTime, modifiedDateTime, properties } = policy;
  return {
    ...(odataType === undefined ? {} : { "@odata.type": odataType }),
    id,
    ...("modifiedDateTime" in type.properties ? { createdDateTime, modifiedDateTime } : {}),
    ...structuredClone(properties),
  };
}

/** What can be done with such policies besides. */
export function installPolicyActions(app: SimulatorApp): void {
  // @see https://learn.microsoft.com/graph/api/authenticationstrengthpolicy-updateallowedcombinations
  app.post(
    `${versions}/policies/authenticationStrengthPolicies/:id/updateAllowedCombinations`,
    (c) => {
      const call = permit(c, ["Policy.ReadWrite.AuthenticationMethod"]);
      const policy = policyInPath(call, authenticationStrengthPolicyType, "id");
      const { allowedCombinations: previousCombinations = [] } = policy.properties;
      const { allowedCombinations = [] } = call.body;
      policy.properties = mergeProperties(
        policy.properties,
        { allowedCombinations },
        authenticationStrengthPolicyType,
      );
      call.state.touch();
      return c.json({
        "@odata.context": call.context("microsoft.graph.updateAllowedCombinationsResult"),
        currentCombinations: allowedCombinations,
        previousCombinations,
        additionalInformation: "",
        conditionalAccessReferences: [],
      });
    },
  );

  // @see https://learn.microsoft.com/graph/api/serviceprincipal-post-claimsmappingpolicies
  const write = ["Policy.ReadWrite.ApplicationConfiguration", ...writeApplications];
  for (const [holder, find, name, type] of assignable) {
    const path = `${versions}/${holder}/:id/${name}`;
    app.get(path, (c) => {
      const call = permit(c, ["Policy.Read.All", ...readApplications]);
      const { id } = findInPath(call, find);
      const assigned = call.state.keptPolicies
        .findBy("type", type.name)
        .filter((one) => one.assignedTo.includes(id))
        .map((one) => shownPolicy(type, one));
      return answerList(call, type, `policies/${name}`, assigned);
    });
    app.post(`${path}/$ref`, (c) => {
      const call = permit(c, write);
      const { id } = findInPath(call, find);
      const [policyId = ""] = referencedIds(call.body["@odata.id"]);
      const policy = call.state.keptPolicies.get(policyId);
      if (policy?.type !== type.name) {
        throw graphErrors.notFound(policyId);
      }
      if (policy.assignedTo.includes(id)) {
        throw graphErrors.referenceAlreadyExists(name);
      }
      policy.assignedTo.push(id);
      return call.changed();
    });
    app.delete(`${path}/:policy/$ref`, (c) => {
      const call = permit(c, write);
      const { id } = findInPath(call, find);
      const policy = policyInPath(call, type, "policy");
      if (!policy.assignedTo.includes(id)) {
        throw graphErrors.notFound(policy.id);
      }
      policy.assignedTo = policy.assignedTo.filter((one) => one !== id);
      return call.changed();
    });
  }
}

function policyInPath(call: GraphCall, { name }: EntityType, parameter: string): KeptPolicyRecord {
  return findInPath(
    call,
    ({ state }, key) => state.keptPolicies.findBy("type", name).find(({ id }) => id === key),
    parameter,
  );
}
