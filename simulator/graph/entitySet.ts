import { NotSimulated } from "../http/protocolError";
import type { SimulatorApp, SimulatorContext } from "../http/context";
import type { JsonObject } from "../json";
import type { Identified } from "../state/collection";
import { type GraphCall, permit, versions } from "./call";
import { findInPath } from "./lookup";
import { type EntityType, propertyNamed } from "./model/entityType";
import {
  answerCount,
  answerCreated,
  answerList,
  answerObject,
  answerProperty,
} from "./query/answer";
import { answerDelta } from "./query/delta";

/** A set of objects of one type under a path, and what can be done with them. */
export interface EntitySet<T extends Identified> {
  /** Paths after the version, for example `/applications`; all mean the same. */
  readonly paths: readonly string[];
  /** Name of the parameter that names one object. Default: `id`. */
  readonly parameter?: string;
  readonly type: EntityType;
  /** What `@odata.context` calls the set. Default: as the first path does. */
  setName?(call: GraphCall): string;
  /** Permissions, one of which suffices. */
  readonly read: readonly string[];
  /** Default: nothing can be written. */
  readonly write?: readonly string[];
  /** Who may read one object, where that is not a matter of permissions only. */
  readOne?(c: SimulatorContext): GraphCall;
  all(call: GraphCall): readonly T[];
  /** Whether `delta` tells what changed of the set. */
  readonly delta?: boolean;
  /** Default: by id. */
  find?(call: GraphCall, key: string): T | undefined;
  /** `single`: whether it is the only object of the answer. */
  show(call: GraphCall, one: T, single: boolean): JsonObject;
  /** Makes an object and answers how it is shown. */
  create?(call: GraphCall): JsonObject;
  update?(call: GraphCall, one: T): void;
  /** Whether an update answers the object. Default: with 204. */
  readonly answersUpdate?: boolean;
  /** Alternate key by which a PATCH that prefers so makes what is not there. */
  readonly upsertBy?: string;
  remove?(call: GraphCall, one: T): void;
}

/** Installs the routes of a set. What catches everything below an object is put off to the end. */
export function installEntitySet<T extends Identified>(
  app: SimulatorApp,
  set: EntitySet<T>,
  atTheEnd: (install: () => void) => void,
): void {
  const { type, write = [] } = set;
  const parameter = set.parameter ?? "id";
  const setName = (call: GraphCall) => set.setName?.(call) ?? set.paths[0]!.slice(1);
  const find = (call: GraphCall, key: string) =>
    set.find === undefined ? set.all(call).find(({ id }) => id === key) : set.find(call, key);
  const findInCall = (call: GraphCall) => findInPath(call, find, parameter);
  const showAll = (call: GraphCall) => set.all(call).map((one) => set.show(call, one, false));
  const readOne = (c: SimulatorContext) => set.readOne?.(c) ?? permit(c, set.read);
  for (const path of set.paths.map((one) => versions + one)) {
    app.get(path, (c) => {
      const call = permit(c, set.read);
      return answerList(call, type, setName(call), showAll(call));
    });
    app.get(`${path}/$count`, (c) => {
      const call = permit(c, set.read);
      return answerCount(call, type, showAll(call));
    });
    if (set.delta === true) {
      app.get(`${path}/delta`, (c) => {
        const call = permit(c, set.read);
        return answerDelta(call, type, setName(call), showAll(call));
      });
    }
    app.get(`${path}/:${parameter}`, (c) => {
      const call = readOne(c);
      return answerObject(call, type, setName(call), set.show(call, findInCall(call), true));
    });
    atTheEnd(() => {
      for (const suffix of ["", "/:part"]) {
        app.get(`${path}/:${parameter}/:property${suffix}`, (c) => {
          const name = propertyNamed(type, c.req.param("property") ?? "");
          if (name === undefined) {
            throw new NotSimulated(c.req.method, c.req.path);
          }
          const call = readOne(c);
          const entity = set.show(call, findInCall(call), true);
          return answerProperty(call, setName(call), entity, name, c.req.param("part"));
        });
      }
    });
    if (set.create !== undefined) {
      app.post(path, (c) => {
        const call = permit(c, write).writing(type);
        return answerCreated(call, type, setName(call), set.create!(call));
      });
    }
    if (set.update !== undefined) {
      app.patch(`${path}/:${parameter}`, (c) => {
        const call = permit(c, write).writing(type);
        const missing = missingKey(call, set, find);
        if (missing !== undefined) {
          return answerCreated(call, type, setName(call), set.create!(call.with(missing)));
        }
        const one = findInCall(call);
        set.update!(call.changing(set.show(call, one, true)), one);
        const changed = call.changed();
        return set.answersUpdate === true
          ? answerObject(call, type, setName(call), set.show(call, one, true))
          : changed;
      });
    }
    if (set.remove !== undefined) {
      app.delete(`${path}/:${parameter}`, (c) => {
        const call = permit(c, write);
        set.remove!(call, findInCall(call));
        return call.changed();
      });
    }
  }
}

/**
 * The key of an object that is not there and is to be made.
 *
 * @see https://learn.microsoft.com/graph/api/application-upsert
 */
function missingKey<T extends Identified>(
  call: GraphCall,
  { parameter = "id", upsertBy }: EntitySet<T>,
  find: (call: GraphCall, key: string) => T | undefined,
): JsonObject | undefined {
  const key = call.param(parameter);
  const [, name = "", value = ""] = /^(\w+)=(.+)$/.exec(key) ?? [];
  const wanted = /\bcreate-if-missing\b/i.test(call.c.req.header("prefer") ?? "");
  return wanted && name.toLowerCase() === upsertBy?.toLowerCase() && find(call, key) === undefined
    ? { [upsertBy]: value }
    : undefined;
}
