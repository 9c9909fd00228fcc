import type { Ports } from "../network/listeners";
import type { TenantSeed } from "../options";
import type { Collection, Identified } from "../state/collection";
import type { AppManagementPolicy } from "../state/policies";
import type { TenantIdentity, TenantState } from "../state/tenantState";
import type { Tenant, Tenants } from "../state/tenants";

/** Layout of the state file. A file of another layout is refused, not guessed at. */
export const stateVersion = 1;

/** What the state file holds. No private key, no secret, no token. */
export interface StateDocument {
  readonly version: typeof stateVersion;
  readonly ports: Ports;
  readonly tenants: readonly TenantDocument[];
}

/** What the file holds of one tenant. */
export interface TenantDocument {
  readonly identity: TenantIdentity;
  readonly seed: TenantSeed;
  readonly appManagementPolicy: AppManagementPolicy;
  readonly assignedPolicies?: readonly (readonly [string, string])[];
  readonly blockedByConditionalAccess: readonly string[];
  /** Entities of each collection, in order. */
  readonly collections: Readonly<Partial<Record<CollectionName, readonly Identified[]>>>;
}

const collectionNames = [
  "applications",
  "servicePrincipals",
  "appRoleAssignments",
  "oauth2PermissionGrants",
  "roleAssignments",
  "directoryRoles",
  "customDirectoryRoles",
  "administrativeUnits",
  "groups",
  "users",
  "domains",
  "deletedApplications",
  "deletedServicePrincipals",
  "deletedUsers",
  "deletedGroups",
  "deletedUnits",
  "appManagementPolicies",
  "keptPolicies",
  "directoryAudits",
  "signIns",
  "credentialUses",
  "privilegedSchedules",
  "exchangePointers",
  "exchangeRoles",
  "exchangeScopes",
  "exchangeRoleGroups",
  "exchangeRoleAssignments",
] as const;
type CollectionName = (typeof collectionNames)[number];

/** The document of everything the tenants hold now. */
export function stateDocument(tenants: Tenants, ports: StateDocument["ports"]): StateDocument {
  return { version: stateVersion, ports, tenants: tenants.all().map(tenantDocument) };
}

/** The document of everything one tenant holds now; it shares its entities. */
export function tenantDocument({ identity, seed, state }: Tenant): TenantDocument {
  const collections: Partial<Record<CollectionName, readonly Identified[]>> = {};
  for (const name of collectionNames) {
    collections[name] = state[name].all();
  }
  return {
    identity,
    seed,
    appManagementPolicy: state.appManagementPolicy,
    assignedPolicies: [...state.assignedPolicies],
    blockedByConditionalAccess: [...state.blockedByConditionalAccess],
    collections,
  };
}

/** Puts the tenants of a document back. */
export function restoreTenants(document: StateDocument, tenants: Tenants): void {
  for (const kept of document.tenants) {
    fillState(tenants.register(kept.seed, kept.identity).state, kept);
  }
}

/** Puts what a document holds of a tenant into an empty state. */
export function fillState(state: TenantState, kept: TenantDocument): void {
  state.appManagementPolicy = kept.appManagementPolicy;
  for (const [applicationObjectId, policy] of kept.assignedPolicies ?? []) {
    state.assignedPolicies.set(applicationObjectId, policy);
  }
  for (const appId of kept.blockedByConditionalAccess) {
    state.blockedByConditionalAccess.add(appId);
  }
  for (const name of collectionNames) {
    // Files of older versions lack what was added since.
    fill(state, name, kept.collections[name] ?? []);
  }
  const deleted = state.deletedApplications.all().flatMap((one) => one.servicePrincipal ?? []);
  for (const servicePrincipal of [...state.servicePrincipals.all(), ...deleted]) {
    servicePrincipal.keyCredentials ??= [];
    servicePrincipal.passwordCredentials ??= [];
  }
}

function fill(state: TenantState, name: CollectionName, entities: readonly Identified[]): void {
  // The document was written from the very same collections, entity for entity.
  const collection = state[name] as unknown as Collection<Identified>;
  for (const entity of entities) {
    collection.put(entity);
  }
}
