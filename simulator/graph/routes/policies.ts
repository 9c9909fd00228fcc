import type { SimulatorApp } from "../../http/context";
import { isJsonObject, type Json, type JsonObject } from "../../json";
import type {
  AppManagementPolicy,
  AssignedAppManagementPolicy,
  CredentialRestriction,
} from "../../state/policies";
import { authorize } from "../authorization";
import { jsonBody } from "../body";
import { durationMilliseconds } from "../credentialPolicy";
import { graphErrors } from "../errors";
import { applicationInPath } from "../lookup";
import { list } from "../query";

const writePolicies = ["Policy.ReadWrite.ApplicationConfiguration"];
const readPolicies = ["Policy.Read.All", ...writePolicies];
const resource = "TenantAppManagementPolicy";

/**
 * The tenant's policy for credentials of applications.
 *
 * @see https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy
 */
export function installPolicyRoutes(app: SimulatorApp, version: string): void {
  const path = `/${version}/policies/defaultAppManagementPolicy`;

  app.get(path, (c) => {
    const { tenant } = authorize(c, readPolicies);
    const { isEnabled, applicationRestrictions } = tenant.state.appManagementPolicy;
    return c.json({
      "@odata.context": `${c.var.request.origin}/${version}/$metadata#policies/defaultAppManagementPolicy/$entity`,
      id: "00000000-0000-0000-0000-000000000000",
      displayName: "Default app management tenant policy",
      description:
        "Default tenant policy that enforces app management restrictions on applications and service principals. To apply policy to targeted resources, create a new policy under appManagementPolicies collection.",
      isEnabled,
      applicationRestrictions: {
        passwordCredentials: applicationRestrictions.passwordCredentials.map(present),
        keyCredentials: applicationRestrictions.keyCredentials.map(present),
      },
      servicePrincipalRestrictions: { passwordCredentials: [], keyCredentials: [] },
    });
  });

  app.patch(path, (c) => {
    const { tenant } = authorize(c, writePolicies);
    const { state } = tenant;
    state.appManagementPolicy = merged(state.appManagementPolicy, jsonBody(c));
    state.touch();
    return c.body(null, 204);
  });

  app.get(`/${version}/applications/:id/appManagementPolicies`, (c) => {
    const caller = authorize(c, readPolicies);
    const { id } = applicationInPath(c, caller);
    const assigned = caller.tenant.state.assignedPolicies.get(id);
    return list(
      c,
      "appManagementPolicies",
      assigned === undefined ? [] : [presentAssigned(assigned)],
    );
  });
}

function presentAssigned({ restrictions, ...policy }: AssignedAppManagementPolicy): JsonObject {
  return {
    ...policy,
    description: "",
    restrictions: {
      passwordCredentials: restrictions.passwordCredentials.map(present),
      keyCredentials: restrictions.keyCredentials.map(present),
    },
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
