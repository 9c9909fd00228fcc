import { randomUUID } from "node:crypto";
import type { SimulatorApp } from "../../http/context";
import { NotSimulated } from "../../http/protocolError";
import type { JsonObject } from "../../json";
import type { KeptPolicyRecord } from "../../state/entities";
import type { TenantState } from "../../state/tenantState";
import { permit, versions } from "../call";
import { mergeProperties } from "../properties";
import { propertyNamed } from "../model/entityType";
import { answerObject, answerProperty } from "../query/answer";
import { type TenantPolicy, tenantPolicies } from "../model/tenantPolicies";
import { graphDate } from "../../clock";

/**
 * Policies of which a tenant has one, kept as they are written; nothing here follows them.
 *
 * @see https://learn.microsoft.com/graph/api/resources/policy-overview
 */
export function installTenantPolicies(app: SimulatorApp): void {
  for (const policy of tenantPolicies) {
    const { paths, type, read, write, method = "PATCH" } = policy;
    for (const path of paths) {
      app.get(`${versions}/${path}`, (c) => {
        const call = permit(c, [...read, write]);
        return answerObject(call, type, paths[0]!, policyNow(call.state, policy));
      });
      app.on(method, `${versions}/${path}`, (c) => {
        const call = permit(c, [write]).writing(type);
        const current = policyNow(call.state, policy);
        const { id: _, ...sent } = call.body;
        keepProperties(call.state, type.name, mergeProperties(current, sent, type));
        return call.changed();
      });
    }
  }
  // Behind all others, as some of those are below a policy.
  for (const policy of tenantPolicies) {
    for (const path of policy.paths) {
      app.get(`${versions}/${path}/:property`, (c) => {
        const name = propertyNamed(policy.type, c.req.param("property") ?? "");
        if (name === undefined) {
          throw new NotSimulated(c.req.method, c.req.path);
        }
        const call = permit(c, [...policy.read, policy.write]);
        return answerProperty(call, path, policyNow(call.state, policy), name);
      });
    }
  }
}

/** What such a policy says now. */
export function policyNow(state: TenantState, { type, unchanged }: TenantPolicy): JsonObject {
  return { ...unchanged, ...keptProperties(state, type.name) };
}

/** What was written of an object of which a tenant has one. */
export function keptProperties(state: TenantState, name: string): JsonObject | undefined {
  return state.keptPolicies.get(name)?.properties;
}

/** Keeps what was written of such an object. */
export function keepProperties(state: TenantState, name: string, properties: JsonObject): void {
  const now = graphDate(state.now());
  state.keptPolicies.put({
    createdDateTime: now,
    ...state.keptPolicies.get(name),
    id: name,
    type: name,
    modifiedDateTime: now,
    properties,
    assignedTo: [],
  });
}

/** Keeps an object that was made, as it was written. */
export function keepMade(
  state: TenantState,
  made: Pick<KeptPolicyRecord, "type" | "properties"> & Partial<KeptPolicyRecord>,
): KeptPolicyRecord {
  const now = graphDate(state.now());
  const dates = { createdDateTime: now, modifiedDateTime: now };
  const kept = state.keptPolicies.put({ id: randomUUID(), assignedTo: [], ...dates, ...made });
  state.touch();
  return kept;
}
