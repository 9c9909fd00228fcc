import type { SimulatorApp, SimulatorContext } from "../http/context";
import { installBatch } from "../http/batch";
import { decodedPath } from "../http/middleware";
import type { ProtocolError } from "../http/protocolError";
import type { FaultAnswer, Service } from "../http/service";
import { asText, isGuid, isJsonObject, type JsonObject } from "../json";
import type { Identified } from "../state/collection";
import type { Tenant } from "../state/tenants";
import {
  authenticate,
  mayWriteApplications,
  readApplications,
  tenantInPath,
} from "./authorization";
import { idInAddress, jsonBody } from "./body";
import { versions } from "./call";
import { findServicePrincipal } from "./lookup";
import { graphErrors } from "./errors";
import type { EntityType } from "./model/entityType";
import { directoryObjectType, objectType, typesOfObjects } from "./model/objectTypes";
import { auditChanges } from "./auditLog";
import { type EntitySet, installEntitySet } from "./entitySet";
import { answerAsOData } from "./query/odata";
import { installReferences, type References } from "./references";
import { directoryAudits, signInReports, signIns } from "./routes/auditLogs";
import {
  administrativeUnitMembers,
  administrativeUnits,
  installGroupsOfUnits,
} from "./routes/administrativeUnits";
import { applicationTemplates, installTemplateRoutes } from "./routes/applicationTemplates";
import { applications } from "./routes/applications";
import { authenticationMethods, identityProviders } from "./routes/authenticationMethods";
import { appRoleAssignments } from "./routes/appRoleAssignments";
import { consentPolicies } from "./routes/consentPolicies";
import { installDeletedItemRoutes } from "./routes/deletedItems";
import {
  findDirectoryObject,
  installDirectoryObjectDeletion,
  installDirectoryObjectRoutes,
  readDirectory,
} from "./routes/directoryObjects";
import { directoryRoleMembers, directoryRoles, roleTemplates } from "./routes/directoryRoles";
import { emptySets } from "./routes/emptySets";
import { extensionProperties, installAvailableExtensions } from "./routes/extensionProperties";
import { federatedCredentials } from "./routes/federatedIdentityCredentials";
import {
  customAppScopes,
  exchangeRoleAssignments,
  exchangeRoleDefinitions,
} from "./routes/exchangeRoles";
import { groupSettings } from "./routes/groupSettings";
import {
  findGroup,
  groupReferences,
  groups,
  groupReaders,
  installGroupActions,
} from "./routes/groups";
import { installLicenceRoutes, licenceDetails, subscribedSkus } from "./routes/licences";
import { installMembershipRoutes } from "./routes/memberships";
import {
  directorySynchronization,
  domains,
  installTenantInformation,
  organization,
} from "./routes/organization";
import { owners } from "./routes/owners";
import { relationLists } from "./routes/relations";
import { installPolicyActions, keptPolicies } from "./routes/keptPolicies";
import { installKeyRoutes } from "./routes/keys";
import { installPasswordRoutes } from "./routes/passwords";
import { installPhotoRoutes } from "./routes/photos";
import { permissionGrants } from "./routes/permissionGrants";
import {
  appManagementPolicies,
  assignedPolicies,
  installDefaultPolicy,
  installPolicyAssignment,
  policyTargets,
} from "./routes/policies";
import { privilegedAccess } from "./routes/privilegedAccess";
import { roleManagementPolicies } from "./routes/roleManagementPolicies";
import {
  installTransitiveAssignments,
  roleAssignments,
  roleDefinitions,
} from "./routes/roleManagement";
import { resourceNamespaces } from "./routes/resourceNamespaces";
import { installTenantPolicies } from "./routes/tenantPolicies";
import {
  scopedMembersOfRoles,
  scopedRoleMembers,
  scopedRolesOfUsers,
} from "./routes/scopedRoleMembers";
import { servicePrincipals } from "./routes/servicePrincipals";
import { installTokenSigningCertificates } from "./routes/tokenSigning";
import { findUser, installUserRoutes, readUsers, users } from "./routes/users";
import { installUserStates } from "./routes/userStates";

/** Microsoft Graph: the same routes in both versions. */
export const graphService: Service = {
  owns: (path) => /^\/(v1\.0|beta)(\/|$)/i.test(path),
  routed: routedPath,
  references: referencesOf,
  isEnvelope: (path) => path.endsWith("/$batch"),
  observe: async (c, next) => {
    await auditChanges(c, next);
    await answerAsOData(c);
  },
  faultAnswers: {
    throttle: (_, { retryAfterSeconds }) => graphErrors.throttled(retryAfterSeconds),
    serverError: (_, { status, retryAfterSeconds }) =>
      graphErrors.serverError(status, retryAfterSeconds),
    permissionDenied: () => graphErrors.insufficientPrivileges(),
    concurrencyConflict: () => graphErrors.concurrencyViolation(),
    writeReplicaLag: replicationError,
    readLag: replicationError,
    referenceLag: (c, { answer }) => {
      if (c.req.path.endsWith("/servicePrincipals")) {
        return backingApplicationLag(c);
      }
      return answer === "invalid"
        ? graphErrors.invalidReferenceUpdate()
        : graphErrors.notFound(firstReference(c) ?? c.req.path);
    },
  } satisfies Record<string, FaultAnswer>,
  install,
};

/** Names in paths by their lower case: Graph takes them in any case. */
const names = new Map<string, string>();

/** What can be a member of groups and roles, where it is found, and who may ask for it. */
const members = [
  { path: "/groups", read: groupReaders, find: findGroup },
  { path: "/servicePrincipals", read: readApplications, find: findServicePrincipal },
  { path: "/users", read: readUsers, find: findUser },
];

const references: readonly References[] = [
  ...owners,
  directoryRoleMembers,
  administrativeUnitMembers,
  policyTargets,
  ...groupReferences,
  ...members.flatMap(relationLists),
];

/** Every set of objects; COVERAGE.md tells what they can be asked. */
export const entitySets: readonly EntitySet<Identified>[] = [
  applications,
  applicationTemplates,
  federatedCredentials,
  extensionProperties,
  assignedPolicies,
  appManagementPolicies,
  ...keptPolicies,
  ...consentPolicies,
  ...authenticationMethods,
  identityProviders,
  servicePrincipals,
  ...appRoleAssignments,
  ...permissionGrants,
  roleAssignments,
  roleDefinitions,
  ...resourceNamespaces,
  exchangeRoleAssignments,
  exchangeRoleDefinitions,
  customAppScopes,
  roleTemplates,
  directoryRoles,
  administrativeUnits,
  scopedRoleMembers,
  scopedMembersOfRoles,
  scopedRolesOfUsers,
  domains,
  organization,
  directorySynchronization,
  subscribedSkus,
  licenceDetails,
  users,
  groups,
  ...groupSettings,
  ...privilegedAccess,
  ...roleManagementPolicies,
  directoryAudits,
  signIns,
  ...signInReports,
  ...emptySets,
];

/** The type of objects that are marked with a name, as their set has it. */
function typeMarked(mark: string): EntityType {
  const { name } = objectType(mark);
  return entitySets.find(({ type }) => type.name === name)?.type ?? objectType(mark);
}

/** Objects of the directory of any type, each with what its type leads to. */
const anyObjectType: EntityType = {
  ...directoryObjectType,
  expandsOne: true,
  navigation: Object.fromEntries(
    typesOfObjects.flatMap((type) =>
      Object.entries(typeMarked(type.name).navigation ?? {}).map(([name, navigation]) => [
        name,
        {
          ...navigation,
          related: (tenant: Tenant, entity: JsonObject) =>
            typeMarked(asText(entity["@odata.type"])).navigation?.[name]?.related(tenant, entity) ??
            [],
        },
      ]),
    ),
  ),
};

/** Installs what Graph has; both versions have the same routes. */
function install(app: SimulatorApp): void {
  const before = app.routes.length;
  const catchAlls: (() => void)[] = [];
  for (const one of references) {
    installReferences(app, one, (mark) => (mark === undefined ? anyObjectType : typeMarked(mark)));
  }
  for (const one of entitySets) {
    installEntitySet(app, one, (later) => catchAlls.push(later));
  }
  // One by one: behind a pattern the router takes `$` for the end of the path.
  for (const version of ["v1.0", "beta"]) {
    installBatch(app, `/${version}/$batch`, {
      most: 20,
      authenticate,
      body: jsonBody,
      base: (c) => `${c.var.request.origin}/${version}/`,
      refuse: graphErrors.syntax,
    });
  }
  // What browsers ask before they send anything.
  app.options(`${versions}/*`, (c) =>
    c.body(null, 200, {
      "Access-Control-Allow-Headers": c.req.header("access-control-request-headers") ?? "*",
      "Access-Control-Allow-Methods": "GET,POST,PUT,PATCH,DELETE,OPTIONS",
      "Access-Control-Allow-Origin": "*",
    }),
  );
  installDirectoryObjectRoutes(app);
  installDirectoryObjectDeletion(app, entitySets);
  installKeyRoutes(app);
  installPasswordRoutes(app);
  installTokenSigningCertificates(app);
  installUserRoutes(app);
  installLicenceRoutes(app);
  installUserStates(app);
  installPhotoRoutes(app);
  installTemplateRoutes(app);
  installGroupActions(app);
  installGroupsOfUnits(app);
  installTenantInformation(app);
  for (const one of [
    ...members,
    { path: "/directoryObjects", read: readDirectory, find: findDirectoryObject },
  ]) {
    installMembershipRoutes(app, one);
  }
  installDeletedItemRoutes(app);
  installAvailableExtensions(app);
  installDefaultPolicy(app);
  installTenantPolicies(app);
  installTransitiveAssignments(app);
  installPolicyAssignment(app);
  installPolicyActions(app);
  for (const later of catchAlls) {
    later();
  }
  for (const { path } of app.routes.slice(before)) {
    for (const name of path.split("/").filter((segment) => /^\w+$/.test(segment))) {
      names.set(name.toLowerCase(), name);
    }
  }
}

/**
 * The path of a request in the form a router can take: alternate keys become segments,
 * `/applications(appId='1')/owners` is `/applications/appId=1/owners`; names and casts, which
 * clients write in several ways, are written in one; the tenant, by name or as `myorganization`, is
 * the caller's anyway, and `authenticate` refuses another.
 *
 * @see https://learn.microsoft.com/graph/api/application-get#http-request
 */
function routedPath(pathname: string): string {
  // The Graph SDK for Python doubles slashes.
  const simple = pathname.replace(/\/{2,}/g, "/");
  const keyed = /\(|%28/i.test(simple)
    ? decodedPath(simple).replace(/\((?:(\w+)=)?'([^']*)'\)/g, (_, name?: string, value = "") =>
        name === undefined ? `/${value}` : `/${name}=${value}`,
      )
    : simple;
  const tenant = tenantInPath(keyed);
  const inTenant = tenant === undefined ? keyed : keyed.replace(`/${tenant}`, "");
  return (
    inTenant
      .replace(/\/+$/, "")
      // CIPP names no object where it casts a list.
      .replace(/\/\$(?=\/)/g, "")
      .replace(/^\/[^/]+/, (version) => version.toLowerCase())
      .replace(/^(\/[^/]+)\/myorganization(?=\/)/i, "$1")
      .split("/")
      .map((segment) => routedSegment(decodeSegment(segment)))
      .join("/")
  );
}

/** Names and signs that clients encode without need: `%24batch`. */
function decodeSegment(segment: string): string {
  const decoded = segment.includes("%") ? decodedPath(segment) : segment;
  return /^[$\w.@-]+$/.test(decoded) ? decoded : segment;
}

/** Operations that clients also write with a namespace before or parentheses after the name. */
const operations = [
  "addKey",
  "addPassword",
  "addTokenSigningCertificate",
  "assignLicense",
  "checkMemberGroups",
  "checkMemberObjects",
  "delta",
  "getAvailableExtensionProperties",
  "getByIds",
  "getMemberGroups",
  "getMemberObjects",
  "instantiate",
  "invalidateAllRefreshTokens",
  "removeKey",
  "removePassword",
  "renew",
  "restore",
  "revokeSignInSessions",
  "updateAllowedCombinations",
];

function routedSegment(segment: string): string {
  const [, operation] = /^(?:(?:microsoft\.)?graph\.)?(\w+)(?:\(\))?$/i.exec(segment) ?? [];
  return (
    operations.find((name) => name.toLowerCase() === operation?.toLowerCase()) ??
    names.get(segment.toLowerCase()) ??
    segment.replace(/^(?:microsoft\.)?graph\.(?=\w)/i, "microsoft.graph.")
  );
}

function replicationError({ req: { path } }: SimulatorContext): ProtocolError {
  return graphErrors.notFound(path.split("/").find((part) => isGuid(part)) ?? path);
}

/** What the caller gets when the application behind a service principal is not replicated yet. */
function backingApplicationLag(c: SimulatorContext): ProtocolError {
  const { caller } = c.var.request;
  return caller !== undefined && mayWriteApplications(caller) === "owned"
    ? graphErrors.backingApplicationNotLocal()
    : graphErrors.noBackingApplication(firstReference(c) ?? "");
}

function firstReference(c: SimulatorContext): string | undefined {
  const { json } = c.var.request.body;
  return isJsonObject(json) ? referencesOf(json)[0] : undefined;
}

/** Ids that a body refers to: principals, resources, applications, `@odata.id` targets. */
function referencesOf(body: JsonObject): string[] {
  const named = [body["principalId"], body["resourceId"], body["appId"]].map(asText);
  const bound = [body["@odata.id"] ?? [], body["owners@odata.bind"] ?? []]
    .flat()
    .map((target) => idInAddress(asText(target)) ?? "");
  return [...named, ...bound].filter(isGuid);
}
