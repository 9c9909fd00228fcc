import * as pulumi from "@pulumi/pulumi";
import type { ComplianceRoleGroupArgs, ExchangeRoleArgs } from "./args";
import {
  ManagementRole,
  ManagementScope,
  RoleAssignment,
  RoleGroup,
  RoleGroupMember,
  ServicePrincipal,
} from "./exchangeOnline/resources";
import { childNames } from "./names";
import type { CarriedObject } from "./validation/identity";

/** Whom the roles are given to. */
interface Grantee {
  readonly name: string;
  readonly displayName: pulumi.Input<string>;
  readonly applicationId: pulumi.Output<string>;
  readonly servicePrincipalObjectId: pulumi.Output<string>;
  readonly exchangeRoles: readonly ExchangeRoleArgs[];
  readonly complianceRoleGroups: readonly ComplianceRoleGroupArgs[];
  /** What has to be there first: the consents, so that the service principal is known. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** Leaves what was adopted as the tenant has it. */
  readonly carriedOf: (object: CarriedObject) => pulumi.CustomResourceOptions;
}

/**
 * Roles of Exchange Online's own and role groups of Security & Compliance for an application. A
 * custom role is pruned before it is assigned, and a scope is there before anything may write.
 *
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2#step-5-assign-permissions
 */
export function grantExchangeRoles(grantee: Grantee, parent: pulumi.Resource): void {
  const { exchangeRoles, complianceRoleGroups } = grantee;
  if (exchangeRoles.length > 0) {
    const pointer = pointTo(grantee, "exchange", parent);
    labelsOf(exchangeRoles).forEach(([label, role]) => {
      assignRoles(grantee, label, role, pointer, parent);
    });
  }
  if (complianceRoleGroups.length > 0) {
    const pointer = pointTo(grantee, "compliance", parent);
    for (const group of complianceRoleGroups) {
      join(grantee, group, pointer, parent);
    }
  }
}

/** Each role with a name that no other has: a role may be given for several scopes. */
export function labelsOf(roles: readonly ExchangeRoleArgs[]): [string, ExchangeRoleArgs][] {
  const seen = new Map<string, number>();
  return roles.map((one) => {
    const count = (seen.get(one.role) ?? 0) + 1;
    seen.set(one.role, count);
    return [count === 1 ? one.role : `${one.role} ${count}`, one];
  });
}

function pointTo(
  { name, displayName, applicationId, servicePrincipalObjectId, dependsOn, carriedOf }: Grantee,
  workload: string,
  parent: pulumi.Resource,
): pulumi.Resource {
  return new ServicePrincipal(
    childNames.pointer(name, workload),
    {
      workload,
      appId: applicationId,
      objectId: servicePrincipalObjectId,
      displayName: pulumi.output(displayName).apply((text) => text.slice(0, 64)),
    },
    { parent, dependsOn: [...dependsOn], ...carriedOf("exchangeServicePrincipal") },
  );
}

function assignRoles(
  grantee: Grantee,
  label: string,
  { role, cmdlets, recipientFilter }: ExchangeRoleArgs,
  pointer: pulumi.Resource,
  parent: pulumi.Resource,
): void {
  const { name, servicePrincipalObjectId: objectId } = grantee;
  const scope =
    recipientFilter === undefined
      ? undefined
      : new ManagementScope(
          childNames.exchangeScope(name, label),
          { name: nameFor(grantee, label), recipientFilter },
          { parent, ...grantee.carriedOf("managementScope") },
        );
  const custom =
    cmdlets === undefined
      ? undefined
      : new ManagementRole(
          childNames.exchangeRole(name, label),
          {
            name: nameFor(grantee, label),
            parent: role,
            description: descriptionOf(grantee),
            cmdlets,
          },
          { parent, ...grantee.carriedOf("managementRole") },
        );
  new RoleAssignment(
    childNames.exchangeAssignment(name, label),
    {
      objectId,
      ...(custom === undefined ? { role } : { customRole: custom.name }),
      ...(scope === undefined ? {} : { recipientScope: scope.name }),
    },
    { parent, dependsOn: [pointer] },
  );
}

function join(
  grantee: Grantee,
  { name: group, roles }: ComplianceRoleGroupArgs,
  pointer: pulumi.Resource,
  parent: pulumi.Resource,
): void {
  const { name, servicePrincipalObjectId: objectId } = grantee;
  const own =
    roles === undefined
      ? undefined
      : new RoleGroup(
          childNames.roleGroup(name, group),
          { workload: "compliance", name: group, description: descriptionOf(grantee), roles },
          { parent },
        );
  new RoleGroupMember(
    childNames.roleGroupMember(name, group),
    { workload: "compliance", roleGroup: own?.name ?? group, objectId },
    { parent, dependsOn: [pointer] },
  );
}

/** Names of roles and scopes have 64 characters at most. */
function nameFor({ displayName }: Grantee, label: string): pulumi.Output<string> {
  return pulumi
    .output(displayName)
    .apply((text) => `${text.slice(0, 62 - label.length).trim()}: ${label}`);
}

/** By it the provider knows in a later run what this stack has made. */
function descriptionOf({ applicationId }: Grantee): pulumi.Output<string> {
  return pulumi.interpolate`Made by apponly for the application ${applicationId}`;
}
