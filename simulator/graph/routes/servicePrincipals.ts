import type { Caller, SimulatorApp, SimulatorContext } from "../../http/context";
import { asText, type JsonObject } from "../../json";
import { firstPartyTemplates } from "../../seed/firstParty";
import { servicePrincipalDefaults } from "../../state/newEntities";
import {
  authenticate,
  authorize,
  authorizeWrite,
  mayWriteApplications,
  readApplications,
  writeApplications,
} from "../authorization";
import { jsonBody, referencedIds, requiredGuid } from "../body";
import { graphErrors } from "../errors";
import { servicePrincipalInPath, showDirectoryObjects, showServicePrincipal } from "../lookup";
import { mergeProperties } from "../properties";
import { entity, filtered, list, rejectUnknownOptions, selected } from "../query";
import { servicePrincipalProperties } from "../servicePrincipalProperties";

const betaOnly = ["samlMetadataUrl"];

/**
 * Service principals.
 *
 * @see https://learn.microsoft.com/graph/api/resources/serviceprincipal
 */
export function installServicePrincipalRoutes(app: SimulatorApp, version: string): void {
  app.post(`/${version}/servicePrincipals`, (c) => {
    const caller = authorize(c, writeApplications);
    return entity(c, "servicePrincipals", createServicePrincipal(c, caller), 201);
  });

  app.get(`/${version}/servicePrincipals`, (c) => {
    const caller = authorize(c, readApplications);
    const { state } = caller.tenant;
    const found = filtered(c, state.servicePrincipals.all(), {
      appId: ({ appId }) => appId,
      displayName: (one) => state.nameOf(one),
      id: ({ id }) => id,
    });
    return list(
      c,
      "servicePrincipals",
      found.map((one) => select(c, showServicePrincipal(c, caller, one))),
    );
  });

  app.get(`/${version}/servicePrincipals/:id`, (c) => {
    rejectUnknownOptions(c, ["$select"]);
    const servicePrincipal = servicePrincipalInPath(c, authenticate(c));
    // An app can read its own service principal without any permission.
    const own = servicePrincipal.id === c.var.request.caller?.objectId;
    const caller = own ? authenticate(c) : authorize(c, readApplications);
    return entity(
      c,
      "servicePrincipals",
      select(c, showServicePrincipal(c, caller, servicePrincipal)),
    );
  });

  app.get(`/${version}/servicePrincipals/:id/ownedObjects`, (c) => {
    const caller = authorize(c, readApplications);
    const { id } = servicePrincipalInPath(c, caller);
    const { applications, servicePrincipals } = caller.tenant.state;
    const owned = [...applications.all(), ...servicePrincipals.all()].filter(({ owners }) =>
      owners.includes(id),
    );
    return list(
      c,
      "directoryObjects",
      showDirectoryObjects(
        c,
        caller,
        owned.map((one) => one.id),
      ),
    );
  });

  app.patch(`/${version}/servicePrincipals/:id`, (c) => {
    const caller = authorize(c, writeApplications);
    const servicePrincipal = servicePrincipalInPath(c, caller);
    authorizeWrite(caller, servicePrincipal);
    const { id, ...sent } = jsonBody(c);
    if (id !== undefined && asText(id).toLowerCase() !== servicePrincipal.id) {
      throw graphErrors.readOnlyProperty("id", "ServicePrincipal");
    }
    const merged = mergeProperties(servicePrincipal.properties, sent, servicePrincipalProperties);
    servicePrincipal.properties = {
      ...merged,
      accountEnabled: merged["accountEnabled"] !== false,
      appRoleAssignmentRequired: merged["appRoleAssignmentRequired"] === true,
    };
    caller.tenant.state.touch();
    return c.body(null, 204);
  });

  app.delete(`/${version}/servicePrincipals/:id`, (c) => {
    const caller = authorize(c, writeApplications);
    const servicePrincipal = servicePrincipalInPath(c, caller);
    // Microsoft's own can be deleted like any other, which has cut off whole tenants.
    authorizeWrite(caller, servicePrincipal);
    caller.tenant.state.deleteServicePrincipal(servicePrincipal);
    return c.body(null, 204);
  });
}

function select(c: SimulatorContext, shown: JsonObject): JsonObject {
  return selected(c, shown, { onlyWhenSelected: betaOnly, resource: "servicePrincipal" });
}

function createServicePrincipal(c: SimulatorContext, caller: Caller): JsonObject {
  const { tenant } = caller;
  const { state } = tenant;
  const { "owners@odata.bind": bound, appId: _, ...sent } = jsonBody(c);
  const appId = requiredGuid(jsonBody(c), "appId", "ServicePrincipal");
  const registration = c.var.services.tenants.registrationFor(tenant, appId);
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
  const owners = [...new Set(referencedIds(bound))];
  for (const owner of owners) {
    if (state.directoryObject(owner) === undefined) {
      throw graphErrors.notFound(owner);
    }
  }
  if (owners.length === 0 && reach === "owned") {
    owners.push(caller.objectId);
  }
  const properties = mergeProperties(servicePrincipalDefaults(), sent, servicePrincipalProperties);
  const created = state.addServicePrincipal(appId, properties, owners);
  return Object.fromEntries(
    Object.entries(showServicePrincipal(c, caller, created)).filter(
      ([name]) => !betaOnly.includes(name),
    ),
  );
}
