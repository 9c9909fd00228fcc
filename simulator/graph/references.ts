import type { SimulatorApp, SimulatorContext } from "../http/context";
import { asText, type JsonObject } from "../json";
import type { TenantState } from "../state/tenantState";
import type { Tenant } from "../state/tenants";
import { referencedIds } from "./body";
import { type GraphCall, permit, versions } from "./call";
import { graphErrors } from "./errors";
import type { EntityType, Navigation } from "./model/entityType";
import { directoryObjectType } from "./model/objectTypes";
import { presentDirectoryObject } from "./present";
import { answerCount, answerList, answerObject } from "./query/answer";

/** References of one object to others: owners, members, what it owns. */
export interface References {
  /** Paths after the version that lead to them, for example `/applications/:id/owners`. */
  readonly paths: readonly string[];
  readonly read: readonly string[];
  /** Default: they cannot be changed. */
  readonly write?: readonly string[];
  /** Object ids, in order. */
  ids(call: GraphCall): readonly string[];
  /** Throws 403 unless the caller may change them. Default: the permissions suffice. */
  authorizeChange?(call: GraphCall): void;
  /** Throws when the object named cannot be referred to. */
  add?(call: GraphCall, id: string): void;
  remove?(call: GraphCall, id: string): void;
}

const set = "directoryObjects";

/**
 * Installs the routes of references: the list, narrowed to a type by a cast, and `$ref`.
 *
 * @param typeOf The type of objects that are marked with a name, with what they lead to; of all
 *   objects of the directory without one.
 * @see https://learn.microsoft.com/graph/api/application-post-owners
 */
export function installReferences(
  app: SimulatorApp,
  references: References,
  typeOf: (mark?: string) => EntityType,
): void {
  const { read, write = [] } = references;
  for (const path of references.paths.map((one) => versions + one)) {
    const name = path.split("/").at(-1)!;
    const showAll = (call: GraphCall) => showObjects(call.tenant, references.ids(call));
    app.get(path, (c) => {
      const call = permit(c, read);
      return answerList(call, typeOf(), set, showAll(call));
    });
    app.get(`${path}/$count`, (c) => {
      const call = permit(c, read);
      return answerCount(call, directoryObjectType, showAll(call));
    });
    app.get(`${path}/$ref`, (c) => {
      const call = permit(c, read);
      const value = showAll(call).map((one) => referenceTo(call, one));
      return answerList(call, directoryObjectType, `Collection($ref)`, value);
    });
    app.get(`${path}/:cast{microsoft\\.graph\\.\\w+}`, (c) => {
      const call = permit(c, read);
      return answerList(call, typeOf(castOf(c)), set, narrowToCast(c, showAll(call)));
    });
    // As a parameter: behind a pattern the router takes `$` for the end of the path.
    app.get(`${path}/:cast{microsoft\\.graph\\.\\w+}/:count{\\$count}`, (c) => {
      const call = permit(c, read);
      return answerCount(call, typeOf(castOf(c)), narrowToCast(c, showAll(call)));
    });
    app.get(`${path}/:reference{[0-9A-Fa-f-]+}`, (c) => {
      const call = permit(c, read);
      const id = call.param("reference").toLowerCase();
      const object = showAll(call).find((one) => one["id"] === id);
      if (object === undefined) {
        throw graphErrors.notFound(id);
      }
      return answerObject(call, directoryObjectType, set, object);
    });
    app.get(`${path}/:reference/$ref`, (c) => {
      const call = permit(c, read);
      const id = call.param("reference").toLowerCase();
      const object = showAll(call).find((one) => one["id"] === id);
      if (object === undefined) {
        throw graphErrors.notFound(id);
      }
      return c.json({ "@odata.context": call.context("$ref"), ...referenceTo(call, object) });
    });
    if (references.add !== undefined) {
      app.post(`${path}/$ref`, (c) => {
        const call = permit(c, write);
        const known = references.ids(call);
        references.authorizeChange?.(call);
        const [id = ""] = referencedIds(call.body["@odata.id"]);
        if (call.state.directoryObject(id) === undefined) {
          throw graphErrors.notFound(id);
        }
        if (known.includes(id)) {
          throw graphErrors.referenceAlreadyExists(name);
        }
        references.add!(call, id);
        return call.changed();
      });
    }
    if (references.remove !== undefined) {
      const removeReference = (c: SimulatorContext) => {
        const call = permit(c, write);
        const named = c.req.query("@id") ?? c.req.query("$id");
        const id = call.param("reference").toLowerCase() || referencedIds(named ?? "")[0]!;
        const known = references.ids(call);
        references.authorizeChange?.(call);
        if (!known.includes(id)) {
          throw graphErrors.notFound(id);
        }
        references.remove!(call, id);
        return call.changed();
      };
      app.delete(`${path}/:reference/$ref`, removeReference);
      // Kiota's clients name the object in the query: `$ref?@id=…`.
      app.delete(`${path}/$ref`, removeReference);
    }
  }
}

/** Where an object is, in place of the object. */
function referenceTo(call: GraphCall, { id = "" }: JsonObject): JsonObject {
  const address = `${call.c.var.request.origin}/${call.version}/directoryObjects/${asText(id)}`;
  return { id, "@odata.id": address };
}

/** The type that the path asks for, as objects are marked with it. */
function castOf(c: SimulatorContext): string {
  return `#${c.req.param("cast")}`;
}

/** Objects of the type that the path asks for. */
export function narrowToCast(c: SimulatorContext, objects: readonly JsonObject[]): JsonObject[] {
  const wanted = castOf(c).toLowerCase();
  return objects.filter((one) => asText(one["@odata.type"]).toLowerCase() === wanted);
}

/** A relation to the objects that one holds the ids of. */
export function relationTo(
  ids: (state: TenantState, entity: JsonObject) => readonly string[],
): Navigation {
  return {
    many: true,
    related: (tenant, entity) => showObjects(tenant, ids(tenant.state, entity)),
  };
}

/** Directory objects as Graph lists them; ids that name nothing are left out. */
export function showObjects(tenant: Tenant, ids: readonly string[]): JsonObject[] {
  return ids
    .map((id) => presentDirectoryObject(tenant, id))
    .filter((object) => object !== undefined);
}
