import { asText, type JsonObject } from "../../json";
import { firstPartyTemplates } from "../../seed/firstParty";
import type { ServicePrincipalRecord } from "../../state/entities";
import type { Tenant } from "../../state/tenants";
import { servicePrincipalDefaults } from "../../state/newEntities";
import {
  authenticate,
  authorizeWrite,
  mayWriteApplications,
  readApplications,
  writeApplications,
} from "../authorization";
import { referencedIds, requiredGuid } from "../body";
import { GraphCall, permit } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { replaceKeyCredentials } from "../keyCredentials";
import { boundOwners, findServicePrincipal, findInPath } from "../lookup";
import { servicePrincipalType } from "../model/directoryTypes";
import { appRoleAssignmentType, oauth2PermissionGrantType } from "../model/grantTypes";
import { presentAppRoleAssignment, presentServicePrincipal } from "../present";
import { mergeProperties } from "../properties";
import { relationTo } from "../references";
import { relationsToExpand } from "./relations";

/**
 * Service principals.
 *
 * @see https://learn.microsoft.com/graph/api/resources/serviceprincipal
 */
export const servicePrincipals: EntitySet<ServicePrincipalRecord> = {
  paths: ["/servicePrincipals"],
  type: {
    ...servicePrincipalType,
    navigation: {
      owners: relationTo((state, { id }) => state.servicePrincipals.get(asText(id))!.owners),
      ...relationsToExpand("/servicePrincipals"),
      appRoleAssignments: consentRelation("principalId"),
      appRoleAssignedTo: consentRelation("resourceId"),
      oauth2PermissionGrants: {
        many: true,
        type: oauth2PermissionGrantType,
        related: ({ state }, { id }) =>
          state.oauth2PermissionGrants
            .findBy("clientId", asText(id))
            .map((grant) => ({ ...grant })),
      },
    },
  },
  read: readApplications,
  write: writeApplications,
  readOne: (c) => {
    const call = new GraphCall(c, authenticate(c));
    // An app can read its own service principal without any permission.
    const own = findInPath(call, findServicePrincipal).id === call.caller.objectId;
    return own ? call : permit(c, readApplications);
  },
  all: ({ state }) => state.servicePrincipals.all(),
  delta: true,
  find: findServicePrincipal,
  show: ({ c, tenant }, servicePrincipal, single) => {
    const withKeys = single && /select=[^&]*keyCredentials/i.test(c.req.url);
    return presentServicePrincipal(tenant, servicePrincipal, { withKeys });
  },
  upsertBy: "appId",
  create: createServicePrincipal,
  update: ({ body, caller, state }, servicePrincipal) => {
    authorizeWrite(caller, servicePrincipal);
    const { id, keyCredentials, ...sent } = body;
    if (id !== undefined && asText(id).toLowerCase() !== servicePrincipal.id) {
      throw graphErrors.readOnlyProperty("id", "ServicePrincipal");
    }
    const merged = mergeProperties(servicePrincipal.properties, sent, servicePrincipalType);
    if (keyCredentials !== undefined) {
      servicePrincipal.keyCredentials = replaceKeyCredentials(
        servicePrincipal.keyCredentials,
        keyCredentials,
        state.now(),
      );
    }
    servicePrincipal.properties = {
      ...merged,
      accountEnabled: merged["accountEnabled"] !== false,
      appRoleAssignmentRequired: merged["appRoleAssignmentRequired"] === true,
    };
  },
  remove: ({ caller, state }, servicePrincipal) => {
    // Microsoft's own can be deleted like any other, which has cut off whole tenants.
    authorizeWrite(caller, servicePrincipal);
    state.deleteServicePrincipal(servicePrincipal);
  },
};

function consentRelation(index: "principalId" | "resourceId") {
  return {
    many: true,
    type: appRoleAssignmentType,
    related: (tenant: Tenant, { id }: JsonObject) =>
      tenant.state.appRoleAssignments
        .findBy(index, asText(id))
        .map((one) => presentAppRoleAssignment(tenant, one)),
  };
}

function createServicePrincipal({ body, caller, tenant, state }: GraphCall): JsonObject {
  const { "owners@odata.bind": bound, appId: _, ...sent } = body;
  const appId = requiredGuid(body, "appId", "ServicePrincipal");
  const registration = tenant.registrationFor(appId);
  const reach = mayWriteApplications(caller);
  if (reach === "owned" && registration?.home !== tenant) {
    throw graphErrors.backingApplicationNotLocal();
  }
  if (registration === undefined && !firstPartyTemplates.has(appId)) {
    throw graphErrors.noBackingApplication(appId);
  }
  if (reach === "owned" && registration !== undefined) {
    authorizeWrite(caller, registration.application);
  }
  if (state.servicePrincipalOf(appId) !== undefined) {
    throw graphErrors.servicePrincipalExists(appId);
  }
  const owners = boundOwners(state, referencedIds(bound));
  if (owners.length === 0 && reach === "owned") {
    owners.push(caller.objectId);
  }
  const properties = mergeProperties(servicePrincipalDefaults(), sent, servicePrincipalType);
  const created = state.addServicePrincipal(appId, properties, owners);
  return presentServicePrincipal(tenant, created);
}
