import { findManagementRole, managementRoleNames } from "../../policy/rules/data/exchangeRoles";
import type { ComplianceRoleGroupArgs, ExchangeRoleArgs } from "../args";
import type { Workload } from "../catalog/workloads";
import { type Fault, faultAt, faultUnless, type Parsed } from "../faults";
import { useOneOf } from "../../system/didYouMean";

/** Roles of the workloads' own that an application is given. */
export interface ResolvedOwnRoles {
  readonly exchangeRoles: readonly ExchangeRoleArgs[];
  readonly complianceRoleGroups: readonly ComplianceRoleGroupArgs[];
}

/**
 * `exchangeRoles` and `complianceRoleGroups`, with the names of roles as Microsoft writes them; faults
 * where a role is unknown or twice, a list is empty, or the workload is not served. Whether cmdlets
 * and parameters exist, the provider says in the preview.
 */
export function parseOwnRoles(
  { exchangeRoles = [], complianceRoleGroups = [] }: Partial<ResolvedOwnRoles>,
  served: readonly Workload[],
): Parsed<ResolvedOwnRoles> {
  return {
    value: {
      exchangeRoles: exchangeRoles.map((one) => ({
        ...one,
        role: findManagementRole("exchange", one.role) ?? one.role,
      })),
      complianceRoleGroups: complianceRoleGroups.map((one) => ({
        ...one,
        ...(one.roles === undefined
          ? {}
          : { roles: one.roles.map((role) => findManagementRole("compliance", role) ?? role) }),
      })),
    },
    faults: [
      ...faultsOfUnserved("exchangeRoles", exchangeRoles, "exchange", served),
      ...faultsOfUnserved("complianceRoleGroups", complianceRoleGroups, "compliance", served),
      ...exchangeRoles.flatMap((one, index) => faultsOfExchangeRole(one, index, exchangeRoles)),
      ...complianceRoleGroups.flatMap((one, index) =>
        faultsOfGroup(one, index, complianceRoleGroups),
      ),
    ],
  };
}

/** Workloads in which roles of their own are given. */
export function workloadsOfOwnRoles({
  exchangeRoles,
  complianceRoleGroups,
}: ResolvedOwnRoles): Workload[] {
  return [
    ...(exchangeRoles.length > 0 ? (["exchange"] as const) : []),
    ...(complianceRoleGroups.length > 0 ? (["compliance"] as const) : []),
  ];
}

function faultsOfUnserved(
  path: string,
  given: readonly unknown[],
  workload: Workload,
  served: readonly Workload[],
): Fault[] {
  return faultUnless(given.length === 0 || served.includes(workload), [path])(
    `is given, and workloads does not list ${workload}.`,
    `Add ${workload} to workloads, or remove ${path}.`,
  );
}

function faultsOfExchangeRole(
  { role, cmdlets, recipientFilter }: ExchangeRoleArgs,
  index: number,
  all: readonly ExchangeRoleArgs[],
): Fault[] {
  const path = `exchangeRoles[${index}]`;
  const same = all.findIndex(
    (other) =>
      other.role.toLowerCase() === role.toLowerCase() && other.recipientFilter === recipientFilter,
  );
  const names = (cmdlets ?? []).map(({ name }) => name.toLowerCase());
  const twice = names.find((name, at) => names.indexOf(name) < at);
  return [
    ...faultUnless(findManagementRole("exchange", role) !== undefined, [`${path}.role`, role])(
      "is not a built-in management role of Exchange Online.",
      useOneOf(role, managementRoleNames.exchange),
    ),
    ...faultUnless(same === index, [path, role])(
      "is listed twice for the same recipients.",
      "List the cmdlets of both in one.",
    ),
    ...faultUnless(cmdlets === undefined || cmdlets.length > 0, [`${path}.cmdlets`])(
      "is empty: a role without cmdlets allows nothing.",
      "Name those that stay, or remove cmdlets to keep all.",
    ),
    ...(twice === undefined
      ? []
      : faultAt(`${path}.cmdlets`, twice)("is listed twice.", "List its parameters in one.")),
    ...faultUnless(recipientFilter === undefined || isOpath(recipientFilter), [
      `${path}.recipientFilter`,
      recipientFilter,
    ])(
      "is not a filter.",
      "Write it in OPATH with the value in single quotes, for example Department -eq 'Sales'.",
    ),
    ...faultUnless(cmdlets === undefined || !role.startsWith("Application "), [
      `${path}.cmdlets`,
      role,
    ])("has no cmdlets: it is about data over Microsoft Graph and EWS.", "Remove cmdlets."),
  ];
}

/** Whether a text looks like a filter: a property, an operator, and quotes in pairs. */
function isOpath(filter: string): boolean {
  return /\w+\s+-\w+\s+\S/.test(filter) && (filter.match(/'/g) ?? []).length % 2 === 0;
}

function faultsOfGroup(
  { name, roles }: ComplianceRoleGroupArgs,
  index: number,
  all: readonly ComplianceRoleGroupArgs[],
): Fault[] {
  const path = `complianceRoleGroups[${index}]`;
  const same = all.findIndex((other) => other.name.toLowerCase() === name.toLowerCase());
  return [
    ...faultUnless(name.trim() !== "" && name.length <= 64, [`${path}.name`, name])(
      "is not a name of a role group: it has 1 to 64 characters.",
      "Shorten it, or give it one.",
    ),
    ...faultUnless(same === index, [`${path}.name`, name])(
      "is listed twice.",
      "Remove one of them.",
    ),
    ...faultUnless(roles === undefined || roles.length > 0, [`${path}.roles`])(
      "is empty: a group without roles allows nothing.",
      "Name its roles, or remove roles to join a group that is there already.",
    ),
    ...(roles ?? []).flatMap((role, at) =>
      faultUnless(findManagementRole("compliance", role) !== undefined, [
        `${path}.roles[${at}]`,
        role,
      ])(
        "is not a role of Security & Compliance.",
        `Use one of: ${managementRoleNames.compliance.join(", ")}.`,
      ),
    ),
  ];
}
