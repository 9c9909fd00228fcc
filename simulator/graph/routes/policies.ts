import type { SimulatorApp } from "../../http/context";
import { isJsonObject, type Json, type JsonObject } from "../../json";
import type {
  AppManagementPolicy,
  AssignedAppManagementPolicy,
  CredentialRestriction,
} from "../../state/policies";
import { permitted, versions } from "../call";
import { durationMilliseconds } from "../credentialPolicy";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findApplication, inPath } from "../lookup";
import { appManagementPolicyType } from "../model/grantTypes";
import { answerObject } from "../query/answer";

const writePolicies = ["Policy.ReadWrite.ApplicationConfiguration"];
const readPolicies = ["Policy.Read.All", ...writePolicies];
const resource = "TenantAppManagementPolicy";

/**
 * The tenant's policy for credentials of applications.
 *
 * @see https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy
 */
export function installDefaultPolicy(app: SimulatorApp): void {
  const path = versions + "/policies/defaultAppManagementPolicy";

  app.get(path, (c) => {
    const call = permitted(c, readPolicies);
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
    const call = permitted(c, writePolicies);
    call.state.appManagementPolicy = merged(call.state.appManagementPolicy, call.body);
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
  read: readPolicies,
  all: (call) => {
    const assigned = call.state.assignedPolicies.get(inPath(call, findApplication).id);
    return assigned === undefined ? [] : [assigned];
  },
  show: (_, { restrictions, ...policy }) => ({
    ...policy,
    description: "",
    restrictions: presentRestrictions(restrictions),
  }),
};

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

function merged(current: AppManagementPolicy, sent: JsonObject): AppManagementPolicy {
  const { isEnabled = current.isEnabled, applicationRestrictions } = sent;
  if (typeof isEnabled !== "boolean") {
    throw graphErrors.invalidValue("isEnabled", resource);
  }
  const restrictions = isJsonObject(applicationRestrictions) ? applicationRestrictions : {};
  const { passwordCredentials, keyCredentials } = current.applicationRestrictions;
  return {
    isEnabled,
    applicationRestrictions: {
      passwordCredentials: parsed(restrictions["passwordCredentials"]) ?? passwordCredentials,
      keyCredentials: parsed(restrictions["keyCredentials"]) ?? keyCredentials,
    },
  };
}

function parsed(value: Json | undefined): CredentialRestriction[] | undefined {
  if (!Array.isArray(value)) {
    return undefined;
  }
  return value.map((one) => {
    const type = isJsonObject(one) ? one["restrictionType"] : undefined;
    if (!isJsonObject(one) || typeof type !== "string") {
      throw graphErrors.invalidValue("restrictionType", resource);
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
    throw graphErrors.invalidValue("maxLifetime", resource);
  }
  return value;
}
