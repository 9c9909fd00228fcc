import type { JsonObject } from "./json";
import {
  presentAdministrativeUnit,
  presentApplication,
  presentAppRoleAssignment,
  presentDirectoryRole,
  presentDomain,
  presentFederatedCredential,
  presentServicePrincipal,
} from "./graph/present";
import type {
  CustomRoleRecord,
  PointerRecord,
  RoleAssignmentRecord,
  RoleGroupRecord,
  ScopeRecord,
} from "./state/exchangeEntities";
import type { TenantState } from "./state/tenantState";
import type { Tenant } from "./state/tenants";

/** What a tenant holds at one moment, in the form Graph answers it, frozen throughout. */
export interface TenantSnapshot {
  readonly applications: readonly JsonObject[];
  readonly servicePrincipals: readonly JsonObject[];
  readonly appRoleAssignments: readonly JsonObject[];
  readonly directoryRoleAssignments: readonly JsonObject[];
  /** Object ids of owners by object id of what they own. */
  readonly owners: {
    readonly applications: Readonly<Record<string, readonly string[]>>;
    readonly servicePrincipals: Readonly<Record<string, readonly string[]>>;
  };
  readonly directoryRoles: readonly JsonObject[];
  readonly administrativeUnits: readonly JsonObject[];
  readonly deletedItems: readonly JsonObject[];
  readonly domains: readonly JsonObject[];
  /** Exchange's own roles and groups, without what is built in and unchanged. */
  readonly exchange: {
    readonly pointers: readonly PointerRecord[];
    readonly roles: readonly CustomRoleRecord[];
    readonly scopes: readonly ScopeRecord[];
    readonly roleGroups: readonly RoleGroupRecord[];
    /** Those of applications, and of groups that are not built in. */
    readonly roleAssignments: readonly RoleAssignmentRecord[];
  };
  /** Properties of users' mailboxes, by name. */
  readonly mailboxes: Readonly<Record<string, JsonObject>>;
  /** Federated identity credentials by object id of their application. */
  readonly federatedIdentityCredentials: Readonly<Record<string, readonly JsonObject[]>>;
}

/** Takes a snapshot that later changes of the tenant do not touch. */
export function takeSnapshot(tenant: Tenant): TenantSnapshot {
  const { state } = tenant;
  const applications = state.applications.all();
  const servicePrincipals = state.servicePrincipals.all();
  return deepFreeze(
    structuredClone({
      applications: applications.map((one) => presentApplication(tenant, one, { withKeys: true })),
      servicePrincipals: servicePrincipals.map((one) => presentServicePrincipal(tenant, one)),
      appRoleAssignments: state.appRoleAssignments
        .all()
        .map((one) => presentAppRoleAssignment(tenant, one)),
      directoryRoleAssignments: state.roleAssignments.all().map((one) => ({ ...one })),
      owners: {
        applications: Object.fromEntries(applications.map(({ id, owners }) => [id, owners])),
        servicePrincipals: Object.fromEntries(
          servicePrincipals.map(({ id, owners }) => [id, owners]),
        ),
      },
      directoryRoles: state.directoryRoles.all().map(presentDirectoryRole),
      administrativeUnits: state.administrativeUnits
        .all()
        .map((unit) => ({ ...presentAdministrativeUnit(unit), members: unit.members })),
      deletedItems: state.deletedApplications.all().map(({ application, deletedDateTime }) => ({
        ...presentApplication(tenant, application),
        deletedDateTime,
      })),
      domains: state.domains.all().map(presentDomain),
      exchange: exchangeObjects(state),
      mailboxes: Object.fromEntries(
        state.users
          .all()
          .map(({ userPrincipalName, mailbox = {} }) => [userPrincipalName, mailbox]),
      ),
      federatedIdentityCredentials: Object.fromEntries(
        applications
          .filter(({ federatedCredentials }) => federatedCredentials.length > 0)
          .map(({ id, federatedCredentials }) => [
            id,
            federatedCredentials.map((one) => presentFederatedCredential(one, "beta")),
          ]),
      ),
    }),
  );
}

function exchangeObjects(state: TenantState): TenantSnapshot["exchange"] {
  const groups = state.exchangeRoleGroups.all();
  const builtIn = new Set(groups.filter((group) => group.builtIn).map(({ id }) => id));
  return {
    pointers: state.exchangePointers.all(),
    roles: state.exchangeRoles.all(),
    scopes: state.exchangeScopes.all(),
    roleGroups: groups.filter((group) => !group.builtIn || group.members.length > 0),
    roleAssignments: state.exchangeRoleAssignments
      .all()
      .filter(({ assigneeId }) => !builtIn.has(assigneeId)),
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) {
      deepFreeze(inner);
    }
  }
  return value;
}
