import type { SimulatorApp } from "../../http/context";
import { NotSimulated } from "../../http/protocolError";
import { asText } from "../../json";
import type { Identified } from "../../state/collection";
import { authenticate } from "../authorization";
import { GraphCall, permit, versions } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findInPath } from "../lookup";
import { directoryObjectType, objectType } from "../model/objectTypes";
import { presentDirectoryObject } from "../present";
import { answerList, answerObject } from "../query/answer";
import { narrowToCast, showObjects } from "../references";

/** Permissions that suffice to read objects of any type. */
export const readDirectory = ["Directory.Read.All", "Directory.ReadWrite.All"];

/**
 * Objects of any type by their ids.
 *
 * @see https://learn.microsoft.com/graph/api/directoryobject-get
 * @see https://learn.microsoft.com/graph/api/directoryobject-getbyids
 */
export function installDirectoryObjectRoutes(app: SimulatorApp): void {
  app.get(`${versions}/directoryObjects/:id`, (c) => {
    const call = permit(c, readDirectory);
    const { object } = findInPath(call, findDirectoryObject);
    return answerObject(call, directoryObjectType, "directoryObjects", object);
  });

  app.get(`${versions}/directoryObjects/:id/:cast{microsoft\\.graph\\.\\w+}`, (c) => {
    const call = permit(c, readDirectory);
    const { id, object } = findInPath(call, findDirectoryObject);
    if (narrowToCast(c, [object]).length === 0) {
      throw graphErrors.notFound(id);
    }
    return answerObject(call, directoryObjectType, "directoryObjects", object);
  });

  for (const path of [`${versions}/me`, `${versions}/me/*`]) {
    app.all(path, (c) => {
      authenticate(c);
      throw graphErrors.delegatedOnly();
    });
  }

  app.post(`${versions}/directoryObjects/getByIds`, (c) => {
    const call = permit(c, readDirectory);
    const { ids, types } = call.body;
    if (!Array.isArray(ids) || ids.length > 1000) {
      throw graphErrors.invalidValue("ids", "DirectoryObject");
    }
    const wanted = Array.isArray(types) ? types.map((one) => asText(one).toLowerCase()) : [];
    const objects = showObjects(call.tenant, ids.map(asText)).filter(
      (object) =>
        wanted.length === 0 ||
        wanted.includes(
          asText(object["@odata.type"]).replace("#microsoft.graph.", "").toLowerCase(),
        ),
    );
    return answerList(call, directoryObjectType, "directoryObjects", objects);
  });
}

/**
 * Deletes an object of any type as its own set does.
 *
 * @see https://learn.microsoft.com/graph/api/directoryobject-delete
 */
export function installDirectoryObjectDeletion(
  app: SimulatorApp,
  sets: readonly EntitySet<Identified>[],
): void {
  app.delete(`${versions}/directoryObjects/:id`, (c) => {
    const { id, object } = findInPath(new GraphCall(c, authenticate(c)), findDirectoryObject);
    const { name } = objectType(object["@odata.type"]);
    const set = sets.find(({ type }) => type.name === name)!;
    const call = permit(c, set.write ?? []);
    const one = set.all(call).find((other) => other.id === id);
    if (one === undefined || set.remove === undefined) {
      throw new NotSimulated(c.req.method, c.req.path);
    }
    set.remove(call, one);
    return call.changed();
  });
}

/** An object of any type by its id. */
export function findDirectoryObject({ tenant }: GraphCall, key: string) {
  const object = presentDirectoryObject(tenant, key);
  return object && { id: asText(object["id"]), object };
}
