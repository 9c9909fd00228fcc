import { comparableInputs } from "../../microsoft/graph/tenant/applicationForm";
import type { Unread } from "../../microsoft/graph/tenant/unread";
import { StackView, type ViewedResource } from "../../policy/rules/stackView";
import { isAzureadType, isExchangeType, types } from "../../policy/rules/types";
import { bareId, type Properties } from "../../policy/rules/values";
import type { Preview, PreviewStep } from "../../review/input/preview";
import { sameValue } from "../../review/values";

/** Types whose objects are read from the tenant, each by its id. */
const comparedTypes: ReadonlySet<string> = new Set([
  types.application,
  types.servicePrincipal,
  types.applicationCertificate,
  types.servicePrincipalCertificate,
  types.applicationPassword,
  types.servicePrincipalPassword,
  types.applicationFederated,
  types.applicationFlexibleFederated,
  types.appRoleAssignment,
  types.directoryRoleAssignment,
  types.delegatedGrant,
  types.exchangePointer,
  types.exchangeRole,
  types.exchangeScope,
  types.exchangeAssignment,
  types.exchangeRoleGroup,
  types.exchangeRoleGroupMember,
]);

/** Inputs that are compared, of types of which not all that was read is an input. */
const comparedKeys: Readonly<Record<string, readonly string[]>> = {
  [types.applicationFederated]: ["issuer", "subject", "audiences", "description"],
  [types.applicationFlexibleFederated]: ["issuer", "claimsMatchingExpression", "audience"],
  [types.delegatedGrant]: ["claimValues"],
  [types.exchangePointer]: ["displayName"],
  [types.exchangeRole]: ["parent", "cmdlets"],
  [types.exchangeScope]: ["recipientFilter"],
  [types.exchangeAssignment]: ["role", "customRole", "recipientScope", "administrativeUnit"],
  [types.exchangeRoleGroup]: ["roles", "recipientScope"],
};

/** Whole objects, whose every property is compared. */
const wholeTypes: ReadonlySet<string> = new Set([types.application, types.servicePrincipal]);

/** Properties that the provider or the tenant fills where nobody declares them. */
const filledIn: readonly string[] = ["owners", "tags"];

/** What the tenant has, for a comparison. */
export interface ActualTenant {
  /** What the applications of the stack have. */
  readonly resources: readonly ViewedResource[];
  /** What could not be read: nothing of that is taken for removed. */
  readonly unread: readonly Unread[];
}

/**
 * What a stack declares against what its applications have, as if somebody's update had led from the
 * one to the other: what was added besides the stack is created, what was removed is deleted.
 *
 * @param declared The stack by its state.
 */
export function compareWithTenant(declared: StackView, actual: ActualTenant): Preview {
  const byId = new Map(actual.resources.map((one) => [identityOf(one), one]));
  const hidden = new Set(actual.unread.flatMap(({ hides = [] }) => hides));
  const gaps = [...new Set(actual.unread.flatMap(({ isGap, why }) => (isGap ? why : [])))];
  const before: ViewedResource[] = [];
  const after: ViewedResource[] = [];
  const steps: PreviewStep[] = [];
  const add = (op: string, { urn, type }: ViewedResource, diffKeys: readonly string[] = []) =>
    steps.push({ op, urn, type, diffKeys, replaceKeys: [] });
  const removed = removedParents(declared, byId, hidden);
  for (const resource of declared.resources) {
    const found = byId.get(identityOf(resource));
    if (!isCompared(resource) || (found === undefined && hidden.has(resource.type))) {
      before.push(resource);
      after.push(resource);
      continue;
    }
    byId.delete(identityOf(resource));
    if (found === undefined) {
      before.push(resource);
      // What goes with an application or a service principal is not listed beside it.
      if (!removed.has(parentId(resource) ?? "")) {
        add("delete", resource);
      }
      continue;
    }
    const [declaredInputs, differing] = differences(resource, found);
    const keys = differing.filter((key) => !hidden.has(key));
    before.push({ ...resource, inputs: declaredInputs });
    const kept = Object.entries(declaredInputs).filter(([key]) => !keys.includes(key));
    after.push({
      ...resource,
      inputs: { ...Object.fromEntries(kept), ...propertiesNamed(found.inputs, keys) },
    });
    add(keys.length === 0 ? "same" : "update", resource, keys);
  }
  for (const extra of byId.values()) {
    after.push(extra);
    add("create", extra);
  }
  return {
    before: new StackView(before, true),
    after: new StackView(after, gaps.length === 0),
    steps,
    changeSummary: {},
    config: {},
    diagnostics: [],
    showsSames: true,
    gaps,
  };
}

/** What is in the tenant and not declared. */
export function extrasOf({ after, steps }: Preview): ViewedResource[] {
  return steps.flatMap(({ op, urn }) => (op === "create" ? (after.find(urn) ?? []) : []));
}

/** Resources of the provider that are not compared: of types that are not read. */
export function resourcesNotCompared(declared: StackView): ViewedResource[] {
  return [...declared.resources].filter(
    (one) =>
      (isAzureadType(one.type) || isExchangeType(one.type)) &&
      one.id !== undefined &&
      !isCompared(one),
  );
}

function isCompared({ type, id }: ViewedResource): boolean {
  return comparedTypes.has(type) && id !== undefined;
}

/** Ids of consents and role assignments tell upper from lower case, those of objects do not. */
function identityOf({ type, id = "" }: ViewedResource): string {
  if (isExchangeType(type)) {
    return `${type} ${id.toLowerCase()}`;
  }
  const own = id.slice(id.lastIndexOf("/") + 1);
  return `${type} ${/^[0-9a-f-]{36}$/i.test(own) ? own.toLowerCase() : own}`;
}

/** The declared inputs in the form of what was read, and the names of those that differ. */
function differences(resource: ViewedResource, found: ViewedResource): [Properties, string[]] {
  if (!wholeTypes.has(resource.type)) {
    const keys = comparedKeys[resource.type] ?? [];
    const differing = keys.filter((key) => !sameValue(resource.inputs[key], found.inputs[key]));
    return [resource.inputs, differing];
  }
  const declared = comparableInputs({
    ...propertiesNamed(resource.outputs, filledIn),
    ...resource.inputs,
  });
  const actual = comparableInputs(found.inputs);
  const keys = [...new Set([...Object.keys(declared), ...Object.keys(actual)])].filter(
    // Ids and alternate names of the application are not what anybody declares.
    (key) => key !== "clientId" && key !== "templateId",
  );
  return [declared, keys.filter((key) => !sameValue(declared[key], actual[key]))];
}

function propertiesNamed(properties: Properties, keys: readonly string[]): Properties {
  return Object.fromEntries(
    keys.filter((key) => key in properties).map((key) => [key, properties[key]]),
  );
}

/** Object ids of applications and service principals that the tenant does not have any more. */
function removedParents(
  declared: StackView,
  byId: ReadonlyMap<string, ViewedResource>,
  hidden: ReadonlySet<string>,
): ReadonlySet<string> {
  const gone = declared
    .ofType(types.application, types.servicePrincipal)
    .filter((one) => isCompared(one) && !byId.has(identityOf(one)) && !hidden.has(one.type));
  return new Set(gone.map(({ id = "" }) => bareId(id)));
}

/** The object id of what a resource hangs on. */
function parentId({ inputs }: ViewedResource): string | undefined {
  const { applicationId, servicePrincipalId, principalObjectId, servicePrincipalObjectId } = inputs;
  for (const id of [
    applicationId,
    servicePrincipalId,
    principalObjectId,
    servicePrincipalObjectId,
    inputs.objectId,
  ]) {
    if (typeof id === "string" && id !== "") {
      return bareId(id);
    }
  }
  return undefined;
}
