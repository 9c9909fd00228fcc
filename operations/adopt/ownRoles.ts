import type { Client } from "@microsoft/microsoft-graph-client";
import type { ComplianceRoleGroupArgs, ExchangeRoleArgs } from "../../components/args";
import { type Workload, workloads } from "../../components/catalog/workloads";
import { labelsOf } from "../../components/exchangeRoleGrants";
import { childNames } from "../../components/names";
import { parseOwnRoles } from "../../components/validation/exchangeRoles";
import { exchangePlugin } from "../../exchange/plugin";
import { assignmentResources, readExchangeAccess } from "../../exchange/readAccess";
import type { Connections } from "../../exchange/resource";
import { readExchangeRoles } from "../../microsoft/graph/tenant/exchangeRoles";
import { StackView, type ViewedResource } from "../../policy/rules/stackView";
import { types } from "../../policy/rules/types";
import { elementsOf, propertiesOf, textOf } from "../../policy/rules/values";
import type { ImportedResource } from "./importResources";

/** Roles of the workloads' own that a registration holds, as settings, and what becomes a resource. */
interface AdoptedOwnRoles {
  readonly exchangeRoles: readonly ExchangeRoleArgs[];
  readonly complianceRoleGroups: readonly ComplianceRoleGroupArgs[];
  readonly resources: readonly ImportedResource[];
}

/**
 * Reads which roles of Exchange's own a service principal holds, with the custom roles and scopes
 * behind them, the pointers to it, and the role groups of which it is a member. What may not be read
 * is left out: the comparison after the adoption says so.
 */
export async function readOwnRoles(
  graph: Client,
  exchange: Connections,
  { appId, objectId }: { readonly appId: string; readonly objectId: string },
): Promise<ViewedResource[]> {
  const { byPrincipal } = await readExchangeRoles(graph, objectId);
  const held = assignmentResources(objectId, byPrincipal.get(objectId.toLowerCase()) ?? []);
  const behind = [
    ...workloads.map((workload) => sought(types.exchangePointer, `${workload}/${appId}`, workload)),
    ...held.flatMap(({ inputs }) => [
      ...namesIn(inputs.customRole).map((name) => sought(types.exchangeRole, name)),
      ...namesIn(inputs.recipientScope).map((name) => sought(types.exchangeScope, name)),
    ]),
  ];
  const once = new Map(behind.map((one) => [one.urn, one]));
  const read = await readExchangeAccess(exchange, new StackView([...once.values()], true), [
    objectId,
  ]);
  // What could not be read is answered as it was asked for.
  return [...held, ...read.resources.filter((one) => !once.has(one.urn))];
}

const namesIn = (value: unknown) => elementsOf(value).flatMap((one) => textOf(one) ?? []);

function sought(type: string, id: string, workload?: string): ViewedResource {
  const inputs = workload === undefined ? {} : { workload };
  return { urn: `sought ${type} ${id}`, type, name: id, id, inputs, outputs: {} };
}

/**
 * The settings that declare what was read, and the imports. Left out is what no setting can say: an
 * administrative unit, a child of a custom role, a role or scope that several assignments share,
 * cmdlets that the catalogue does not have, role groups of Exchange Online.
 *
 * @param consented Workloads in which the application may use roles at all.
 * @param access Name of the access in the program.
 */
export function planOwnRoles(
  read: readonly ViewedResource[],
  consented: readonly Workload[],
  access: string,
): AdoptedOwnRoles {
  const grants = childNames.exchangeGrants(access);
  const assigned = consented.includes("exchange") ? declarableAssignments(read) : [];
  const exchangeRoles = assigned.map(({ role }) => role);
  const joined = read.filter(
    ({ type, inputs }) =>
      type === types.exchangeRoleGroupMember &&
      inputs.workload === "compliance" &&
      consented.includes("compliance"),
  );
  const complianceRoleGroups = joined.map(({ inputs }) => ({ name: String(inputs.roleGroup) }));
  const pointers = read.filter(
    ({ type, inputs }) =>
      type === types.exchangePointer &&
      (inputs.workload === "compliance" ? joined : assigned).length > 0,
  );
  return {
    exchangeRoles,
    complianceRoleGroups,
    resources: [
      ...pointers.map(({ id = "", inputs }) => ({
        name: childNames.pointer(grants, String(inputs.workload)),
        id,
      })),
      ...labelsOf(exchangeRoles).flatMap(([label], index): ImportedResource[] => {
        const { id, custom, scope } = assigned[index] ?? { id: "" };
        return [
          ...idIfAny(custom).map((one) => ({
            name: childNames.exchangeRole(grants, label),
            id: one,
          })),
          ...idIfAny(scope).map((one) => ({
            name: childNames.exchangeScope(grants, label),
            id: one,
          })),
          { name: childNames.exchangeAssignment(grants, label), id },
        ];
      }),
      ...joined.map(({ id = "", inputs }) => ({
        name: childNames.roleGroupMember(grants, String(inputs.roleGroup)),
        id,
      })),
    ],
  };
}

const idIfAny = (one: ViewedResource | undefined) => (one?.id === undefined ? [] : [one.id]);

/** An assignment that a setting can say, with what stands behind it. */
interface DeclarableAssignment {
  readonly id: string;
  readonly role: ExchangeRoleArgs;
  readonly custom?: ViewedResource | undefined;
  readonly scope?: ViewedResource | undefined;
}

function declarableAssignments(read: readonly ViewedResource[]): DeclarableAssignment[] {
  const held = read.filter(({ type }) => type === types.exchangeAssignment);
  const declarable: DeclarableAssignment[] = [];
  for (const { id = "", inputs } of held) {
    const behind = (type: string, key: "customRole" | "recipientScope") => {
      const [name] = namesIn(inputs[key]);
      const isShared = held.filter((one) => one.inputs[key] === name).length > 1;
      return name === undefined
        ? { isKnown: true }
        : { isKnown: !isShared, found: read.find((one) => one.type === type && one.id === name) };
    };
    const custom = behind(types.exchangeRole, "customRole");
    const scope = behind(types.exchangeScope, "recipientScope");
    const isWhole = [custom, scope].every(
      (one) => one.isKnown && (!("found" in one) || one.found !== undefined),
    );
    const { inputs: own = {} } = custom.found ?? {};
    const role = {
      role: textOf(own.parent) ?? textOf(inputs.role) ?? "",
      ...(custom.found && { cmdlets: cmdletsOf(custom.found) }),
      ...(scope.found && { recipientFilter: textOf(scope.found.inputs.recipientFilter) ?? "" }),
    };
    const exchangeRoles = [...declarable.map((one) => one.role), role];
    if (
      isWhole &&
      inputs.administrativeUnit === undefined &&
      !(custom.found && hasFaults(custom.found)) &&
      parseOwnRoles({ exchangeRoles }, ["exchange"]).faults.length === 0
    ) {
      const resources = { custom: custom.found, scope: scope.found };
      declarable.push({ id, role, ...resources });
    }
  }
  return declarable;
}

/** Whether the provider's own check would refuse a custom role as it is. */
function hasFaults({ type, inputs }: ViewedResource): boolean {
  return exchangePlugin().check(type, propertiesOf(inputs)).failures.length > 0;
}

function cmdletsOf({ inputs }: ViewedResource): NonNullable<ExchangeRoleArgs["cmdlets"]> {
  return elementsOf(inputs.cmdlets).map((one) => {
    const { name, parameters } = propertiesOf(one);
    return {
      name: textOf(name) ?? "",
      ...(parameters === undefined ? {} : { parameters: namesIn(parameters) }),
    };
  });
}
