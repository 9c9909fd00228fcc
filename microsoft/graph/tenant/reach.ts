import { type Client, GraphError } from "@microsoft/microsoft-graph-client";
import { builtInRoles } from "../../../policy/rules/data/directoryRoles";
import { applicationIds } from "../../../policy/rules/data/microsoftApplications";
import { askTogether, listTogether } from "../batch";
import { readAll } from "../client";
import type { GraphConsent, GraphObject, GraphRoleAssignment, ListedKey } from "./objects";
import { type Source, type Unread, unreadOf } from "./unread";

/** A resource of Microsoft's whose permissions reach into Exchange or compliance. */
export interface ReachedResource {
  readonly id: string;
  readonly appId: string;
  /** Values of its app roles by their ids. */
  readonly permissions: ReadonlyMap<string, string>;
  /** Keys that somebody has put on Microsoft's own service principal. */
  readonly keys: readonly ListedKey[];
}

/** Who has reach into Exchange or compliance in a tenant. */
export interface Reach {
  readonly resources: readonly ReachedResource[];
  /** Client ids of the applications, each once. */
  readonly appIds: readonly string[];
  readonly unread: readonly Unread[];
}

/** Roles that reach into Exchange or compliance besides those that app-only PowerShell supports. */
const furtherRoles: ReadonlySet<string> = new Set([
  "Exchange Backup Administrator",
  "Compliance Data Administrator",
  "Security Operator",
  "Privileged Role Administrator",
  "Privileged Authentication Administrator",
]);

/** Template ids of every role with reach. */
const reachingRoles: readonly string[] = builtInRoles
  .filter(({ name, workloads }) => workloads.length > 0 || furtherRoles.has(name))
  .map(({ templateId }) => templateId);

/** Permissions of Microsoft Graph that reach into mailboxes, or with which one gets the rest. */
const reachingGraph =
  /^(Mail|Mail-Advanced|MailboxItem|MailboxFolder|MailboxConfigItem|MailboxSettings|Calendars|Contacts|ExchangeMessageTrace|AuditLogsQuery-Exchange|eDiscovery)\.|^RoleManagement\.ReadWrite\.|^(AppRoleAssignment|Application|Directory)\.ReadWrite\.All$/;

const reachSources = {
  resources: { what: "Microsoft's service principals", permission: "Application.Read.All" },
  consents: { what: "consents of the tenant", permission: "Application.Read.All" },
  roles: { what: "directory roles of the tenant", permission: "RoleManagement.Read.Directory" },
  eligible: { what: "eligible roles of the tenant", permission: "RoleManagement.Read.Directory" },
  members: { what: "members of groups with roles", permission: "GroupMember.Read.All" },
} as const satisfies Record<string, Source>;

/** Whether a permission of a resource reaches into Exchange or compliance. */
function reachesMailOrAccess(resourceAppId: string, value: string): boolean {
  return resourceAppId === applicationIds.microsoftGraph ? reachingGraph.test(value) : true;
}

/**
 * Finds every application with reach, from the side of what is reached: the consents that Exchange,
 * Exchange Online Protection and Microsoft Graph have given, and who holds the roles. What the tenant
 * has of other applications is not read.
 *
 * @param further Object ids of others that reach it, by what Exchange itself tells.
 */
export async function findReach(graph: Client, further: Iterable<string> = []): Promise<Reach> {
  const unread: Unread[] = [];
  const resources = await readResources(graph, unread);
  const principals = new Set(further);
  for (const resource of resources) {
    for (const id of await consentedPrincipals(graph, resource, unread)) {
      principals.add(id);
    }
  }
  for (const id of await roleHolders(graph, unread)) {
    principals.add(id);
  }
  return { resources, appIds: await appIdsOf(graph, [...principals]), unread };
}

async function readResources(graph: Client, unread: Unread[]): Promise<ReachedResource[]> {
  const { exchangeOnline, exchangeOnlineProtection, microsoftGraph } = applicationIds;
  const appIds = [exchangeOnline, exchangeOnlineProtection, microsoftGraph];
  const answers = await askTogether(
    graph,
    appIds.map(
      (appId) => `/servicePrincipals(appId='${appId}')?$select=id,appRoles,keyCredentials`,
    ),
  );
  return answers.flatMap((read, index): ReachedResource[] => {
    const appId = appIds[index] ?? "";
    if ("error" in read) {
      // A tenant without Exchange has no such service principal, and nobody reaches anything by it.
      if (read.error.statusCode !== 404) {
        unread.push(unreadOf(reachSources.resources, read.error));
      }
      return [];
    }
    const {
      id,
      appRoles = [],
      keyCredentials = [],
    } = read.value as {
      id: string;
      appRoles?: readonly { id: string; value: string }[];
      keyCredentials?: readonly ListedKey[];
    };
    const permissions = new Map(appRoles.map((role) => [role.id, role.value]));
    return [{ id, appId, permissions, keys: keyCredentials }];
  });
}

async function consentedPrincipals(
  graph: Client,
  { id, appId, permissions }: ReachedResource,
  unread: Unread[],
): Promise<string[]> {
  try {
    const path = `/servicePrincipals/${id}/appRoleAssignedTo?$top=999`;
    const consents = await readAll<GraphConsent>(graph, path);
    return consents
      .filter(
        ({ principalType, appRoleId }) =>
          principalType === "ServicePrincipal" &&
          reachesMailOrAccess(appId, permissions.get(appRoleId) ?? ""),
      )
      .map(({ principalId }) => principalId);
  } catch (error) {
    unread.push(unreadOf(reachSources.consents, asGraphError(error)));
    return [];
  }
}

/** Service principals that hold, or may activate, a role with reach, also as members of a group. */
async function roleHolders(graph: Client, unread: Unread[]): Promise<string[]> {
  const path = (list: string, id: string) =>
    `/roleManagement/directory/${list}?$filter=${encodeURIComponent(`roleDefinitionId eq '${id}'`)}&$expand=principal`;
  const held = await listTogether<GraphRoleAssignment>(graph, [
    ...reachingRoles.map((id) => path("roleAssignments", id)),
    ...reachingRoles.map((id) => path("roleEligibilityScheduleInstances", id)),
  ]);
  const groups = new Set<string>();
  const principals = new Set<string>();
  held.forEach((read, index) => {
    if ("error" in read) {
      const source = index < reachingRoles.length ? reachSources.roles : reachSources.eligible;
      addOnce(unread, unreadOf(source, read.error));
      return;
    }
    for (const { principalId, principal } of read.value) {
      const type = principal?.["@odata.type"] ?? "";
      if (type.endsWith("group")) {
        groups.add(principalId);
      } else if (!type.endsWith("user")) {
        principals.add(principalId);
      }
    }
  });
  const members = await listTogether<GraphObject>(
    graph,
    [...groups].map((id) => `/groups/${id}/transitiveMembers/microsoft.graph.servicePrincipal`),
  );
  for (const read of members) {
    if ("error" in read) {
      addOnce(unread, unreadOf(reachSources.members, read.error));
    } else {
      read.value.forEach(({ id }) => principals.add(id));
    }
  }
  return [...principals];
}

async function appIdsOf(graph: Client, principalIds: readonly string[]): Promise<string[]> {
  const answers = await askTogether(
    graph,
    principalIds.map((id) => `/servicePrincipals/${id}?$select=appId`),
  );
  const appIds = answers.flatMap((read) =>
    "value" in read ? [(read.value as { appId: string }).appId] : [],
  );
  return [...new Set(appIds)];
}

function addOnce(unread: Unread[], said: Unread): void {
  if (!unread.some(({ why }) => why === said.why)) {
    unread.push(said);
  }
}

function asGraphError(error: unknown): GraphError {
  if (error instanceof GraphError) {
    return error;
  }
  throw error;
}
