import { randomUUID } from "node:crypto";
import type { Caller, SimulatorApp, SimulatorContext } from "../../http/context";
import { asText, type JsonObject } from "../../json";
import type { AdministrativeUnitRecord } from "../../state/entities";
import { authorize } from "../authorization";
import { jsonBody, referencedIds, requiredText } from "../body";
import { graphErrors } from "../errors";
import { showDirectoryObjects } from "../lookup";
import { presentAdministrativeUnit } from "../present";
import { mergeProperties, type WritableProperties } from "../properties";
import { entity, filtered, list, selected } from "../query";

const writeUnits = ["AdministrativeUnit.ReadWrite.All", "Directory.ReadWrite.All"];
const readUnits = ["AdministrativeUnit.Read.All", "Directory.Read.All", ...writeUnits];

const defaults: JsonObject = {
  description: null,
  isMemberManagementRestricted: null,
  membershipRule: null,
  membershipRuleProcessingState: null,
  membershipType: null,
  visibility: null,
};

const unitProperties: WritableProperties = {
  resource: "AdministrativeUnit",
  kinds: {
    description: "text",
    displayName: "text",
    isMemberManagementRestricted: "boolean",
    membershipRule: "text",
    membershipRuleProcessingState: "text",
    membershipType: "text",
    visibility: "text",
  },
  readOnly: ["deletedDateTime"],
  required: ["displayName"],
  defaults,
};

/**
 * Administrative units; reachable with and without `/directory` in the path.
 *
 * @see https://learn.microsoft.com/graph/api/resources/administrativeunit
 */
export function installAdministrativeUnitRoutes(app: SimulatorApp, version: string): void {
  for (const path of [
    `/${version}/directory/administrativeUnits`,
    `/${version}/administrativeUnits`,
  ]) {
    app.get(path, (c) => {
      const { tenant } = authorize(c, readUnits);
      const found = filtered(c, tenant.state.administrativeUnits.all(), {
        displayName: ({ properties }) => properties.displayName,
        id: ({ id }) => id,
      });
      return list(c, "directory/administrativeUnits", found.map(presentAdministrativeUnit));
    });

    app.post(path, (c) => {
      const { tenant } = authorize(c, writeUnits);
      const body = jsonBody(c);
      const displayName = requiredText(body, "displayName", "AdministrativeUnit");
      const unit = tenant.state.administrativeUnits.put({
        id: randomUUID(),
        properties: { ...mergeProperties(defaults, body, unitProperties), displayName },
        members: [],
      });
      tenant.state.touch();
      return entity(c, "directory/administrativeUnits", presentAdministrativeUnit(unit), 201);
    });

    app.get(`${path}/:id`, (c) => {
      const unit = unitInPath(c, authorize(c, readUnits));
      const shown = selected(c, presentAdministrativeUnit(unit), {
        resource: "administrativeUnit",
      });
      return entity(c, "directory/administrativeUnits", shown);
    });

    app.patch(`${path}/:id`, (c) => {
      const caller = authorize(c, writeUnits);
      const unit = unitInPath(c, caller);
      const { id: _, ...sent } = jsonBody(c);
      const merged = mergeProperties(unit.properties, sent, unitProperties);
      unit.properties = { ...merged, displayName: asText(merged["displayName"]) };
      caller.tenant.state.touch();
      return c.body(null, 204);
    });

    app.delete(`${path}/:id`, (c) => {
      const caller = authorize(c, writeUnits);
      caller.tenant.state.deleteAdministrativeUnit(unitInPath(c, caller).id);
      return c.body(null, 204);
    });

    app.get(`${path}/:id/members`, (c) => {
      const caller = authorize(c, readUnits);
      const members = showDirectoryObjects(c, caller, unitInPath(c, caller).members);
      return list(c, "directoryObjects", filtered(c, members, { id: ({ id }) => asText(id) }));
    });

    app.post(`${path}/:id/members/$ref`, (c) => {
      const caller = authorize(c, writeUnits);
      const unit = unitInPath(c, caller);
      const [id = ""] = referencedIds(jsonBody(c)["@odata.id"]);
      // Users, groups and devices can be members; of those only users are simulated.
      if (caller.tenant.state.users.get(id) === undefined) {
        throw graphErrors.notFound(id);
      }
      if (unit.members.includes(id)) {
        throw graphErrors.referenceAlreadyExists("members");
      }
      unit.members = [...unit.members, id];
      caller.tenant.state.touch();
      return c.body(null, 204);
    });

    app.delete(`${path}/:id/members/:member/$ref`, (c) => {
      const caller = authorize(c, writeUnits);
      const unit = unitInPath(c, caller);
      const member = c.req.param("member").toLowerCase();
      if (!unit.members.includes(member)) {
        throw graphErrors.notFound(member);
      }
      unit.members = unit.members.filter((id) => id !== member);
      caller.tenant.state.touch();
      return c.body(null, 204);
    });
  }
}

function unitInPath(c: SimulatorContext, caller: Caller): AdministrativeUnitRecord {
  const id = c.req.param("id") ?? "";
  const found = caller.tenant.state.administrativeUnits.get(id);
  if (found === undefined) {
    throw graphErrors.notFound(id);
  }
  return found;
}
