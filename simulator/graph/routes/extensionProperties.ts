import type { SimulatorApp } from "../../http/context";
import { asText, type JsonObject } from "../../json";
import type { KeptPolicyRecord } from "../../state/entities";
import { authorizeWrite, readApplications, writeApplications } from "../authorization";
import { requiredText } from "../body";
import { type GraphCall, permit, versions } from "../call";
import type { EntitySet } from "../entitySet";
import {
  appIdIn,
  availableExtensions,
  definedBy,
  extensionDataTypes,
  extensionPropertyType,
} from "../directoryExtensions";
import { graphErrors } from "../errors";
import { findApplication, findInPath } from "../lookup";
import { mergeProperties } from "../properties";
import { answerList } from "../query/answer";
import { readDirectory } from "./directoryObjects";
import { keepMade } from "./tenantPolicies";

const extensible = ["User", "Group", "AdministrativeUnit", "Application", "Device", "Organization"];

/**
 * Properties that an application defines for objects of the directory.
 *
 * @see https://learn.microsoft.com/graph/api/resources/extensionproperty
 */
export const extensionProperties: EntitySet<KeptPolicyRecord> = {
  paths: ["/applications/:id/extensionProperties"],
  parameter: "extension",
  type: extensionPropertyType,
  setName: (call) => `applications('${owner(call).id}')/extensionProperties`,
  read: readApplications,
  write: writeApplications,
  all: (call) => definedBy(call.tenant, owner(call).appId),
  show: (call, one) => showExtension(call, one),
  create: (call) => {
    const { body, state } = call;
    const { id, appId, owners } = owner(call);
    authorizeWrite(call.caller, { owners });
    const name = requiredText(body, "name", "ExtensionProperty");
    const dataType = requiredText(body, "dataType", "ExtensionProperty");
    const { targetObjects } = body;
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name)) {
      throw graphErrors.invalidValue("name", "ExtensionProperty");
    }
    if (!Object.hasOwn(extensionDataTypes, dataType)) {
      throw graphErrors.invalidValue("dataType", "ExtensionProperty");
    }
    if (
      !Array.isArray(targetObjects) ||
      targetObjects.length === 0 ||
      !targetObjects.every((one) => extensible.includes(asText(one)))
    ) {
      throw graphErrors.invalidValue("targetObjects", "ExtensionProperty");
    }
    const fullName = `extension_${appId.replaceAll("-", "")}_${name}`;
    if (definedBy(call.tenant, appId).some(({ properties }) => properties["name"] === fullName)) {
      throw graphErrors.sameValueExists("name");
    }
    const sent = { ...body, name: fullName };
    const properties = mergeProperties({ isMultiValued: false }, sent, extensionPropertyType);
    const { name: type } = extensionPropertyType;
    return showExtension(call, keepMade(state, { type, properties, assignedTo: [id] }));
  },
  remove: (call, { id }) => {
    authorizeWrite(call.caller, owner(call));
    call.state.keptPolicies.delete(id);
  },
};

/** @see https://learn.microsoft.com/graph/api/directoryobject-getavailableextensionproperties */
export function installAvailableExtensions(app: SimulatorApp): void {
  app.post(`${versions}/directoryObjects/getAvailableExtensionProperties`, (c) => {
    const call = permit(c, [...readApplications, ...readDirectory]);
    const { isSyncedFromOnPremises: synced = null } = call.body;
    if (synced !== null && typeof synced !== "boolean") {
      throw graphErrors.invalidValue("isSyncedFromOnPremises", "ExtensionProperty");
    }
    const defined = availableExtensions(call.tenant).map((one) => showExtension(call, one));
    const asked = synced === true ? [] : defined;
    return answerList(call, extensionPropertyType, "Collection(extensionProperty)", asked);
  });
}

const owner = (call: GraphCall) => findInPath(call, findApplication);

function showExtension({ tenant }: GraphCall, { id, properties }: KeptPolicyRecord): JsonObject {
  const { application } = tenant.registrationFor(appIdIn(asText(properties["name"]))) ?? {};
  return {
    id,
    deletedDateTime: null,
    appDisplayName: application?.properties.displayName ?? null,
    isSyncedFromOnPremises: false,
    ...structuredClone(properties),
  };
}
