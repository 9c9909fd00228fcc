import type { SimulatorApp, SimulatorContext } from "../http/context";
import { decodedPath } from "../http/middleware";
import type { ProtocolError } from "../http/protocolError";
import type { FaultAnswer, Service } from "../http/service";
import { asText, isGuid, isJsonObject, type JsonObject } from "../json";
import { mayWriteApplications } from "./authorization";
import { graphErrors } from "./errors";
import { installAdministrativeUnitRoutes } from "./routes/administrativeUnits";
import { installApplicationRoutes } from "./routes/applications";
import { installAppRoleAssignmentRoutes } from "./routes/appRoleAssignments";
import { installDeletedItemRoutes } from "./routes/deletedItems";
import { installDirectoryRoleRoutes } from "./routes/directoryRoles";
import { installFederatedCredentialRoutes } from "./routes/federatedIdentityCredentials";
import { installOrganizationRoutes } from "./routes/organization";
import { installOwnerRoutes } from "./routes/owners";
import { installPasswordRoutes } from "./routes/passwords";
import { installPolicyRoutes } from "./routes/policies";
import { installRoleManagementRoutes } from "./routes/roleManagement";
import { installServicePrincipalRoutes } from "./routes/servicePrincipals";

/** Microsoft Graph: the same routes in both versions. */
export const graphService: Service = {
  owns: (path) => /^\/(v1\.0|beta)\//.test(path),
  routed: routedPath,
  references: referencesOf,
  faultAnswers: {
    throttle: (_, { retryAfterSeconds }) => graphErrors.throttled(retryAfterSeconds),
    serverError: (_, { status, retryAfterSeconds }) =>
      graphErrors.serverError(status, retryAfterSeconds),
    permissionDenied: () => graphErrors.insufficientPrivileges(),
    concurrencyConflict: () => graphErrors.concurrencyViolation(),
    writeReplicaLag: notReplicated,
    readLag: notReplicated,
    referenceLag: (c, { answer }) => {
      if (c.req.path.endsWith("/servicePrincipals")) {
        return backingApplicationLag(c);
      }
      return answer === "invalid"
        ? graphErrors.invalidReferenceUpdate()
        : graphErrors.notFound(firstReference(c) ?? c.req.path);
    },
  } satisfies Record<string, FaultAnswer>,
  install: (app: SimulatorApp) => {
    for (const version of ["v1.0", "beta"]) {
      installOwnerRoutes(app, version);
      installApplicationRoutes(app, version);
      installAppRoleAssignmentRoutes(app, version);
      installServicePrincipalRoutes(app, version);
      installRoleManagementRoutes(app, version);
      installDirectoryRoleRoutes(app, version);
      installOrganizationRoutes(app, version);
      installFederatedCredentialRoutes(app, version);
      installPasswordRoutes(app, version);
      installDeletedItemRoutes(app, version);
      installAdministrativeUnitRoutes(app, version);
      installPolicyRoutes(app, version);
    }
  },
};

/** Names in Graph's paths; Graph takes them in any case. */
const names = new Map(
  [
    "addPassword",
    "administrativeUnits",
    "applications",
    "appRoleAssignedTo",
    "appRoleAssignments",
    "defaultAppManagementPolicy",
    "deletedItems",
    "directory",
    "directoryRoles",
    "directoryRoleTemplates",
    "domains",
    "federatedIdentityCredentials",
    "members",
    "organization",
    "ownedObjects",
    "owners",
    "policies",
    "removePassword",
    "restore",
    "roleAssignments",
    "roleDefinitions",
    "roleManagement",
    "servicePrincipals",
    "users",
  ].map((name) => [name.toLowerCase(), name]),
);

/**
 * The path of a request in the form a router can take: alternate keys become segments,
 * `/applications(appId='1')/owners` is `/applications/appId=1/owners`; names, which clients write
 * in several ways, are written in one.
 *
 * @see https://learn.microsoft.com/graph/api/application-get#http-request
 */
function routedPath(pathname: string): string {
  const keyed = /\(|%28/i.test(pathname)
    ? decodedPath(pathname).replace(/\((\w+)='([^']*)'\)/g, "/$1=$2")
    : pathname;
  return keyed
    .split("/")
    .map((segment) => names.get(segment.toLowerCase()) ?? segment)
    .join("/");
}

function notReplicated({ req: { path } }: SimulatorContext): ProtocolError {
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
    .map((target) => asText(target).split("/").pop() ?? "");
  return [...named, ...bound].filter(isGuid);
}
