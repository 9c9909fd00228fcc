import { randomUUID } from "node:crypto";
import type { SimulatorApp } from "../../http/context";
import { asText, isJsonObject, type Json, type JsonObject } from "../../json";
import type {
  AppManagementPolicy,
  AssignedAppManagementPolicy,
  CredentialRestriction,
} from "../../state/policies";
import { readApplications } from "../authorization";
import { referencedIds, requiredText } from "../body";
import { permit, versions } from "../call";
import { durationMilliseconds } from "../credentialPolicy";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findApplication, findInPath } from "../lookup";
import { appManagementPolicyType } from "../model/grantTypes";
import { answerObject } from "../query/answer";
import { type References, relationTo } from "../references";
import type { TenantState } from "../../state/tenantState";

const writePolicies = ["Policy.ReadWrite.ApplicationConfiguration"];
const policyReaders = ["Policy.Read.All", ...writePolicies];
const policyType = "TenantAppManagementPolicy";

/**
 * The tenant's policy for credentials of applications.
 *
 * @see https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy
 */
export function installDefaultPolicy(app: SimulatorApp): void {
  const path = versions + "/policies/defaultAppManagementPolicy";

  app.get(path, (c) => {
    const call = permit(c, policyReaders);
    const { isEnabled, applicationRestrictions } = call.state.appManagementPolicy;
    return answerObject(call, appManagementPolicyType, "policies/defaultAppManagementPolicy", {
      id: "00000000-0000-0000-0000-000000000000",
      displayName: "Default app management tenant policy",
      description:
        "Default tenant policy that enforces app management restrictions on applications and service principals. To apply policy to targeted resources, create a new policy under appManagementPolicies collection.",
      isEnabled,
      applicationRestrictions: presentRestrictions(applicationRestrictions),
      servicePrincipalRestrictions: { passwordCredentials: [], keyCredentials: [] },
    });
  });

  app.patch(path, (c) => {
    const call = permit(c, writePolicies);
    call.state.appManagementPolicy = mergedPolicy(call.state.appManagementPolicy, call.body);
    return call.changed();
  });
}

/**
 * The policy assigned to an application, which holds in place of the default.
 *
 * @see https://learn.microsoft.com/graph/api/resources/appmanagementpolicy
 */
export const assignedPolicies: EntitySet<AssignedAppManagementPolicy> = {
  paths: ["/applications/:id/appManagementPolicies"],
  parameter: "policy",
  type: appManagementPolicyType,
  setName: () => "appManagementPolicies",
  read: policyReaders,
  all: (call) => {
    const assigned = call.state.assignedPolicyOf(findInPath(call, findApplication).id);
    return assigned === undefined ? [] : [assigned];
  },
  show: (_, policy) => presentPolicy(policy),
};

/**
 * Policies that can be assigned to applications.
 *
 * @see https://learn.microsoft.com/graph/api/resources/appmanagementpolicy
 */
export const appManagementPolicies: EntitySet<AssignedAppManagementPolicy> = {
  paths: ["/policies/appManagementPolicies"],
  type: {
    ...appManagementPolicyType,
    navigation: { appliesTo: relationTo((state, { id }) => applicationsOf(state, asText(id))) },
  },
  read: policyReaders,
  write: writePolicies,
  all: ({ state }) => state.appManagementPolicies.all(),
  show: (_, policy) => presentPolicy(policy),
  create: ({ state, body }) => {
    const policy = {
      id: randomUUID(),
      ...writablePolicy(body, {
        displayName: requiredText(body, "displayName", "AppManagementPolicy"),
        isEnabled: false,
        restrictions: { passwordCredentials: [], keyCredentials: [] },
      }),
    };
    return presentPolicy(state.appManagementPolicies.put(policy));
  },
  update: ({ body }, policy) => void Object.assign(policy, writablePolicy(body, policy)),
  remove: ({ state }, { id }) => {
    if ([...state.assignedPolicies.values()].includes(id)) {
      throw graphErrors.badRequest("The policy is assigned and cannot be deleted.");
    }
    state.appManagementPolicies.delete(id);
  },
};

/** Which applications a policy is assigned to. */
export const policyTargets: References = {
  paths: ["/policies/appManagementPolicies/:id/appliesTo"],
  read: readApplications,
  ids: (call) => {
    const { id } = findInPath(call, ({ state }, key) => state.appManagementPolicies.get(key));
    return applicationsOf(call.state, id);
  },
};

function applicationsOf({ assignedPolicies }: TenantState, policyId: string): string[] {
  return [...assignedPolicies].flatMap(([application, policy]) =>
    policy === policyId ? [application] : [],
  );
}

/**
 * Assigns a policy to an application, and removes it.
 *
 * @see https://learn.microsoft.com/graph/api/appmanagementpolicy-post-appliesto
 */
export function installPolicyAssignment(app: SimulatorApp): void {
  const path = `${versions}/applications/:id/appManagementPolicies`;

  app.post(`${path}/$ref`, (c) => {
    const call = permit(c, writePolicies);
    const { id } = findInPath(call, findApplication);
    const [policy = ""] = referencedIds(call.body["@odata.id"]);
    if (call.state.appManagementPolicies.get(policy) === undefined) {
      throw graphErrors.notFound(policy);
    }
    if (call.state.assignedPolicies.has(id)) {
      throw graphErrors.badRequest("Only one policy can be assigned to an application.");
    }
    call.state.assignedPolicies.set(id, policy);
    return call.changed();
  });

  app.delete(`${path}/:policy/$ref`, (c) => {
    const call = permit(c, writePolicies);
    const { id } = findInPath(call, findApplication);
    if (call.state.assignedPolicies.get(id) !== call.param("policy")) {
      throw graphErrors.notFound(call.param("policy"));
    }
    call.state.assignedPolicies.delete(id);
    return call.changed();
  });
}

function presentPolicy({ restrictions, ...policy }: AssignedAppManagementPolicy): JsonObject {
  return { description: "", ...policy, restrictions: presentRestrictions(restrictions) };
}

function writablePolicy<T extends Omit<AssignedAppManagementPolicy, "id">>(
  sent: JsonObject,
  current: T,
): Omit<AssignedAppManagementPolicy, "id"> {
  const { displayName, description, isEnabled, restrictions } = sent;
  const given = isJsonObject(restrictions) ? restrictions : {};
  const { passwordCredentials, keyCredentials } = current.restrictions;
  return {
    displayName: typeof displayName === "string" ? displayName : current.displayName,
    ...(typeof description === "string" ? { description } : {}),
    isEnabled: typeof isEnabled === "boolean" ? isEnabled : current.isEnabled,
    restrictions: {
      passwordCredentials: parseRestrictions(given["passwordCredentials"]) ?? passwordCredentials,
      keyCredentials: parseRestrictions(given["keyCredentials"]) ?? keyCredentials,
    },
  };
}

function presentRestrictions({
  passwordCredentials,
  keyCredentials,
}: AppManagementPolicy["applicationRestrictions"]): JsonObject {
  return {
    passwordCredentials: passwordCredentials.map(present),
    keyCredentials: keyCredentials.map(present),
  };
}

function present(restriction: CredentialRestriction): JsonObject {
  return {
    restrictionType: restriction.restrictionType,
    state: restriction.state ?? "enabled",
    maxLifetime: restriction.maxLifetime ?? null,
    restrictForAppsCreatedAfterDateTime: restriction.restrictForAppsCreatedAfterDateTime ?? null,
  };
}

function mergedPolicy(current: AppManagementPolicy, sent: JsonObject): AppManagementPolicy {
  const { isEnabled = current.isEnabled, applicationRestrictions } = sent;
  if (typeof isEnabled !== "boolean") {
    throw graphErrors.invalidValue("isEnabled", policyType);
  }
  const restrictions = isJsonObject(applicationRestrictions) ? applicationRestrictions : {};
  const { passwordCredentials, keyCredentials } = current.applicationRestrictions;
  return {
    isEnabled,
    applicationRestrictions: {
      passwordCredentials:
        parseRestrictions(restrictions["passwordCredentials"]) ?? passwordCredentials,
      keyCredentials: parseRestrictions(restrictions["keyCredentials"]) ?? keyCredentials,
    },
  };
}

function parseRestrictions(value: Json | undefined): CredentialRestriction[] | undefined {
  if (!Array.isArray(value)) {
    return undefined;
  }
  return value.map((one) => {
    const type = isJsonObject(one) ? one["restrictionType"] : undefined;
    if (!isJsonObject(one) || typeof type !== "string") {
      throw graphErrors.invalidValue("restrictionType", policyType);
    }
    return {
      restrictionType: type,
      state: one["state"] === "disabled" ? "disabled" : "enabled",
      maxLifetime: lifetime(one["maxLifetime"]),
      restrictForAppsCreatedAfterDateTime:
        typeof one["restrictForAppsCreatedAfterDateTime"] === "string"
          ? one["restrictForAppsCreatedAfterDateTime"]
          : null,
    };
  });
}

function lifetime(value: Json | undefined): string | null {
  if (typeof value !== "string") {
    return null;
  }
  try {
    durationMilliseconds(value);
  } catch {
    throw graphErrors.invalidValue("maxLifetime", policyType);
  }
  return value;
}
