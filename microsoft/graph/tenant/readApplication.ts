import { type Client, GraphError } from "@microsoft/microsoft-graph-client";
import { types } from "../../../policy/rules/types";
import { askTogether, listTogether, type Read } from "../batch";
import { readAll } from "../client";
import type {
  GraphApplication,
  GraphConsent,
  GraphDelegatedGrant,
  GraphFederatedCredential,
  GraphObject,
  GraphRoleAssignment,
  GraphServicePrincipal,
} from "./objects";
import { type Source, type Unread, unreadOf } from "./unread";

/** A directory role that a service principal has, and how it comes to it. */
export interface HeldRole extends GraphRoleAssignment {
  /** `eligible` is one that can be activated by Privileged Identity Management. */
  readonly how: "assigned" | "eligible";
  /** The group that is assigned the role, where the service principal is a member of one. */
  readonly group?: { readonly id: string; readonly name: string };
}

/** Everything that Microsoft Graph tells of one application in one tenant. */
export interface ReadApplication {
  readonly appId: string;
  /** Absent where the tenant has none: of a managed identity, or of another tenant's. */
  readonly application?: GraphApplication;
  readonly applicationOwners: readonly GraphObject[];
  readonly federated: readonly GraphFederatedCredential[];
  /** Absent where the tenant has none. */
  readonly servicePrincipal?: GraphServicePrincipal;
  readonly servicePrincipalOwners: readonly GraphObject[];
  readonly consents: readonly GraphConsent[];
  readonly delegated: readonly GraphDelegatedGrant[];
  readonly roles: readonly HeldRole[];
  /** Names of app management policies that are assigned to it. */
  readonly policies: readonly string[];
  readonly unread: readonly Unread[];
}

const federatedTypes = [types.applicationFederated, types.applicationFlexibleFederated];
const sources = {
  application: {
    what: "the app registration",
    permission: "Application.Read.All",
    hides: [
      types.application,
      types.applicationCertificate,
      types.applicationPassword,
      ...federatedTypes,
    ],
  },
  owners: { what: "owners", permission: "Application.Read.All", hides: ["owners"] },
  federated: {
    what: "federated credentials",
    permission: "Application.Read.All",
    hides: federatedTypes,
  },
  principal: {
    what: "the service principal",
    permission: "Application.Read.All",
    hides: [
      types.servicePrincipal,
      types.servicePrincipalCertificate,
      types.servicePrincipalPassword,
      types.appRoleAssignment,
      types.delegatedGrant,
      types.directoryRoleAssignment,
      types.directoryRoleEligibility,
    ],
  },
  consents: {
    what: "admin consents",
    permission: "Application.Read.All",
    hides: [types.appRoleAssignment],
  },
  delegated: {
    what: "delegated permissions",
    permission: "Directory.Read.All",
    hides: [types.delegatedGrant],
  },
  groups: { what: "membership of groups", permission: "Application.Read.All" },
  roles: {
    what: "directory roles",
    permission: "RoleManagement.Read.Directory",
    hides: [types.directoryRoleAssignment],
  },
  eligible: {
    what: "eligible directory roles",
    permission: "RoleManagement.Read.Directory",
    hides: [types.directoryRoleEligibility],
  },
  policies: { what: "app management policies", permission: "Policy.Read.All" },
} as const satisfies Record<string, Source>;

/** Lists that are read of an application, by where they come from and what they are read of. */
const listsOf = {
  applicationOwners: { of: "application", path: "owners", source: sources.owners },
  federated: { of: "application", path: "federatedIdentityCredentials", source: sources.federated },
  policies: { of: "application", path: "appManagementPolicies", source: sources.policies },
  servicePrincipalOwners: { of: "principal", path: "owners", source: sources.owners },
  consents: { of: "principal", path: "appRoleAssignments", source: sources.consents },
  delegated: { of: "principal", path: "oauth2PermissionGrants", source: sources.delegated },
  groups: { of: "principal", path: "transitiveMemberOf", source: sources.groups },
  roles: { of: "filter", path: "roleAssignments", source: sources.roles },
  eligible: { of: "filter", path: "roleEligibilityScheduleInstances", source: sources.eligible },
} as const;
type ListName = keyof typeof listsOf;

/** What is known of an application while it is read. */
interface Reading {
  readonly appId: string;
  readonly application?: GraphApplication;
  readonly servicePrincipal?: GraphServicePrincipal;
  readonly lists: Partial<Record<ListName, unknown[]>>;
  readonly unread: Unread[];
}

/**
 * Reads applications of a tenant, each with its service principal and what it was given, in batches
 * that they share. What is refused is said in `unread`; what is not there is absent.
 *
 * @param appIds Client ids; one of a managed identity has no registration.
 * @example const [found] = await readApplications(graph, [clientId]);
 */
export async function readApplications(
  graph: Client,
  appIds: readonly string[],
): Promise<ReadApplication[]> {
  const readings = await readObjects(graph, appIds);
  await readLists(graph, readings);
  await readExpressions(graph, readings);
  const groupRoles = await rolesOfGroups(graph, readings);
  return readings.map((reading): ReadApplication => {
    const { lists, ...rest } = reading;
    const list = <T>(name: ListName) => (lists[name] ?? []) as T[];
    const rolesHeld = (name: "roles" | "eligible", held: HeldRole["how"]) =>
      list<GraphRoleAssignment>(name).map((one): HeldRole => ({ ...one, how: held }));
    return {
      ...rest,
      applicationOwners: list("applicationOwners"),
      federated: list("federated"),
      servicePrincipalOwners: list("servicePrincipalOwners"),
      consents: list("consents"),
      delegated: list("delegated"),
      roles: [
        ...rolesHeld("roles", "assigned"),
        ...rolesHeld("eligible", "eligible"),
        ...roleGroupsOf(reading).flatMap((group) => groupRoles.get(group.id) ?? []),
      ],
      policies: list<GraphObject>("policies").map(({ displayName, id }) => displayName ?? id),
    };
  });
}

/** The registration and the service principal of each. */
async function readObjects(graph: Client, appIds: readonly string[]): Promise<Reading[]> {
  const paths = appIds.flatMap((appId) => [
    `/applications(appId='${appId}')`,
    `/servicePrincipals(appId='${appId}')`,
  ]);
  const answers = await askTogether(graph, paths);
  return appIds.map((appId, index): Reading => {
    const unread: Unread[] = [];
    const answerAt = <T>(offset: 0 | 1, source: Source) =>
      valueUnlessUnread(answers[2 * index + offset] as Read<T>, source, unread);
    const application = answerAt<GraphApplication>(0, sources.application);
    const servicePrincipal = answerAt<GraphServicePrincipal>(1, sources.principal);
    return {
      appId,
      ...(application === undefined ? {} : { application }),
      ...(servicePrincipal === undefined ? {} : { servicePrincipal }),
      lists: {},
      unread,
    };
  });
}

/** The object, or nothing where the tenant does not have it. */
function valueUnlessUnread<T>(read: Read<T>, source: Source, unread: Unread[]): T | undefined {
  if ("value" in read) {
    return read.value;
  }
  if (read.error.statusCode !== 404) {
    unread.push(unreadOf(source, read.error));
  }
  return undefined;
}

async function readLists(graph: Client, readings: readonly Reading[]): Promise<void> {
  const asked = readings.flatMap((reading) =>
    (Object.keys(listsOf) as ListName[]).flatMap((name) => {
      const path = pathOf(reading, name);
      return path === undefined ? [] : [{ reading, name, path }];
    }),
  );
  const answers = await listTogether(
    graph,
    asked.map(({ path }) => path),
  );
  asked.forEach(({ reading, name }, index) => {
    const read = answers[index];
    if (read !== undefined && "value" in read) {
      reading.lists[name] = read.value;
    } else if (read !== undefined) {
      note(reading.unread, unreadOf(listsOf[name].source, read.error));
    }
  });
}

/**
 * What a federated credential without a subject matches: only beta tells the expression.
 *
 * @see https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials
 */
async function readExpressions(graph: Client, readings: readonly Reading[]): Promise<void> {
  for (const reading of readings) {
    const known = (reading.lists.federated ?? []) as GraphFederatedCredential[];
    const path = pathOf(reading, "federated");
    if (path === undefined || known.every(({ subject }) => subject)) {
      continue;
    }
    try {
      reading.lists.federated = await readAll<GraphFederatedCredential>(graph, path, "beta");
    } catch (error) {
      if (!(error instanceof GraphError)) {
        throw error;
      }
      note(reading.unread, unreadOf(sources.federated, error));
    }
  }
}

function pathOf({ application, servicePrincipal }: Reading, name: ListName): string | undefined {
  const { of, path } = listsOf[name];
  switch (of) {
    case "application":
      return application && `/applications/${application.id}/${path}`;
    case "principal":
      return servicePrincipal && `/servicePrincipals/${servicePrincipal.id}/${path}`;
    case "filter":
      return servicePrincipal && rolesPath(path, servicePrincipal.id);
  }
}

function note(unread: Unread[], said: Unread): void {
  if (!unread.some(({ what }) => what === said.what)) {
    unread.push(said);
  }
}

function roleGroupsOf({ lists }: Reading): GraphObject[] {
  return ((lists.groups ?? []) as GraphObject[]).filter((one) => one.isAssignableToRole === true);
}

/** Roles of the groups that hand theirs on, each group once. */
async function rolesOfGroups(
  graph: Client,
  readings: readonly Reading[],
): Promise<Map<string, HeldRole[]>> {
  const groups = new Map(readings.flatMap(roleGroupsOf).map((group) => [group.id, group]));
  const ids = [...groups.keys()];
  const answers = await listTogether<GraphRoleAssignment>(
    graph,
    ids.map((id) => rolesPath("roleAssignments", id)),
  );
  const held = new Map<string, HeldRole[]>();
  ids.forEach((id, index) => {
    const read = answers[index];
    if (read !== undefined && "value" in read) {
      const group = { id, name: groups.get(id)?.displayName ?? id };
      held.set(
        id,
        read.value.map((one) => ({ ...one, how: "assigned", group })),
      );
    } else if (read !== undefined) {
      const said = unreadOf(
        { what: "roles of groups", permission: sources.roles.permission },
        read.error,
      );
      readings
        .filter((one) => roleGroupsOf(one).some((group) => group.id === id))
        .forEach(({ unread }) => note(unread, said));
    }
  });
  return held;
}

function rolesPath(list: string, principalId: string): string {
  const filter = encodeURIComponent(`principalId eq '${principalId}'`);
  return `/roleManagement/directory/${list}?$filter=${filter}`;
}
