import { randomUUID } from "node:crypto";
import type { SimulatorApp } from "../../http/context";
import { asText, type JsonObject } from "../../json";
import type { KeptPolicyRecord } from "../../state/entities";
import { readApplications, writeApplications } from "../authorization";
import { referencedIds, requiredText } from "../body";
import { type GraphCall, permit, versions } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findServicePrincipal, findInPath } from "../lookup";
import type { EntityType } from "../model/entityType";
import {
  authenticationStrengthPolicyType,
  claimsMappingPolicyType,
  conditionalAccessPolicyType,
  namedLocationType,
} from "../model/policyTypes";
import { mergeProperties } from "../properties";
import { answerList } from "../query/answer";
import { graphDate } from "../../clock";

/**
 * Policies and locations that are kept as they are written. None of them has an effect: a sign-in is
 * blocked by whoever runs the simulator.
 */
export const keptPolicies: readonly EntitySet<KeptPolicyRecord>[] = [
  policySet("/identity/conditionalAccess/namedLocations", namedLocationType, "ConditionalAccess"),
  policySet(
    "/identity/conditionalAccess/policies",
    conditionalAccessPolicyType,
    "ConditionalAccess",
  ),
  policySet(
    "/policies/authenticationStrengthPolicies",
    authenticationStrengthPolicyType,
    "AuthenticationMethod",
  ),
  policySet("/policies/claimsMappingPolicies", claimsMappingPolicyType, "ApplicationConfiguration"),
];

function policySet(
  path: string,
  type: EntityType,
  permission: string,
): EntitySet<KeptPolicyRecord> {
  const write = [`Policy.ReadWrite.${permission}`];
  const now = ({ state }: GraphCall) => graphDate(state.now());
  return {
    paths: [path],
    type,
    setName: () => path.split("/").slice(-2).join("/"),
    read: ["Policy.Read.All", ...write],
    write,
    all: ({ state }) => state.keptPolicies.findBy("type", type.name),
    show: (_, policy) => shownPolicy(type, policy),
    create: (call) => {
      for (const name of type.required ?? []) {
        requiredText(call.body, name, type.name);
      }
      const odataType = call.body["@odata.type"];
      const made = call.state.keptPolicies.put({
        id: randomUUID(),
        type: type.name,
        ...(odataType === undefined ? {} : { odataType: asText(odataType) }),
        createdDateTime: now(call),
        modifiedDateTime: now(call),
        properties: mergeProperties({ ...type.defaults! }, call.body, type),
        assignedTo: [],
      });
      call.state.touch();
      return shownPolicy(type, made);
    },
    update: (call, policy) => {
      policy.properties = mergeProperties(policy.properties, call.body, type);
      policy.modifiedDateTime = now(call);
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
  const path = `${versions}/servicePrincipals/:id/claimsMappingPolicies`;
  const write = ["Policy.ReadWrite.ApplicationConfiguration", ...writeApplications];
  app.get(path, (c) => {
    const call = permit(c, ["Policy.Read.All", ...readApplications]);
    const { id } = findInPath(call, findServicePrincipal);
    const assigned = call.state.keptPolicies.all().filter((one) => one.assignedTo.includes(id));
    return answerList(
      call,
      claimsMappingPolicyType,
      "policies/claimsMappingPolicies",
      assigned.map((one) => shownPolicy(claimsMappingPolicyType, one)),
    );
  });
  app.post(`${path}/$ref`, (c) => {
    const call = permit(c, write);
    const { id } = findInPath(call, findServicePrincipal);
    const [policyId = ""] = referencedIds(call.body["@odata.id"]);
    const policy = call.state.keptPolicies.get(policyId);
    if (policy?.type !== claimsMappingPolicyType.name) {
      throw graphErrors.notFound(policyId);
    }
    if (policy.assignedTo.includes(id)) {
      throw graphErrors.referenceAlreadyExists("claimsMappingPolicies");
    }
    policy.assignedTo.push(id);
    return call.changed();
  });
  app.delete(`${path}/:policy/$ref`, (c) => {
    const call = permit(c, write);
    const { id } = findInPath(call, findServicePrincipal);
    const policy = policyInPath(call, claimsMappingPolicyType, "policy");
    if (!policy.assignedTo.includes(id)) {
      throw graphErrors.notFound(policy.id);
    }
    policy.assignedTo = policy.assignedTo.filter((one) => one !== id);
    return call.changed();
  });
}

function policyInPath(call: GraphCall, { name }: EntityType, parameter: string): KeptPolicyRecord {
  return findInPath(
    call,
    ({ state }, key) => state.keptPolicies.findBy("type", name).find(({ id }) => id === key),
    parameter,
  );
}
