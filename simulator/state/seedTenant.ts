import { createHash } from "node:crypto";
import { firstPartyTemplates, graphAppId } from "../seed/firstParty";
import { graphAppRoles } from "../seed/graphPermissions";
import type { TenantSeed } from "../options";
import { groupDefaults } from "./newEntities";
import type { TenantState } from "./tenantState";

/** What a deployer of this access needs at least: to make apps, to consent, to assign roles. */
export const minimalDeployerPermissions: readonly string[] = [
  "Application.ReadWrite.OwnedBy",
  "Application.Read.All",
  "AppRoleAssignment.ReadWrite.All",
  "RoleManagement.ReadWrite.Directory",
  "Domain.Read.All",
];

/**
 * An id that is the same for the same tenant and name, so that a tenant that is reset keeps the
 * ids its clients know.
 */
export function seededId(tenantId: string, name: string): string {
  const bytes = createHash("sha256").update(`${tenantId}/${name}`).digest();
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join("-");
}

/** Ids of the deployer in a tenant. */
export function deployerIds(tenantId: string) {
  return {
    clientId: seededId(tenantId, "deployer/appId"),
    applicationObjectId: seededId(tenantId, "deployer/application"),
    servicePrincipalObjectId: seededId(tenantId, "deployer/servicePrincipal"),
  };
}

/** Fills an empty tenant: domains, Microsoft's service principals, the deployer with its consents. */
export function seedTenant(state: TenantState, seed: TenantSeed): void {
  const { tenantId, initialDomain } = state.identity;
  const domains = [initialDomain, ...(seed.domains ?? []).map((domain) => domain.toLowerCase())];
  for (const [index, domain] of domains.entries()) {
    state.domains.put({
      id: domain,
      isDefault: index === 0,
      isInitial: index === 0,
      isVerified: true,
    });
  }
  for (const user of seed.users ?? []) {
    state.users.put({
      id: user.id ?? seededId(tenantId, `user/${user.userPrincipalName}`),
      displayName: user.displayName,
      userPrincipalName: user.userPrincipalName,
      ...(user.mailbox === undefined ? {} : { mailbox: { ...user.mailbox } }),
      ...(user.mobileDevices === undefined ? {} : { mobileDevices: user.mobileDevices }),
    });
  }
  for (const { mailNickname, displayName, members = [] } of seed.groups ?? []) {
    const mail = `${mailNickname}@${initialDomain}`;
    state.groups.put({
      id: seededId(tenantId, `group/${mail}`),
      createdDateTime: state.identity.createdDateTime,
      properties: {
        ...groupDefaults(),
        displayName,
        mail,
        mailEnabled: true,
        mailNickname,
        securityEnabled: true,
        proxyAddresses: [`SMTP:${mail}`],
        isAssignableToRole: false,
      },
      members: members.map((name) => userNamed(state, name)),
      owners: [],
    });
  }
  const absent = new Set((seed.without ?? []).map((appId) => appId.toLowerCase()));
  for (const appId of firstPartyTemplates.keys()) {
    if (!absent.has(appId)) {
      state.addServicePrincipal(appId, {}, [], seededId(tenantId, `servicePrincipal/${appId}`));
    }
  }
  const ids = deployerIds(tenantId);
  state.addApplication(
    {
      id: ids.applicationObjectId,
      appId: ids.clientId,
      properties: { displayName: "Deployer", signInAudience: "AzureADMyOrg" },
    },
    null,
  );
  state.addServicePrincipal(ids.clientId, {}, [], ids.servicePrincipalObjectId);
  for (const permission of seed.deployer?.permissions ?? minimalDeployerPermissions) {
    grantGraphPermission(state, ids.servicePrincipalObjectId, permission);
  }
  if (seed.appManagementPolicy !== undefined) {
    state.appManagementPolicy = seed.appManagementPolicy;
  }
}

function userNamed(state: TenantState, name: string): string {
  const user = state.users
    .all()
    .find(({ userPrincipalName }) => userPrincipalName.toLowerCase() === name.toLowerCase());
  if (user === undefined) {
    throw new Error(`the member '${name}' of a group is not one of the seed's users`);
  }
  return user.id;
}

/** Consents to a Graph application permission, given by its value; twice is once. */
export function grantGraphPermission(
  state: TenantState,
  principalId: string,
  permission: string,
): void {
  const { role, resource } = graphRole(state, permission);
  const granted = state.appRoleAssignments
    .findBy("principalId", principalId)
    .some(({ appRoleId, resourceId }) => appRoleId === role.id && resourceId === resource.id);
  if (!granted) {
    state.assignAppRole(principalId, resource.id, role.id);
  }
}

/** Takes a consent to a Graph application permission back. */
export function revokeGraphPermission(
  state: TenantState,
  principalId: string,
  permission: string,
): void {
  const { role } = graphRole(state, permission);
  for (const assignment of state.appRoleAssignments.findBy("principalId", principalId)) {
    if (assignment.appRoleId === role.id) {
      state.appRoleAssignments.delete(assignment.id);
      state.touch();
    }
  }
}

function graphRole(state: TenantState, permission: string) {
  const role = graphAppRoles.find(({ value }) => value === permission);
  if (role === undefined) {
    throw new Error(
      `deployer permission '${permission}' is not one of those that the simulator's Microsoft Graph has: ${graphAppRoles.map(({ value }) => value).join(", ")}`,
    );
  }
  const resource = state.servicePrincipalOf(graphAppId);
  if (resource === undefined) {
    throw new Error(
      `deployer permission '${permission}' cannot be granted: the tenant is without Microsoft Graph (${graphAppId}); leave it out of 'without', or give the deployer no permissions`,
    );
  }
  return { role, resource };
}
