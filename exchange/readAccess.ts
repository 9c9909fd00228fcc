import { applicationIds, applicationNameOrId } from "../policy/rules/data/microsoftApplications";
import { findManagementRole } from "../policy/rules/data/exchangeRoles";
import type { StackView, ViewedResource } from "../policy/rules/stackView";
import { types } from "../policy/rules/types";
import { propertiesOf, textOf } from "../policy/rules/values";
import { type Workload, workloads, workloadTitles } from "../components/catalog/workloads";
import { CmdletFailure } from "../microsoft/exchange/adminSession";
import { NoAnswer } from "../microsoft/http";
import { TokenRefused } from "../microsoft/tokens";
import type { ExchangeRole } from "../microsoft/graph/tenant/exchangeRoles";
import type { Unread } from "../microsoft/graph/tenant/unread";
import { isGuid } from "../system/guid";
import { exchangePlugin } from "./plugin";
import { type Connections, sameName } from "./resource";

/** Types of the provider's resources that only cmdlets tell; assignments Microsoft Graph has too. */
const toldByCmdlets: readonly string[] = [
  types.exchangePointer,
  types.exchangeRole,
  types.exchangeScope,
  types.exchangeRoleGroup,
  types.exchangeRoleGroupMember,
];

/** What was read of Exchange's own access control, as the resources that a stack would have. */
export interface ReadExchangeAccess {
  readonly resources: readonly ViewedResource[];
  readonly unread: readonly Unread[];
}

/** Roles that are assigned to a service principal directly, as resources of the provider. */
export function assignmentResources(
  objectId: string,
  roles: readonly ExchangeRole[],
): ViewedResource[] {
  return roles.map(({ id, name, recipientScope, administrativeUnit }) =>
    tenantResource(types.exchangeAssignment, id, name, {
      objectId,
      ...(findManagementRole("exchange", name) === undefined
        ? { customRole: name }
        : { role: name }),
      ...(recipientScope === undefined ? {} : { recipientScope }),
      ...(administrativeUnit === undefined ? {} : { administrativeUnit }),
    }),
  );
}

/**
 * Reads by cmdlets what a stack has declared of role groups, custom roles and scopes, and what role
 * groups its service principals are members of besides. Who may not run cmdlets sees none of it: that
 * is a gap where the stack declares some.
 *
 * @param objectIds Of the stack's service principals.
 */
export async function readExchangeAccess(
  connections: Connections,
  declared: StackView,
  objectIds: readonly string[],
): Promise<ReadExchangeAccess> {
  const resources: ViewedResource[] = [];
  const unread: Unread[] = [];
  const wanted = declared.ofType(...toldByCmdlets).filter(({ id }) => id !== undefined);
  for (const workload of workloads) {
    const own = wanted.filter(({ inputs }) => (textOf(inputs.workload) ?? "exchange") === workload);
    const said = await attemptIn(connections, workload, own.length > 0, async () => {
      const read = await readDeclared(connections, own);
      const memberships = await readMemberships(connections, workload, own, objectIds);
      resources.push(...read, ...memberships);
    });
    if (said !== undefined) {
      // What was not read is taken for as it is declared, and said.
      resources.push(...own);
      unread.push(said);
    }
  }
  return { resources, unread };
}

async function readDeclared(
  connections: Connections,
  declared: readonly ViewedResource[],
): Promise<ViewedResource[]> {
  const plugin = exchangePlugin(() => connections);
  await plugin.configure({});
  const found: ViewedResource[] = [];
  for (const { type, id = "", name, inputs, outputs } of declared) {
    const read = await plugin.read(type, id, propertiesOf(outputs), propertiesOf(inputs));
    if (read !== undefined) {
      found.push(tenantResource(type, id, name, read.inputs));
    }
  }
  return found;
}

/** Memberships of role groups besides those that are declared, by name or id; a group is told with its members. */
async function readMemberships(
  connections: Connections,
  workload: Workload,
  declared: readonly ViewedResource[],
  objectIds: readonly string[],
): Promise<ViewedResource[]> {
  const groups = await connections.admin(workload).run("Get-RoleGroup");
  return groups.flatMap(({ Name, Guid, Members }) => {
    const members = allTexts(Members);
    const isDeclared = (objectId: string) =>
      declared.some(
        ({ type, inputs }) =>
          type === types.exchangeRoleGroupMember &&
          sameName(inputs.objectId, objectId) &&
          [Name, Guid].some((one) => sameName(one, textOf(inputs.roleGroup) ?? "")),
      );
    return objectIds
      .filter((objectId) => members.some((member) => sameName(member, objectId)))
      .filter((objectId) => !isDeclared(objectId))
      .map((objectId) => {
        const roleGroup = String(Name);
        return tenantResource(
          types.exchangeRoleGroupMember,
          `${workload}/${objectId}/${roleGroup}`,
          roleGroup,
          { workload, roleGroup, objectId },
        );
      });
  });
}

/** A role group of one of the two workloads. */
export interface ListedRoleGroup {
  readonly name: string;
  readonly workload: Workload;
  /** Management roles that its members have. */
  readonly roles: readonly string[];
}

/** Role groups of both workloads by the object id, in lower case, of whoever is a member by it. */
export async function readRoleGroups(connections: Connections): Promise<{
  readonly byMember: ReadonlyMap<string, ListedRoleGroup[]>;
  readonly unread: readonly Unread[];
}> {
  const byMember = new Map<string, ListedRoleGroup[]>();
  const unread: Unread[] = [];
  for (const workload of workloads) {
    const said = await attemptIn(connections, workload, false, async () => {
      const groups = await connections.admin(workload).run("Get-RoleGroup");
      for (const { Name, Members, Roles } of groups) {
        const group = { name: String(Name), workload, roles: allTexts(Roles) };
        for (const member of allTexts(Members).map((one) => one.toLowerCase())) {
          byMember.set(member, [...(byMember.get(member) ?? []), group]);
        }
      }
    });
    unread.push(...(said === undefined ? [] : [said]));
  }
  return { byMember: new Map([...byMember].filter(([member]) => isGuid(member))), unread };
}

/** What Exchange and Security & Compliance still know of a service principal that is gone. */
export async function findExchangeRemains(
  connections: Connections,
  appId: string,
  objectId: string,
): Promise<{ readonly left: readonly string[]; readonly unread: readonly Unread[] }> {
  const left: string[] = [];
  const unread: Unread[] = [];
  for (const workload of workloads) {
    const said = await attemptIn(connections, workload, true, async () => {
      const members = await readMemberships(connections, workload, [], [objectId]);
      const pointers = await connections.admin(workload).run("Get-ServicePrincipal");
      left.push(
        ...members.map(
          ({ name }) => `It is still a member of the role group ${name}, ${workload}.`,
        ),
        ...pointers
          .filter(({ AppId }) => sameName(AppId, appId))
          .map(
            ({ ObjectId }) =>
              `The pointer to it in ${workloadTitles[workload]} is there. Remove it: Remove-ServicePrincipal -Identity ${String(ObjectId)}`,
          ),
      );
    });
    unread.push(...(said === undefined ? [] : [said]));
  }
  return { left, unread };
}

/**
 * Takes away a right that is not declared.
 *
 * @throws {CmdletFailure} If the workload refuses.
 */
export async function removeExchangeRight(
  connections: Connections,
  { type, id = "", inputs }: ViewedResource,
): Promise<void> {
  const plugin = exchangePlugin(() => connections);
  await plugin.configure({});
  await plugin.delete(type, id, propertiesOf(inputs));
}

/**
 * Reads something of a workload.
 *
 * @param isGap Whether it is missed where cmdlets may not be run at all.
 * @returns Why it was not read; nothing where it was.
 */
async function attemptIn(
  connections: Connections,
  workload: Workload,
  isGap: boolean,
  read: () => Promise<void>,
): Promise<Unread | undefined> {
  try {
    if (!(await connections.mayRun(workload))) {
      return unreadWithoutRights(workload, isGap);
    }
    await read();
    return undefined;
  } catch (error) {
    if (error instanceof CmdletFailure && error.kind === "denied") {
      return unreadWithoutRights(workload, true);
    }
    // A tenant without the workload gives no token for it.
    if (
      error instanceof TokenRefused ||
      error instanceof CmdletFailure ||
      error instanceof NoAnswer
    ) {
      return {
        what: whatOf(workload),
        why: `Not read: ${whatOf(workload)}. ${error.message}`,
        isGap: isGap || !(error instanceof TokenRefused),
      };
    }
    throw error;
  }
}

function allTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function unreadWithoutRights(workload: Workload, isGap: boolean): Unread {
  const permission = `Exchange.ManageAsApp of ${applicationNameOrId(
    workload === "exchange"
      ? applicationIds.exchangeOnline
      : applicationIds.exchangeOnlineProtection,
  )}`;
  return {
    what: whatOf(workload),
    why: `Not read: ${whatOf(workload)}. Grant ${permission} and the directory role Global Reader to who reads.`,
    isGap,
  };
}

function whatOf(workload: Workload): string {
  return workload === "exchange"
    ? "role groups, custom roles and scopes of Exchange Online"
    : "role groups of Security & Compliance";
}

function tenantResource(
  type: string,
  id: string,
  name: string,
  inputs: ViewedResource["inputs"],
): ViewedResource {
  return {
    urn: `urn:pulumi:tenant::tenant::${type}::${name} ${id}`,
    type,
    name,
    id,
    inputs,
    outputs: {},
  };
}
