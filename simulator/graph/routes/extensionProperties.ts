import type { SimulatorApp } from "../../http/context";
import { asText, type JsonObject } from "../../json";
import type { KeptPolicyRecord } from "../../state/entities";
import { authorizeWrite, readApplications, writeApplications } from "../authorization";
import { requiredText } from "../body";
import { type GraphCall, permit, versions } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findApplication, findInPath } from "../lookup";
import { type EntityType, propertiesByKind } from "../model/entityType";
import { mergeProperties } from "../properties";
import { answerList } from "../query/answer";
import { readDirectory } from "./directoryObjects";
import { keepMade } from "./tenantPolicies";

const extensionPropertyType: EntityType = {
  name: "extensionProperty",
  ...propertiesByKind({
    text: ["appDisplayName readOnly", "dataType required", "id filterable", "name required"],
    boolean: ["isMultiValued", "isSyncedFromOnPremises filterable readOnly"],
    date: ["deletedDateTime readOnly"],
    texts: ["targetObjects required"],
  }),
};
const dataTypes = ["Binary", "Boolean", "DateTime", "Integer", "LargeInteger", "String"];
const extensible = ["User", "Group", "AdministrativeUnit", "Application", "Device", "Organization"];

/**
 * Properties that an application defines for objects of the directory. Objects do not take them yet.
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
  all: (call) => definedBy(call, owner(call).id),
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
    if (!dataTypes.includes(dataType)) {
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
    if (definedBy(call, id).some(({ properties }) => properties["name"] === fullName)) {
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
    const applications = new Set(call.state.applications.all().map(({ id }) => id));
    const defined = call.state.keptPolicies
      .findBy("type", extensionPropertyType.name)
      .filter(({ assignedTo: [by = ""] }) => applications.has(by))
      .map((one) => showExtension(call, one));
    const asked = synced === true ? [] : defined;
    return answerList(call, extensionPropertyType, "Collection(extensionProperty)", asked);
  });
}

const owner = (call: GraphCall) => findInPath(call, findApplication);

function definedBy({ state }: GraphCall, applicationId: string): KeptPolicyRecord[] {
  return state.keptPolicies
    .findBy("type", extensionPropertyType.name)
    .filter(({ assignedTo }) => assignedTo.includes(applicationId));
}

function showExtension({ state }: GraphCall, one: KeptPolicyRecord): JsonObject {
  const { id, properties, assignedTo } = one;
  return {
    id,
    deletedDateTime: null,
    appDisplayName: state.applications.get(assignedTo[0] ?? "")?.properties.displayName ?? null,
    isSyncedFromOnPremises: false,
    ...structuredClone(properties),
  };
}
