import type { Caller, SimulatorContext } from "../http/context";
import type { JsonObject } from "../json";
import type { TenantState } from "../state/tenantState";
import type { Tenant } from "../state/tenants";
import { authorize } from "./authorization";
import { jsonBody } from "./body";
import { withExtensions } from "./directoryExtensions";
import { withoutUnchanged } from "./properties";
import { type EntityType, propertyNamed } from "./model/entityType";

/** Start of every route: both versions have the same ones. */
export const versions = "/:version{(?:v1\\.0|beta)}";

/** One request to Graph by a caller that may make it. */
export class GraphCall {
  constructor(
    readonly c: SimulatorContext,
    readonly caller: Caller,
    /** What holds besides what was sent. */
    private readonly besides: JsonObject = {},
    /** What a body is: its properties are taken in any case. */
    private readonly type?: EntityType,
    /** What the body changes, as it is shown. */
    private readonly shown?: JsonObject,
  ) {}

  get tenant(): Tenant {
    return this.caller.tenant;
  }

  get state(): TenantState {
    return this.caller.tenant.state;
  }

  /** The JSON object that was sent. Throws 400 for anything else. */
  get body(): JsonObject {
    const sent = jsonBody(this.c);
    const type = this.type && this.extended(this.type);
    const named =
      type === undefined
        ? sent
        : Object.fromEntries(
            Object.entries(sent).map(([name, value]) => [propertyNamed(type, name) ?? name, value]),
          );
    const written =
      type === undefined || this.shown === undefined
        ? named
        : withoutUnchanged(type, named, this.shown);
    return { ...written, ...this.besides };
  }

  get version(): "v1.0" | "beta" {
    return /^\/beta\//i.test(this.c.req.path) ? "beta" : "v1.0";
  }

  /** A part of the path by the name it has in the route. */
  param(name: string): string {
    return this.c.req.param(name) ?? "";
  }

  /** The same call with properties that its path names. */
  with(besides: JsonObject): GraphCall {
    return new GraphCall(this.c, this.caller, besides, this.type, this.shown);
  }

  /** The same call with a body of this type. */
  writing(type: EntityType): GraphCall {
    return new GraphCall(this.c, this.caller, this.besides, type, this.shown);
  }

  /** The same call with a body that changes an object: clients also send back what they have read. */
  changing(shown: JsonObject): GraphCall {
    return new GraphCall(this.c, this.caller, this.besides, this.type, shown);
  }

  /** A type with the directory extensions that the body has values of. */
  extended(type: EntityType): EntityType {
    return withExtensions(type, this.tenant, Object.keys(jsonBody(this.c)));
  }

  /** Address of the metadata of an answer. */
  context(fragment: string): string {
    return `${this.c.var.request.origin}/${this.version}/$metadata#${fragment}`;
  }

  /** 204, after a change. */
  changed(): Response {
    this.state.touch();
    return this.c.body(null, 204);
  }
}

/** A call whose caller has one of these permissions. Throws 401 or 403 otherwise. */
export function permit(c: SimulatorContext, anyOf: readonly string[]): GraphCall {
  return new GraphCall(c, authorize(c, anyOf));
}
