import { graphDate } from "../../clock";
import { isJsonObject, type Json, type JsonObject } from "../../json";
import { type GroupSettingTemplate, groupSettingTemplates } from "../../seed/groupSettingTemplates";
import type { KeptPolicyRecord } from "../../state/entities";
import { requiredGuid } from "../body";
import type { GraphCall } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findInPath } from "../lookup";
import { type EntityType, propertiesByKind } from "../model/entityType";
import { findGroup, groupReaders } from "./groups";
import { keepMade } from "./tenantPolicies";

const writeSettings = ["GroupSettings.ReadWrite.All", "Directory.ReadWrite.All"];
const readSettings = [
  "GroupSettings.Read.All",
  "Directory.Read.All",
  "Group.Read.All",
  "Group.ReadWrite.All",
  ...writeSettings,
];

const templateType: EntityType = {
  name: "groupSettingTemplate",
  ...propertiesByKind({
    text: ["description", "displayName", "id"],
    date: ["deletedDateTime"],
    objects: ["values"],
  }),
};
const settingType: EntityType = {
  name: "groupSetting",
  ...propertiesByKind({
    text: ["displayName readOnly", "id", "templateId"],
    objects: ["values"],
  }),
};

/**
 * Settings of the tenant and of groups, kept as they are written, and what they are made from. The
 * beta calls them after the directory.
 *
 * @see https://learn.microsoft.com/graph/api/resources/groupsetting
 */
export const groupSettings: readonly [
  EntitySet<GroupSettingTemplate>,
  ...EntitySet<KeptPolicyRecord>[],
] = [
  {
    paths: ["/groupSettingTemplates", "/directorySettingTemplates"],
    type: templateType,
    read: readSettings,
    all: () => groupSettingTemplates,
    show: (_, { id, displayName, description, settings }) => ({
      id,
      deletedDateTime: null,
      displayName,
      description,
      values: settings.map(([name, defaultValue, type = "String"]) => ({
        name,
        type: `System.${type}`,
        defaultValue,
        description: `${name}.`,
      })),
    }),
  },
  settingsSet(["/groupSettings", "/settings"], "id", writeSettings, () => undefined),
  settingsSet(
    ["/groups/:id/settings"],
    "setting",
    [...writeSettings, "Group.ReadWrite.All"],
    (call) => findInPath(call, findGroup).id,
  ),
];

/** Settings of the tenant, or of the group that the path names. */
function settingsSet(
  paths: readonly string[],
  parameter: string,
  write: readonly string[],
  groupIn: (call: GraphCall) => string | undefined,
): EntitySet<KeptPolicyRecord> {
  const settingsIn = (call: GraphCall) => {
    const group = groupIn(call);
    return call.state.keptPolicies
      .findBy("type", settingType.name)
      .filter(({ assignedTo }) => assignedTo[0] === group);
  };
  return {
    paths,
    parameter,
    type: settingType,
    setName: () => "groupSettings",
    read: parameter === "id" ? readSettings : [...groupReaders, ...readSettings],
    write,
    all: settingsIn,
    show: (_, setting) => showSetting(setting),
    create: (call) => {
      const { state, body } = call;
      const templateId = requiredGuid(body, "templateId", "GroupSetting");
      const template = groupSettingTemplates.find(({ id }) => id === templateId);
      if (template === undefined) {
        throw graphErrors.invalidValue("templateId", "GroupSetting");
      }
      if (settingsIn(call).some(({ properties }) => properties["templateId"] === templateId)) {
        throw graphErrors.badRequest(
          "A conflicting object with one or more of the specified property values is present in the directory.",
        );
      }
      const group = groupIn(call);
      const defaults = template.settings.map(([name, value]) => ({ name, value }));
      const made = keepMade(state, {
        type: settingType.name,
        properties: {
          displayName: template.displayName,
          templateId,
          values: mergedValues(defaults, body["values"]),
        },
        assignedTo: group === undefined ? [] : [group],
      });
      return showSetting(made);
    },
    update: ({ state, body }, setting) => {
      const { templateId, values } = setting.properties;
      if (body["templateId"] !== undefined && body["templateId"] !== templateId) {
        throw graphErrors.readOnlyProperty("templateId", "GroupSetting");
      }
      setting.properties = {
        ...setting.properties,
        values: mergedValues(values as JsonObject[], body["values"]),
      };
      setting.modifiedDateTime = graphDate(state.now());
    },
    remove: ({ state }, { id }) => state.keptPolicies.delete(id),
  };
}

function showSetting({ id, properties }: KeptPolicyRecord): JsonObject {
  return { id, ...structuredClone(properties) };
}

/** Values with those that were sent. Throws 400 for a name that the template does not offer. */
function mergedValues(current: readonly JsonObject[], sent: Json = []): JsonObject[] {
  const values = Array.isArray(sent) ? sent : [undefined];
  const changed = new Map<Json, string>();
  for (const one of values) {
    const { name = null, value = "" } = isJsonObject(one ?? null) ? (one as JsonObject) : {};
    if (!current.some((known) => known["name"] === name) || typeof value !== "string") {
      throw graphErrors.invalidValue("values", "GroupSetting");
    }
    changed.set(name, value);
  }
  return current.map(({ name = null, value = "" }) => ({
    name,
    value: changed.get(name) ?? value,
  }));
}
