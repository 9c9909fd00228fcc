import { asText, type JsonObject } from "../../json";
import { firstPartyTemplates, graphAppId, managementAppId } from "../../seed/firstParty";
import type { ServicePrincipalRecord } from "../../state/entities";
import type { Tenant } from "../../state/tenants";
import { newServicePrincipal, servicePrincipalDefaults } from "../../state/newEntities";
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
import { mergeProperties, withoutUnchanged } from "../properties";
import { relationTo } from "../references";
import { replacePasswords } from "./tokenSigning";
import { relationsToExpand } from "./relations";

/**
 * Microsoft's own that the directory rests on.
 *
 * @see https://sandyzeng.com/microsoft-intune-service-principal/
 */
const neverDeleted: ReadonlySet<string> = new Set([graphAppId, managementAppId]);

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
    const { keyCredentials, passwordCredentials, ...sent } = body;
    const merged = mergeProperties(servicePrincipal.properties, sent, servicePrincipalType);
    const keys =
      keyCredentials === undefined
        ? servicePrincipal.keyCredentials
        : replaceKeyCredentials(servicePrincipal.keyCredentials, keyCredentials, state.now());
    const passwords = replacePasswords(keys, servicePrincipal, passwordCredentials);
    servicePrincipal.keyCredentials = keys;
    servicePrincipal.passwordCredentials = passwords;
    servicePrincipal.properties = {
      ...merged,
      accountEnabled: merged["accountEnabled"] !== false,
      appRoleAssignmentRequired: merged["appRoleAssignmentRequired"] === true,
    };
  },
  remove: ({ caller, state }, servicePrincipal) => {
    // Microsoft's own can be deleted like any other, which has cut off whole tenants, but for these.
    // @see https://github.com/hashicorp/terraform-provider-azuread/issues/1141
    authorizeWrite(caller, servicePrincipal);
    if (neverDeleted.has(servicePrincipal.appId)) {
      throw graphErrors.insufficientPrivileges();
    }
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
  const inherited = presentServicePrincipal(tenant, newServicePrincipal("", appId, {}, []));
  const properties = mergeProperties(
    servicePrincipalDefaults(),
    // What comes from the application may be said as it is there.
    // @see https://github.com/hashicorp/terraform-provider-azuread/issues/1224
    withoutUnchanged(servicePrincipalType, sent, inherited),
    servicePrincipalType,
  );
  const created = state.addServicePrincipal(appId, properties, owners);
  return presentServicePrincipal(tenant, created);
}
