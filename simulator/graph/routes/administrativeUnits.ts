import { randomUUID } from "node:crypto";
import { asText } from "../../json";
import type { SimulatorApp } from "../../http/context";
import { NotSimulated } from "../../http/protocolError";
import { requiredText } from "../body";
import { type GraphCall, permit, versions } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findInPath } from "../lookup";
import { administrativeUnitType, groupType } from "../model/directoryTypes";
import { presentAdministrativeUnit } from "../present";
import { mergeProperties } from "../properties";
import { answerCreated } from "../query/answer";
import { type References, relationTo } from "../references";
import { createGroup, writeGroups } from "./groups";
import type { AdministrativeUnitRecord } from "../../state/entities";

const writeUnits = ["AdministrativeUnit.ReadWrite.All", "Directory.ReadWrite.All"];
/** Permissions that suffice to read administrative units. */
export const readUnits = ["AdministrativeUnit.Read.All", "Directory.Read.All", ...writeUnits];
/** Reachable with and without `/directory` in the path. */
export const unitPaths = ["/directory/administrativeUnits", "/administrativeUnits"];

const unitInPath = (call: GraphCall) =>
  findInPath(call, ({ state }, key) => state.administrativeUnits.get(key));

/** @see https://learn.microsoft.com/graph/api/resources/administrativeunit */
export const administrativeUnits: EntitySet<AdministrativeUnitRecord> = {
  paths: unitPaths,
  type: {
    ...administrativeUnitType,
    navigation: {
      members: relationTo((state, { id }) => state.administrativeUnits.get(asText(id))!.members),
    },
  },
  read: readUnits,
  write: writeUnits,
  all: ({ state }) => state.administrativeUnits.all(),
  delta: true,
  find: ({ state }, key) => state.administrativeUnits.get(key),
  show: (_, unit) => presentAdministrativeUnit(unit),
  create: (call) => {
    const { state, body } = call;
    const displayName = requiredText(body, "displayName", "AdministrativeUnit");
    const properties = mergeProperties(
      administrativeUnitType.defaults!,
      body,
      call.extended(administrativeUnitType),
    );
    const unit = state.administrativeUnits.put({
      id: randomUUID(),
      properties: { ...properties, displayName },
      members: [],
    });
    state.touch();
    return presentAdministrativeUnit(unit);
  },
  update: (call, unit) => {
    const { id: _, ...sent } = call.body;
    const merged = mergeProperties(unit.properties, sent, call.extended(administrativeUnitType));
    unit.properties = { ...merged, displayName: asText(merged["displayName"]) };
  },
  remove: ({ state }, unit) => state.deleteAdministrativeUnit(unit),
};

/** Users, groups and devices can be members; devices are not simulated. */
export const administrativeUnitMembers: References = {
  paths: unitPaths.map((path) => `${path}/:id/members`),
  read: readUnits,
  write: writeUnits,
  ids: (call) => unitInPath(call).members,
  add: (call, id) => {
    if (call.state.users.get(id) === undefined && call.state.groups.get(id) === undefined) {
      throw graphErrors.notFound(id);
    }
    unitInPath(call).members.push(id);
  },
  remove: (call, id) => {
    const unit = unitInPath(call);
    unit.members = unit.members.filter((member) => member !== id);
  },
};

/**
 * Groups that are made as members of a unit.
 *
 * @see https://learn.microsoft.com/graph/api/administrativeunit-post-members
 */
export function installGroupsOfUnits(app: SimulatorApp): void {
  for (const path of unitPaths) {
    app.post(`${versions}${path}/:id/members`, (c) => {
      const call = permit(c, ["Group.Create", ...writeGroups]).writing(groupType);
      const unit = unitInPath(call);
      const { "@odata.type": type = "#microsoft.graph.group" } = call.body;
      if (asText(type).toLowerCase() !== "#microsoft.graph.group") {
        throw new NotSimulated("a member made as", asText(type));
      }
      const group = createGroup(call);
      unit.members.push(asText(group["id"]));
      return answerCreated(call, groupType, "directoryObjects", {
        "@odata.type": "#microsoft.graph.group",
        ...group,
      });
    });
  }
}
