import type { ExchangeRole } from "../microsoft/graph/tenant/exchangeRoles";
import type { ListedKey } from "../microsoft/graph/tenant/objects";
import type { ReachedResource } from "../microsoft/graph/tenant/reach";
import type { ReadApplication } from "../microsoft/graph/tenant/readApplication";
import type { Usage } from "../microsoft/graph/tenant/usage";
import { roleByTemplateId } from "../policy/rules/data/directoryRoles";
import { applicationIds, applicationNameOrId } from "../policy/rules/data/microsoftApplications";
import { dayMs } from "../system/durations";

/** A role group of Exchange Online or Security & Compliance. */
export interface AuditedRoleGroup {
  readonly name: string;
  readonly workload: string;
  /** Management roles of its members. */
  readonly roles: readonly string[];
}

/** What is known of the tenant beside its applications. */
export interface AuditContext {
  readonly tenantId: string;
  readonly resources: readonly ReachedResource[];
  readonly exchangeRoles: ReadonlyMap<string, ExchangeRole[]>;
  /** By the object id of the service principal, in lower case. */
  readonly roleGroups: ReadonlyMap<string, readonly AuditedRoleGroup[]>;
  readonly usage: Usage;
  /** Names of stacks by the client id of the application that they manage. */
  readonly stacks: ReadonlyMap<string, string>;
  readonly now: Date;
}

/** A permission that an application was given. */
export interface GivenPermission {
  readonly resourceAppId: string;
  /** For example `Exchange.ManageAsApp`. */
  readonly value: string;
  readonly id: string;
}

/** A credential, wherever it hangs. */
export interface AuditedCredential extends ListedKey {
  readonly kind: "certificate" | "client secret";
  readonly on: "application" | "service principal";
}

/** One application with what the rules ask of it. */
export class AuditedApplication {
  constructor(
    readonly found: ReadApplication,
    readonly context: AuditContext,
  ) {}

  get name(): string {
    const { application, servicePrincipal, appId } = this.found;
    return application?.displayName ?? servicePrincipal?.displayName ?? appId;
  }

  /** Consents to permissions of the resources with reach. */
  get permissions(): GivenPermission[] {
    return this.found.consents.flatMap(({ resourceId, appRoleId }) => {
      const resource = this.context.resources.find(({ id }) => id === resourceId);
      return resource === undefined
        ? []
        : [
            {
              resourceAppId: resource.appId,
              value: resource.permissions.get(appRoleId) ?? appRoleId,
              id: appRoleId,
            },
          ];
    });
  }

  has(resourceAppId: string, value: string): boolean {
    return this.permissions.some(
      (one) => one.resourceAppId === resourceAppId && one.value === value,
    );
  }

  get mayRunExchange(): boolean {
    return this.has(applicationIds.exchangeOnline, "Exchange.ManageAsApp");
  }

  get mayRunCompliance(): boolean {
    return this.has(applicationIds.exchangeOnlineProtection, "Exchange.ManageAsApp");
  }

  /** Roles of Exchange's own access control. */
  get exchangeRoles(): readonly ExchangeRole[] {
    return (
      this.context.exchangeRoles.get(this.found.servicePrincipal?.id.toLowerCase() ?? "") ?? []
    );
  }

  /** Role groups that it is a member of. */
  get roleGroups(): readonly AuditedRoleGroup[] {
    return this.context.roleGroups.get(this.found.servicePrincipal?.id.toLowerCase() ?? "") ?? [];
  }

  get credentials(): AuditedCredential[] {
    const { application, servicePrincipal } = this.found;
    return [
      ...listedCredentials(application?.keyCredentials, "certificate", "application"),
      ...listedCredentials(application?.passwordCredentials, "client secret", "application"),
      ...listedCredentials(servicePrincipal?.keyCredentials, "certificate", "service principal"),
      ...listedCredentials(
        servicePrincipal?.passwordCredentials,
        "client secret",
        "service principal",
      ),
    ];
  }

  /** Credentials that sign in now. */
  get valid(): AuditedCredential[] {
    return this.credentials.filter(({ endDateTime }) => this.daysUntil(endDateTime) >= 0);
  }

  get isForeign(): boolean {
    const owner = this.found.servicePrincipal?.appOwnerOrganizationId;
    return owner !== undefined && owner !== null && owner !== this.context.tenantId;
  }

  get isMultiTenant(): boolean {
    return (this.found.application?.signInAudience ?? "AzureADMyOrg") !== "AzureADMyOrg";
  }

  get stack(): string | undefined {
    return this.context.stacks.get(this.found.appId.toLowerCase());
  }

  /** Instant of the last app-only sign-in on record. */
  get lastSignIn(): string | undefined {
    return this.context.usage.applications.get(this.found.appId.toLowerCase());
  }

  daysUntil(instant: string | null | undefined): number {
    return (Date.parse(instant ?? "") - this.context.now.getTime()) / dayMs;
  }

  daysOf({ startDateTime, endDateTime }: ListedKey): number {
    return (Date.parse(endDateTime ?? "") - Date.parse(startDateTime ?? "")) / dayMs;
  }
}

function listedCredentials(
  keys: readonly ListedKey[] | undefined,
  kind: AuditedCredential["kind"],
  on: AuditedCredential["on"],
): AuditedCredential[] {
  return (keys ?? []).map((key) => ({ ...key, kind, on }));
}

/** Name of a directory role, or its id where it is not in the table. */
export function roleName(templateId: string): string {
  return roleByTemplateId(templateId)?.name ?? templateId;
}

/** @example permissionName({ resourceAppId: applicationIds.exchangeOnline, value: "full_access_as_app", id }) // "full_access_as_app of Office 365 Exchange Online" */
export function permissionName({ resourceAppId, value }: GivenPermission): string {
  return `${value} of ${applicationNameOrId(resourceAppId)}`;
}
