import { randomUUID } from "node:crypto";
import { graphDate } from "../../clock";
import { asText, isJsonObject, type JsonObject } from "../../json";
import { anyConditions, builtInConsentPolicies } from "../../seed/consentPolicies";
import type { KeptPolicyRecord } from "../../state/entities";
import { seededId } from "../../state/seedTenant";
import type { TenantState } from "../../state/tenantState";
import { requiredGuid, requiredText } from "../body";
import type { GraphCall } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findInPath, findServicePrincipal } from "../lookup";
import {
  permissionClassificationType,
  permissionGrantConditionSetType,
  permissionGrantPolicyType,
} from "../model/policyTypes";
import { mergeProperties } from "../properties";
import { presentServicePrincipal } from "../present";
import { keepMade } from "./tenantPolicies";

const writeConsent = ["Policy.ReadWrite.PermissionGrant"];
const readConsent = ["Policy.Read.PermissionGrant", ...writeConsent];

/** A policy for consent with its conditions, each of which has an id. */
interface ConsentPolicy {
  readonly id: string;
  readonly shown: JsonObject;
  /** Undefined of one that is built in. */
  readonly kept?: KeptPolicyRecord;
}
type Side = "includes" | "excludes";
type GrantConditions = JsonObject & { readonly id: string };

/** What is kept is named after its type too: clients choose the ids of policies. */
const keptId = (id: string) => `${permissionGrantPolicyType.name}/${id}`;

/**
 * Policies for consent, and how delegated permissions are classified. Kept as they are written:
 * nobody consents by himself here.
 *
 * @see https://learn.microsoft.com/graph/api/resources/permissiongrantpolicy
 * @see https://learn.microsoft.com/graph/api/resources/delegatedpermissionclassification
 */
export const consentPolicies: readonly EntitySet<{ readonly id: string }>[] = [
  {
    paths: ["/policies/permissionGrantPolicies"],
    type: permissionGrantPolicyType,
    read: readConsent,
    write: writeConsent,
    all: ({ state }) => policiesFor(state),
    show: (_, policy) => (policy as ConsentPolicy).shown,
    create: ({ state, body }) => {
      const { id: _, ...sent } = body;
      const id = requiredText(body, "id", "PermissionGrantPolicy");
      if (!/^[A-Za-z0-9_-]{1,64}$/.test(id) || /^microsoft-/i.test(id)) {
        throw graphErrors.invalidValue("id", "PermissionGrantPolicy");
      }
      if (state.keptPolicies.get(keptId(id)) !== undefined) {
        throw graphErrors.sameValueExists("id");
      }
      const defaults = { displayName: null, description: null, includes: [], excludes: [] };
      const properties = mergeProperties(defaults, sent, permissionGrantPolicyType);
      const { name: type } = permissionGrantPolicyType;
      return shownKept(keepMade(state, { type, id: keptId(id), properties }));
    },
    update: ({ state, body }, policy) => {
      const own = changeable(policy as ConsentPolicy);
      const { id: _, ...sent } = body;
      own.properties = mergeProperties(own.properties, sent, permissionGrantPolicyType);
      own.modifiedDateTime = graphDate(state.now());
    },
    remove: ({ state }, policy) =>
      state.keptPolicies.delete(changeable(policy as ConsentPolicy).id),
  },
  conditionSets("includes"),
  conditionSets("excludes"),
  classifications(),
];

function policiesFor(state: TenantState): ConsentPolicy[] {
  const { tenantId } = state.identity;
  const builtIn = builtInConsentPolicies(tenantId).map(({ includes, excludes, ...policy }) => {
    const withIds = (side: Side, sets: readonly JsonObject[]) =>
      sets.map((set, index) => ({
        id: seededId(tenantId, `${policy.id} ${side} ${index}`),
        ...anyConditions,
        ...set,
      }));
    const shown = { ...policy, deletedDateTime: null };
    return {
      id: policy.id,
      shown: {
        ...shown,
        includes: withIds("includes", includes),
        excludes: withIds("excludes", excludes),
      },
    };
  });
  const own = state.keptPolicies.findBy("type", permissionGrantPolicyType.name).map((kept) => {
    const shown = shownKept(kept);
    return { id: asText(shown["id"]), shown, kept };
  });
  return [...own, ...builtIn];
}

function shownKept({ id, properties }: KeptPolicyRecord): JsonObject {
  return { id: id.split("/")[1]!, deletedDateTime: null, ...structuredClone(properties) };
}

function changeable({ kept }: ConsentPolicy): KeptPolicyRecord {
  if (kept === undefined) {
    throw graphErrors.badRequest("Built-in permission grant policies cannot be changed.");
  }
  return kept;
}

/** Conditions of one policy, by which it holds or does not. */
function conditionSets(side: Side): EntitySet<GrantConditions> {
  const policyIn = (call: GraphCall) =>
    findInPath(call, ({ state }, key) => policiesFor(state).find(({ id }) => id === key));
  const setsIn = (call: GraphCall) => policyIn(call).shown[side] as GrantConditions[];
  const replace = (call: GraphCall, sets: readonly JsonObject[]) => {
    const own = changeable(policyIn(call));
    own.properties = { ...own.properties, [side]: [...sets] };
    call.state.touch();
  };
  return {
    paths: [`/policies/permissionGrantPolicies/:id/${side}`],
    parameter: "set",
    type: permissionGrantConditionSetType,
    setName: (call) => `policies/permissionGrantPolicies('${call.param("id")}')/${side}`,
    read: readConsent,
    write: writeConsent,
    all: setsIn,
    show: (_, set) => set,
    create: (call) => {
      const wanted = requiredText(call.body, "permissionType", "PermissionGrantConditionSet");
      const permissionType = ["application", "delegated"].find(
        (one) => one === wanted.toLowerCase(),
      );
      if (permissionType === undefined) {
        throw graphErrors.invalidValue("permissionType", "PermissionGrantConditionSet");
      }
      const sent = { ...call.body, permissionType };
      const merged = mergeProperties({ ...anyConditions }, sent, permissionGrantConditionSetType);
      const made = { id: randomUUID(), ...merged };
      replace(call, [...setsIn(call), made]);
      return made;
    },
    remove: (call, { id }) =>
      replace(
        call,
        setsIn(call).filter((one) => one.id !== id),
      ),
  };
}

/** How delegated permissions of an API are classified, for policies that ask for it. */
function classifications(): EntitySet<KeptPolicyRecord> {
  const typeName = "DelegatedPermissionClassification";
  const api = (call: GraphCall) => findInPath(call, findServicePrincipal);
  const show = ({ id, properties }: KeptPolicyRecord) => ({ id, ...properties });
  const all = (call: GraphCall) => {
    const { id } = api(call);
    return call.state.keptPolicies
      .findBy("type", permissionClassificationType.name)
      .filter(({ assignedTo }) => assignedTo.includes(id));
  };
  return {
    paths: ["/servicePrincipals/:id/delegatedPermissionClassifications"],
    parameter: "classification",
    type: permissionClassificationType,
    setName: (call) => `servicePrincipals('${api(call).id}')/delegatedPermissionClassifications`,
    read: readConsent,
    write: writeConsent,
    all,
    show: (_, kept) => show(kept),
    create: (call) => {
      const { body, state, tenant } = call;
      const permissionId = requiredGuid(body, "permissionId", typeName);
      const classification = requiredText(body, "classification", typeName);
      if (!["low", "medium", "high"].includes(classification)) {
        throw graphErrors.invalidValue("classification", typeName);
      }
      const { oauth2PermissionScopes: scopes } = presentServicePrincipal(tenant, api(call));
      const offered = (Array.isArray(scopes) ? scopes : [])
        .filter(isJsonObject)
        .find(({ id }) => id === permissionId);
      if (offered === undefined) {
        throw graphErrors.invalidValue("permissionId", typeName);
      }
      if (all(call).some(({ properties }) => properties["permissionId"] === permissionId)) {
        throw graphErrors.sameValueExists("permissionId");
      }
      const permissionName = offered["value"]!;
      const type = permissionClassificationType.name;
      const properties = { permissionId, permissionName, classification };
      return show(keepMade(state, { type, properties, assignedTo: [api(call).id] }));
    },
    remove: ({ state }, { id }) => state.keptPolicies.delete(id),
  };
}
