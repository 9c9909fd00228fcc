import { asText } from "../../json";
import type { TenantState } from "../../state/tenantState";
import type { GraphCall } from "../call";
import { findInPath } from "../lookup";
import type { Navigation } from "../model/entityType";
import { type References, relationTo } from "../references";
import { allMemberships, closureOf, memberOf } from "./memberships";

/** Objects of one type, where they are found, and who may ask for them. */
interface Related {
  readonly path: string;
  readonly read: readonly string[];
  readonly find: (call: GraphCall, key: string) => { readonly id: string } | undefined;
}

type Relation = readonly [name: string, ids: (state: TenantState, id: string) => readonly string[]];

const memberships: readonly Relation[] = [
  ["memberOf", memberOf],
  ["transitiveMemberOf", allMemberships],
];
const ownership: readonly Relation[] = [
  ["ownedObjects", ownedBy],
  ["createdObjects", createdBy],
];

/** Nothing has any here. @see https://learn.microsoft.com/graph/api/resources/opentypeextension */
const openExtensions: Relation = ["extensions", () => []];

/**
 * What objects of a type lead to, by their path.
 *
 * @see https://learn.microsoft.com/graph/api/resources/user#relationships
 * @see https://learn.microsoft.com/graph/api/resources/serviceprincipal#relationships
 */
const relations: Readonly<Record<string, readonly Relation[]>> = {
  "/groups": [...memberships, openExtensions],
  "/servicePrincipals": [...memberships, ...ownership],
  "/users": [
    ...memberships,
    ...ownership,
    ["directReports", reportsOf],
    [
      "transitiveReports",
      (state, id) => closureOf(reportsOf(state, id), (one) => reportsOf(state, one)),
    ],
    // Nobody has any here.
    ...["ownedDevices", "registeredDevices", "sponsors"].map((name): Relation => [name, () => []]),
    openExtensions,
  ],
};

/** What objects of a type lead to, as lists below each. */
export function relationLists({ path, read, find }: Related): References[] {
  return relations[path]!.map(([name, ids]) => ({
    paths: [`${path}/:id/${name}`],
    read,
    ids: (call) => ids(call.state, findInPath(call, find).id),
  }));
}

/** The same for `$expand`. */
export function relationsToExpand(path: string): Readonly<Record<string, Navigation>> {
  return Object.fromEntries(
    relations[path]!.map(([name, ids]) => [
      name,
      relationTo((state, { id }) => ids(state, asText(id))),
    ]),
  );
}

/** Applications, service principals and groups that an object owns. */
function ownedBy(state: TenantState, id: string): string[] {
  const ownable = [
    ...state.applications.all(),
    ...state.servicePrincipals.all(),
    ...state.groups.all(),
  ];
  return ownable.filter(({ owners }) => owners.includes(id)).map((one) => one.id);
}

/** Applications that a service principal made. */
function createdBy(state: TenantState, id: string): string[] {
  const maker = state.servicePrincipals.get(id)?.appId;
  return state.applications
    .all()
    .filter(({ createdByAppId }) => maker !== undefined && createdByAppId === maker)
    .map((one) => one.id);
}

/** Users whose manager a user is. */
function reportsOf(state: TenantState, id: string): string[] {
  return state.users
    .all()
    .filter(({ managerId }) => managerId === id)
    .map((one) => one.id);
}
