import { randomBytes, randomUUID } from "node:crypto";
import { type Clock, graphDate } from "../clock";
import type { CloudName } from "../seed/clouds";
import { type FirstPartyTemplate, firstPartyTemplates } from "../seed/firstParty";
import { Collection, type Identified } from "./collection";
import type {
  AdministrativeUnitRecord,
  ApplicationRecord,
  AppRoleAssignmentRecord,
  CredentialUseRecord,
  CustomDirectoryRoleRecord,
  DeletedApplicationRecord,
  DeletedGroupRecord,
  DeletedServicePrincipalRecord,
  DeletedUnitRecord,
  DeletedUserRecord,
  DirectoryAuditRecord,
  DirectoryRoleAssignmentRecord,
  DirectoryRoleRecord,
  DomainRecord,
  GroupRecord,
  KeptPolicyRecord,
  OAuth2PermissionGrantRecord,
  PrincipalLinks,
  PrivilegedScheduleRecord,
  ServicePrincipalRecord,
  SignInRecord,
  UserRecord,
} from "./entities";
import type {
  CustomRoleRecord,
  PointerRecord,
  RoleAssignmentRecord,
  RoleGroupRecord,
  ScopeRecord,
} from "./exchangeEntities";
import {
  type AppManagementPolicy,
  type AssignedAppManagementPolicy,
  defaultAppManagementPolicy,
} from "./policies";
import { isMicrosoft365Group, newApplication, newServicePrincipal } from "./newEntities";

/** How many entries of each log are kept. */
const keptLogEntries = 2_000;

/** What identifies a tenant; it never changes. */
export interface TenantIdentity {
  readonly tenantId: string;
  readonly initialDomain: string;
  readonly displayName: string;
  readonly cloud: CloudName;
  readonly createdDateTime: string;
}

/** An app role as far as consents and tokens need it. */
export interface OfferedRole {
  readonly id: string;
  readonly value?: string | null;
}

/**
 * Everything one tenant holds, with the rules that keep it consistent: who references whom, and
 * what goes when something is deleted. Knows nothing of HTTP or permissions.
 */
export class TenantState {
  readonly applications = new Collection<ApplicationRecord>({ appId: ({ appId }) => appId });
  readonly servicePrincipals = new Collection<ServicePrincipalRecord>({
    appId: ({ appId }) => appId,
  });
  readonly appRoleAssignments = new Collection<AppRoleAssignmentRecord>(
    { principalId: ({ principalId }) => principalId, resourceId: ({ resourceId }) => resourceId },
    { caseSensitive: true },
  );
  readonly oauth2PermissionGrants = new Collection<OAuth2PermissionGrantRecord>(
    { clientId: ({ clientId }) => clientId, resourceId: ({ resourceId }) => resourceId },
    { caseSensitive: true },
  );
  readonly roleAssignments = new Collection<DirectoryRoleAssignmentRecord>(
    { principalId: ({ principalId }) => principalId },
    { caseSensitive: true },
  );
  readonly directoryRoles = new Collection<DirectoryRoleRecord>({
    roleTemplateId: ({ roleTemplateId }) => roleTemplateId,
  });
  readonly customDirectoryRoles = new Collection<CustomDirectoryRoleRecord>();
  readonly administrativeUnits = new Collection<AdministrativeUnitRecord>();
  readonly groups = new Collection<GroupRecord>();
  readonly users = new Collection<UserRecord>();
  readonly domains = new Collection<DomainRecord>();
  readonly deletedApplications = new Collection<DeletedApplicationRecord>();
  readonly deletedServicePrincipals = new Collection<DeletedServicePrincipalRecord>();
  readonly deletedUsers = new Collection<DeletedUserRecord>();
  readonly deletedGroups = new Collection<DeletedGroupRecord>();
  readonly deletedUnits = new Collection<DeletedUnitRecord>();
  readonly directoryAudits = new Collection<DirectoryAuditRecord>();
  readonly signIns = new Collection<SignInRecord>();
  readonly credentialUses = new Collection<CredentialUseRecord>(
    { appId: ({ appId }) => appId },
    { caseSensitive: true },
  );
  readonly privilegedSchedules = new Collection<PrivilegedScheduleRecord>({
    principalId: ({ principalId }) => principalId,
    groupId: ({ groupId }) => groupId,
  });
  /** Exchange's own roles and groups; what is built in is put here when it is first asked for. */
  readonly exchangePointers = new Collection<PointerRecord>();
  readonly exchangeRoles = new Collection<CustomRoleRecord>();
  readonly exchangeScopes = new Collection<ScopeRecord>();
  readonly exchangeRoleGroups = new Collection<RoleGroupRecord>();
  readonly exchangeRoleAssignments = new Collection<RoleAssignmentRecord>({
    assigneeId: ({ assigneeId }) => assigneeId,
  });
  appManagementPolicy: AppManagementPolicy = defaultAppManagementPolicy();
  readonly keptPolicies = new Collection<KeptPolicyRecord>({ type: ({ type }) => type });
  readonly appManagementPolicies = new Collection<AssignedAppManagementPolicy>();
  /** Ids of policies of single applications, by the applications' object ids: one each at most. */
  readonly assignedPolicies = new Map<string, string>();
  /** Application ids that Conditional Access blocks; `*` blocks all. */
  readonly blockedByConditionalAccess = new Set<string>();

  constructor(
    readonly identity: TenantIdentity,
    private readonly clock: Clock,
    /** Called after every change, so that the state can be saved. */
    private readonly changed: () => void = () => undefined,
  ) {}

  /** To be called by whoever changed an entity in place. */
  touch(): void {
    this.changed();
  }

  now(): Date {
    return this.clock.now();
  }

  /** The Microsoft-owned template behind a service principal, if it is Microsoft's. */
  firstParty(servicePrincipal: ServicePrincipalRecord): FirstPartyTemplate | undefined {
    return firstPartyTemplates.get(servicePrincipal.appId);
  }

  servicePrincipalOf(appId: string): ServicePrincipalRecord | undefined {
    return this.servicePrincipals.firstBy("appId", appId);
  }

  /** What an object id names in this tenant, if anything. */
  directoryObject(
    id: string,
  ):
    | { type: "servicePrincipal"; displayName: string }
    | { type: "user"; displayName: string }
    | { type: "application"; displayName: string }
    | { type: "group"; displayName: string }
    | undefined {
    const user = this.users.get(id);
    if (user !== undefined) {
      return { type: "user", displayName: user.displayName };
    }
    const group = this.groups.get(id);
    if (group !== undefined) {
      return { type: "group", displayName: group.properties.displayName };
    }
    const application = this.applications.get(id);
    if (application !== undefined) {
      return { type: "application", displayName: application.properties.displayName };
    }
    const servicePrincipal = this.servicePrincipals.get(id);
    if (servicePrincipal !== undefined) {
      return { type: "servicePrincipal", displayName: this.nameOf(servicePrincipal) };
    }
    return undefined;
  }

  /** Display name of a service principal: its application's. */
  nameOf(servicePrincipal: ServicePrincipalRecord): string {
    return (
      this.firstParty(servicePrincipal)?.displayName ??
      this.applications.firstBy("appId", servicePrincipal.appId)?.properties.displayName ??
      servicePrincipal.appId
    );
  }

  /** The app roles that a service principal offers: its application's. */
  appRolesOf(servicePrincipal: ServicePrincipalRecord): readonly OfferedRole[] {
    const template = this.firstParty(servicePrincipal);
    if (template !== undefined) {
      return template.appRoles;
    }
    const application = this.applications.firstBy("appId", servicePrincipal.appId);
    const roles = application?.properties["appRoles"];
    return Array.isArray(roles) ? (roles as unknown as OfferedRole[]) : [];
  }

  addApplication(
    values: Parameters<typeof newApplication>[1],
    createdByAppId: string | null,
  ): ApplicationRecord {
    const application = this.applications.put(
      newApplication(graphDate(this.now()), values, createdByAppId),
    );
    this.changed();
    return application;
  }

  addServicePrincipal(
    appId: string,
    values: Parameters<typeof newServicePrincipal>[2] = {},
    owners: readonly string[] = [],
    id?: string,
  ): ServicePrincipalRecord {
    const servicePrincipal = this.servicePrincipals.put(
      newServicePrincipal(graphDate(this.now()), appId, values, owners, id),
    );
    this.changed();
    return servicePrincipal;
  }

  assignAppRole(principalId: string, resourceId: string, appRoleId: string) {
    const assignment = this.appRoleAssignments.put({
      id: randomBytes(32).toString("base64url"),
      appRoleId,
      createdDateTime: this.now().toISOString(),
      principalId,
      resourceId,
    });
    this.changed();
    return assignment;
  }

  assignDirectoryRole(principalId: string, roleDefinitionId: string, directoryScopeId: string) {
    const assignment = this.roleAssignments.put({
      id: `${randomBytes(24).toString("base64url")}-1`,
      principalId,
      roleDefinitionId,
      directoryScopeId,
    });
    if (this.customDirectoryRoles.get(roleDefinitionId) === undefined) {
      this.activateDirectoryRole(roleDefinitionId);
    }
    this.changed();
    return assignment;
  }

  /** The policy that holds for an application in place of the tenant's default. */
  assignedPolicyOf(applicationObjectId: string): AssignedAppManagementPolicy | undefined {
    return this.appManagementPolicies.get(this.assignedPolicies.get(applicationObjectId) ?? "");
  }

  /** Keeps the latest entries of a log, as the service does not keep them for ever either. */
  log<T extends Identified>(entries: Collection<T>, entry: T): void {
    entries.put(entry);
    if (entries.size > keptLogEntries) {
      entries.delete(entries.first()!.id);
    }
    this.changed();
  }

  /** Makes a built-in role an object of the tenant, as its first assignment does. */
  activateDirectoryRole(roleTemplateId: string): DirectoryRoleRecord {
    const active = this.directoryRoles.firstBy("roleTemplateId", roleTemplateId);
    if (active !== undefined) {
      return active;
    }
    const role = this.directoryRoles.put({ id: randomUUID(), roleTemplateId });
    this.changed();
    return role;
  }

  /**
   * Deletes an application; its service principal in this tenant and what hangs on it go with it.
   * It can be restored from the deleted items.
   *
   * @see https://learn.microsoft.com/graph/api/application-delete
   */
  deleteApplication(application: ApplicationRecord): void {
    const servicePrincipal = this.servicePrincipalOf(application.appId);
    this.applications.delete(application.id);
    this.removeReferences(application.id);
    if (servicePrincipal !== undefined) {
      this.deleteServicePrincipal(servicePrincipal);
    }
    this.deletedApplications.put({
      id: application.id,
      deletedDateTime: graphDate(this.now()),
      application,
      ...(servicePrincipal === undefined ? {} : { servicePrincipal }),
    });
    this.changed();
  }

  /**
   * Restores a deleted application. Its service principal stays deleted until it is restored too.
   *
   * @see https://learn.microsoft.com/graph/api/directory-deleteditems-restore
   */
  restoreApplication(deleted: DeletedApplicationRecord): ApplicationRecord {
    this.deletedApplications.delete(deleted.id);
    const application = this.applications.put(deleted.application);
    this.changed();
    return application;
  }

  /** Restores a deleted service principal, without what was granted to it. */
  restoreServicePrincipal(servicePrincipal: ServicePrincipalRecord): void {
    this.deletedServicePrincipals.delete(servicePrincipal.id);
    this.servicePrincipals.put(servicePrincipal);
    this.changed();
  }

  /**
   * Deletes a service principal with everything granted to it, and everything granted on it. It
   * can be restored from the deleted items.
   */
  deleteServicePrincipal(servicePrincipal: ServicePrincipalRecord): void {
    const { id } = servicePrincipal;
    this.servicePrincipals.delete(id);
    this.removeGrants(id);
    for (const assignment of this.appRoleAssignments.findBy("resourceId", id)) {
      this.appRoleAssignments.delete(assignment.id);
    }
    for (const grant of [
      ...this.oauth2PermissionGrants.findBy("clientId", id),
      ...this.oauth2PermissionGrants.findBy("resourceId", id),
    ]) {
      this.oauth2PermissionGrants.delete(grant.id);
    }
    const deletedDateTime = graphDate(this.now());
    this.deletedServicePrincipals.put({ id, deletedDateTime, servicePrincipal });
    this.changed();
  }

  /** Deletes a role of the tenant's own with its assignments. */
  deleteCustomDirectoryRole(id: string): void {
    this.customDirectoryRoles.delete(id);
    for (const assignment of this.roleAssignments.all()) {
      if (assignment.roleDefinitionId === id) {
        this.roleAssignments.delete(assignment.id);
      }
    }
    this.changed();
  }

  /** Deletes a user with everything granted to it. It can be restored from the deleted items. */
  deleteUser(user: UserRecord): void {
    const { id } = user;
    this.users.delete(id);
    const reports = this.users.all().filter(({ managerId }) => managerId === id);
    for (const { managerId: _, ...report } of reports) {
      this.users.put(report);
    }
    this.deletedUsers.put({
      id,
      deletedDateTime: graphDate(this.now()),
      user,
      links: { ...this.takeLinks(id), reports: reports.map((report) => report.id) },
    });
    this.changed();
  }

  /** Restores a deleted user, under this name, with what it was a member of and had been given. */
  restoreUser({ id, user, links }: DeletedUserRecord, userPrincipalName: string): void {
    const { managerId, ...own } = user;
    const manager = managerId !== undefined && this.users.get(managerId) ? { managerId } : {};
    this.deletedUsers.delete(id);
    this.users.put({ ...own, ...manager, userPrincipalName });
    for (const report of (links?.reports ?? []).map((one) => this.users.get(one))) {
      if (report !== undefined && report.managerId === undefined) {
        this.users.put({ ...report, managerId: id });
      }
    }
    this.putLinks(id, links);
    this.changed();
  }

  /** Deletes a group with everything granted to it; one of Microsoft 365 can be restored. */
  deleteGroup(group: GroupRecord): void {
    const { id } = group;
    this.groups.delete(id);
    const links = this.takeLinks(id);
    if (isMicrosoft365Group(group)) {
      this.deletedGroups.put({ id, deletedDateTime: graphDate(this.now()), group, links });
    }
    this.changed();
  }

  /** Restores a deleted group with its members, and with what it had been given. */
  restoreGroup({ id, group, links }: DeletedGroupRecord): void {
    this.deletedGroups.delete(id);
    this.groups.put(group);
    this.putLinks(id, links);
    this.changed();
  }

  /** Groups that an object is a member of, directly. */
  groupsOf(id: string): GroupRecord[] {
    return this.groups.all().filter(({ members }) => members.includes(id));
  }

  /**
   * Deletes an administrative unit with the role assignments that were scoped to it. It can be
   * restored from the deleted items.
   */
  deleteAdministrativeUnit(unit: AdministrativeUnitRecord): void {
    const { id } = unit;
    this.administrativeUnits.delete(id);
    this.deletedUnits.put({ id, deletedDateTime: graphDate(this.now()), unit });
    for (const assignment of this.roleAssignments.all()) {
      if (assignment.directoryScopeId === `/administrativeUnits/${id}`) {
        this.roleAssignments.delete(assignment.id);
      }
    }
    this.changed();
  }

  /**
   * Removes what was granted to a user or group, and itself from where it is named.
   *
   * @returns What comes back when it is restored; what Privileged Identity Management gave does not.
   * @see https://learn.microsoft.com/entra/architecture/recover-from-deletions#properties-maintained-with-soft-delete
   */
  private takeLinks(id: string): PrincipalLinks {
    const links = {
      appRoleAssignments: [...this.appRoleAssignments.findBy("principalId", id)],
      roleAssignments: [...this.roleAssignments.findBy("principalId", id)],
      memberOf: this.collected().flatMap((one) => (one.members.includes(id) ? [one.id] : [])),
      ownerOf: this.owned().flatMap((one) => (one.owners.includes(id) ? [one.id] : [])),
    };
    this.removeGrants(id);
    return links;
  }

  /** Gives a restored user or group what it had, where that is still there. */
  private putLinks(id: string, links?: PrincipalLinks): void {
    for (const assignment of links?.appRoleAssignments ?? []) {
      if (this.servicePrincipals.get(assignment.resourceId) !== undefined) {
        this.appRoleAssignments.put(assignment);
      }
    }
    for (const assignment of links?.roleAssignments ?? []) {
      this.roleAssignments.put(assignment);
    }
    for (const one of this.collected().filter(({ id: of }) => links?.memberOf.includes(of))) {
      one.members.push(id);
    }
    for (const one of this.owned().filter(({ id: of }) => links?.ownerOf.includes(of))) {
      one.owners.push(id);
    }
  }

  /** What has members. */
  private collected() {
    return [...this.administrativeUnits.all(), ...this.groups.all()];
  }

  /** What has owners. */
  private owned() {
    return [...this.applications.all(), ...this.servicePrincipals.all(), ...this.groups.all()];
  }

  /** Removes what was granted to a principal, and the principal from where it is named. */
  private removeGrants(id: string): void {
    for (const assignment of this.appRoleAssignments.findBy("principalId", id)) {
      this.appRoleAssignments.delete(assignment.id);
    }
    for (const assignment of this.roleAssignments.findBy("principalId", id)) {
      this.roleAssignments.delete(assignment.id);
    }
    for (const schedule of [
      ...this.privilegedSchedules.findBy("principalId", id),
      ...this.privilegedSchedules.findBy("groupId", id),
    ]) {
      this.privilegedSchedules.delete(schedule.id);
    }
    this.removeReferences(id);
  }

  private removeReferences(id: string): void {
    for (const one of this.owned()) {
      one.owners = one.owners.filter((owner) => owner !== id);
    }
    for (const one of this.collected()) {
      one.members = one.members.filter((member) => member !== id);
    }
  }
}
