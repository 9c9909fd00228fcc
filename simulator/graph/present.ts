import { firstPartyIdentifiers } from "../state/resources";
import { isJsonObject, type JsonObject } from "../json";
import { type DirectoryRoleTemplate, directoryRoleTemplates } from "../seed/directoryRoles";
import { type FirstPartyTemplate, microsoftServicesTenantId } from "../seed/firstParty";
import type {
  AdministrativeUnitRecord,
  ApplicationRecord,
  AppRoleAssignmentRecord,
  DirectoryRoleRecord,
  DomainRecord,
  FederatedCredentialRecord,
  GroupRecord,
  KeyCredentialRecord,
  PasswordCredentialRecord,
  ServicePrincipalRecord,
  UserRecord,
} from "../state/entities";
import type { TenantState } from "../state/tenantState";
import { userType } from "./model/userType";
import type { Tenant } from "../state/tenants";

const unverifiedPublisher = { displayName: null, verifiedPublisherId: null, addedDateTime: null };

/** An application as Graph answers it. Key material is only shown when `withKeys`. */
export function presentApplication(
  tenant: Tenant,
  application: ApplicationRecord,
  options: { withKeys?: boolean } = {},
): JsonObject {
  const { id, appId, createdDateTime, createdByAppId, properties } = application;
  return {
    id,
    deletedDateTime: null,
    appId,
    applicationTemplateId: null,
    disabledByMicrosoftStatus: null,
    createdByAppId,
    createdDateTime,
    certification: null,
    publisherDomain: tenant.identity.initialDomain,
    verifiedPublisher: unverifiedPublisher,
    ...structuredClone(properties),
    keyCredentials: application.keyCredentials.map((key) =>
      presentKey(key, options.withKeys === true),
    ),
    passwordCredentials: application.passwordCredentials.map(presentPassword),
  };
}

/** A certificate as Graph answers it; where `withKey` its material, which a private key never has. */
export function presentKey(key: KeyCredentialRecord, withKey: boolean): JsonObject {
  return {
    customKeyIdentifier: key.customKeyIdentifier,
    displayName: key.displayName,
    endDateTime: key.endDateTime,
    key: withKey && key.key !== "" ? key.key : null,
    keyId: key.keyId,
    startDateTime: key.startDateTime,
    type: key.type,
    usage: key.usage,
  };
}

/** A client secret as Graph lists it: never the secret itself. */
export function presentPassword(password: PasswordCredentialRecord): JsonObject {
  return {
    customKeyIdentifier: password.customKeyIdentifier,
    displayName: password.displayName,
    endDateTime: password.endDateTime,
    hint: password.hint,
    keyId: password.keyId,
    secretText: null,
    startDateTime: password.startDateTime,
  };
}

/** A service principal as Graph answers it, with what comes from its application. */
export function presentServicePrincipal(
  tenant: Tenant,
  servicePrincipal: ServicePrincipalRecord,
  options: { withKeys?: boolean } = {},
): JsonObject {
  const { id, appId, createdDateTime, properties } = servicePrincipal;
  const registration = tenant.registrationFor(appId);
  const common: JsonObject = {
    id,
    deletedDateTime: null,
    appId,
    applicationTemplateId: null,
    createdDateTime,
    disabledByMicrosoftStatus: null,
    keyCredentials: servicePrincipal.keyCredentials.map((key) =>
      presentKey(key, options.withKeys === true),
    ),
    passwordCredentials: servicePrincipal.passwordCredentials.map(presentPassword),
    resourceSpecificApplicationPermissions: [],
    verifiedPublisher: unverifiedPublisher,
    ...structuredClone(properties),
  };
  const template = tenant.state.firstParty(servicePrincipal);
  if (template !== undefined) {
    return {
      ...common,
      appDisplayName: template.displayName,
      appDescription: null,
      displayName: template.displayName,
      appOwnerOrganizationId: microsoftServicesTenantId,
      homepage: null,
      replyUrls: [],
      signInAudience: "AzureADMultipleOrgs",
      servicePrincipalNames: firstPartyIdentifiers(tenant, servicePrincipal),
      info: emptyInfo,
      oauth2PermissionScopes: offeredScopes(template),
      appRoles: offeredRoles(template),
    };
  }
  const application: JsonObject = registration?.application.properties ?? {};
  const web = isJsonObject(application["web"]) ? application["web"] : {};
  const spa = isJsonObject(application["spa"]) ? application["spa"] : {};
  const publicClient = isJsonObject(application["publicClient"]) ? application["publicClient"] : {};
  const api = isJsonObject(application["api"]) ? application["api"] : {};
  const list = (value: unknown) => (Array.isArray(value) ? (value as string[]) : []);
  const name = application["displayName"] ?? tenant.state.nameOf(servicePrincipal);
  return structuredClone({
    ...common,
    appDisplayName: name,
    appDescription: application["description"] ?? null,
    displayName: name,
    appOwnerOrganizationId: registration?.home.identity.tenantId ?? null,
    homepage: web["homePageUrl"] ?? null,
    logoutUrl: web["logoutUrl"] ?? null,
    replyUrls: [
      ...list(web["redirectUris"]),
      ...list(spa["redirectUris"]),
      ...list(publicClient["redirectUris"]),
    ],
    signInAudience: application["signInAudience"] ?? "AzureADMyOrg",
    servicePrincipalNames: [appId, ...list(application["identifierUris"])],
    info: application["info"] ?? emptyInfo,
    oauth2PermissionScopes: api["oauth2PermissionScopes"] ?? [],
    appRoles: application["appRoles"] ?? [],
  });
}

/** Delegated permissions of Microsoft's own. */
function offeredScopes({ scopes }: FirstPartyTemplate): JsonObject[] {
  return scopes.map(({ id, value, displayName }) => ({
    adminConsentDescription: `${displayName}.`,
    adminConsentDisplayName: displayName,
    id,
    isEnabled: true,
    type: "User",
    userConsentDescription: `${displayName}.`,
    userConsentDisplayName: displayName,
    value,
  }));
}

/** App roles of Microsoft's own, the same objects for every tenant. */
const offered = new WeakMap<FirstPartyTemplate, JsonObject[]>();

function offeredRoles(template: FirstPartyTemplate): JsonObject[] {
  const known = offered.get(template);
  const roles =
    known ??
    template.appRoles.map((role) => ({
      ...role,
      allowedMemberTypes: ["Application"],
      isEnabled: true,
      origin: "Application",
    }));
  offered.set(template, roles);
  return roles;
}

const emptyInfo = {
  logoUrl: null,
  marketingUrl: null,
  privacyStatementUrl: null,
  supportUrl: null,
  termsOfServiceUrl: null,
};

const principalTypes = {
  application: "ServicePrincipal",
  group: "Group",
  servicePrincipal: "ServicePrincipal",
  user: "User",
} as const;

/** A consent as Graph answers it. */
export function presentAppRoleAssignment(
  tenant: Tenant,
  assignment: AppRoleAssignmentRecord,
): JsonObject {
  const { state } = tenant;
  const principal = state.directoryObject(assignment.principalId);
  return {
    id: assignment.id,
    deletedDateTime: null,
    appRoleId: assignment.appRoleId,
    createdDateTime: assignment.createdDateTime,
    principalDisplayName: principal?.displayName ?? null,
    principalId: assignment.principalId,
    principalType: principalTypes[principal?.type ?? "servicePrincipal"],
    resourceDisplayName: state.directoryObject(assignment.resourceId)?.displayName ?? null,
    resourceId: assignment.resourceId,
  };
}

/** A built-in role as a role definition. */
function presentRoleDefinition(template: DirectoryRoleTemplate): JsonObject {
  return {
    ...template,
    isBuiltIn: true,
    isEnabled: true,
    resourceScopes: ["/"],
    templateId: template.id,
    version: "1",
    rolePermissions: [],
  };
}

/** A role definition by its id, built in or of the tenant's own; undefined: there is none. */
export function presentRoleDefinitionOf(state: TenantState, id: string): JsonObject | undefined {
  const template = directoryRoleTemplates.get(id);
  if (template !== undefined) {
    return presentRoleDefinition(template);
  }
  const own = state.customDirectoryRoles.get(id);
  return (
    own && {
      ...structuredClone(own.properties),
      id: own.id,
      templateId: own.properties["templateId"] ?? own.id,
      isBuiltIn: false,
      isPrivileged: false,
    }
  );
}

/** A built-in role as a template of directory roles. */
export function presentRoleTemplate(template: DirectoryRoleTemplate): JsonObject {
  const { id, description, displayName } = template;
  return { id, deletedDateTime: null, description, displayName };
}

/** An activated directory role as Graph answers it. */
export function presentDirectoryRole(role: DirectoryRoleRecord): JsonObject {
  const template = directoryRoleTemplates.get(role.roleTemplateId);
  return {
    id: role.id,
    deletedDateTime: null,
    description: template?.description ?? null,
    displayName: template?.displayName ?? null,
    roleTemplateId: role.roleTemplateId,
  };
}

/** An administrative unit as Graph answers it. */
export function presentAdministrativeUnit(unit: AdministrativeUnitRecord): JsonObject {
  return { id: unit.id, deletedDateTime: null, ...structuredClone(unit.properties) };
}

/** A group as Graph answers it. */
export function presentGroup(group: GroupRecord): JsonObject {
  const { id, createdDateTime, properties } = group;
  return { id, deletedDateTime: null, createdDateTime, ...structuredClone(properties) };
}

/** A user as Graph answers it, with what is answered only where it is selected. */
export function presentUser(user: UserRecord): JsonObject {
  const { id, displayName, userPrincipalName, properties } = user;
  return {
    ...structuredClone(userType.defaults!),
    deletedDateTime: null,
    ...structuredClone(properties ?? {}),
    id,
    displayName,
    userPrincipalName,
  };
}

/** A federated identity credential as Graph answers it; the expression only in beta. */
export function presentFederatedCredential(
  credential: FederatedCredentialRecord,
  version: "v1.0" | "beta",
): JsonObject {
  const { claimsMatchingExpression, ...common } = credential;
  return { ...common, ...(version === "beta" ? { claimsMatchingExpression } : {}) };
}

/** A domain as Graph answers it. */
export function presentDomain(domain: DomainRecord): JsonObject {
  return {
    authenticationType: "Managed",
    availabilityStatus: null,
    id: domain.id,
    isAdminManaged: true,
    isDefault: domain.isDefault,
    isInitial: domain.isInitial,
    isRoot: true,
    isVerified: domain.isVerified,
    manufacturer: null,
    model: null,
    passwordNotificationWindowInDays: null,
    passwordValidityPeriodInDays: null,
    state: null,
    supportedServices: domain.isInitial ? ["Email", "OfficeCommunicationsOnline"] : ["Email"],
    ...structuredClone(domain.properties),
  };
}

/** What an object id names, in a list of objects of any type. */
export function presentDirectoryObject(tenant: Tenant, id: string): JsonObject | undefined {
  const { state } = tenant;
  const servicePrincipal = state.servicePrincipals.get(id);
  if (servicePrincipal !== undefined) {
    return withType("servicePrincipal", presentServicePrincipal(tenant, servicePrincipal));
  }
  const application = state.applications.get(id);
  if (application !== undefined) {
    return withType("application", presentApplication(tenant, application));
  }
  const group = state.groups.get(id);
  if (group !== undefined) {
    return withType("group", presentGroup(group));
  }
  const role = state.directoryRoles.get(id);
  if (role !== undefined) {
    return withType("directoryRole", presentDirectoryRole(role));
  }
  const unit = state.administrativeUnits.get(id);
  if (unit !== undefined) {
    return withType("administrativeUnit", presentAdministrativeUnit(unit));
  }
  const user = state.users.get(id);
  return user && withType("user", presentUser(user));
}

function withType(type: string, object: JsonObject): JsonObject {
  return { "@odata.type": `#microsoft.graph.${type}`, ...object };
}
