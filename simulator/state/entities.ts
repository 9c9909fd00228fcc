import type {
  FederatedIdentityCredential,
  KeyCredential,
  PasswordCredential,
} from "@microsoft/microsoft-graph-types";
import type { JsonObject } from "../json";

/**
 * A certificate of an application, as Graph stores it.
 *
 * @see https://learn.microsoft.com/graph/api/resources/keycredential
 */
export interface KeyCredentialRecord extends Required<Pick<KeyCredential, "keyId">> {
  keyId: string;
  type: string;
  usage: string;
  displayName: string | null;
  /** SHA-1 thumbprint in upper-case hexadecimal, as the API answers it. */
  customKeyIdentifier: string | null;
  startDateTime: string;
  endDateTime: string;
  /** The certificate as it was sent, in base64: of DER, or of PEM text. Empty: a private key, which nobody reads. */
  key: string;
}

/**
 * A client secret of an application. The secret itself is answered once and never kept.
 *
 * @see https://learn.microsoft.com/graph/api/resources/passwordcredential
 */
export interface PasswordCredentialRecord extends Required<Pick<PasswordCredential, "keyId">> {
  keyId: string;
  displayName: string | null;
  customKeyIdentifier: string | null;
  startDateTime: string;
  endDateTime: string;
  /** First three characters; of the password of a key there is none. */
  hint: string | null;
  /** SHA-256 of the secret, in base64. Never answered. */
  secretHash: string;
}

/**
 * A federated identity credential.
 *
 * @see https://learn.microsoft.com/graph/api/resources/federatedidentitycredential
 */
export interface FederatedCredentialRecord extends Required<
  Pick<FederatedIdentityCredential, "id">
> {
  id: string;
  name: string;
  issuer: string;
  subject: string | null;
  description: string | null;
  audiences: string[];
  /** Beta: an expression instead of the subject. */
  claimsMatchingExpression: { value: string; languageVersion: number } | null;
}

/**
 * An app registration.
 *
 * @see https://learn.microsoft.com/graph/api/resources/application
 */
export interface ApplicationRecord {
  readonly id: string;
  readonly appId: string;
  readonly createdDateTime: string;
  readonly createdByAppId: string | null;
  /** Everything a client can write, except what has a field of its own here. */
  properties: JsonObject & { displayName: string; signInAudience: string };
  keyCredentials: KeyCredentialRecord[];
  passwordCredentials: PasswordCredentialRecord[];
  federatedCredentials: FederatedCredentialRecord[];
  /** Object ids, in the order they were added. */
  owners: string[];
}

/**
 * A service principal, of an application of this tenant, of another tenant, or of Microsoft.
 *
 * What comes from its application is not kept here but read from the application, as Entra
 * keeps both in step.
 *
 * @see https://learn.microsoft.com/graph/api/resources/serviceprincipal
 */
export interface ServicePrincipalRecord {
  readonly id: string;
  readonly appId: string;
  readonly createdDateTime: string;
  /** What a client can write. */
  properties: JsonObject & { accountEnabled: boolean; appRoleAssignmentRequired: boolean };
  /** Credentials of its own, with which the application signs in here as with those it has. */
  keyCredentials: KeyCredentialRecord[];
  passwordCredentials: PasswordCredentialRecord[];
  owners: string[];
}

/**
 * The consent to an application permission: an app role of a resource granted to a principal.
 *
 * @see https://learn.microsoft.com/graph/api/resources/approleassignment
 */
export interface AppRoleAssignmentRecord {
  /** Base64url, case-sensitive. */
  readonly id: string;
  readonly appRoleId: string;
  readonly createdDateTime: string;
  readonly principalId: string;
  readonly resourceId: string;
}

/**
 * The consent to delegated permissions: what a client may do for a user, or for all.
 *
 * @see https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant
 */
export interface OAuth2PermissionGrantRecord {
  readonly id: string;
  /** Object id of the client's service principal. */
  readonly clientId: string;
  readonly consentType: "AllPrincipals" | "Principal";
  /** Object id of the user, or null for all. */
  readonly principalId: string | null;
  readonly resourceId: string;
  /** Values of scopes, separated by spaces. */
  scope: string;
}

/**
 * A directory role held by a principal.
 *
 * @see https://learn.microsoft.com/graph/api/resources/unifiedroleassignment
 */
export interface DirectoryRoleAssignmentRecord {
  readonly id: string;
  readonly principalId: string;
  /** Template id of a built-in role, or id of a custom one. */
  readonly roleDefinitionId: string;
  /** `/`, or `/administrativeUnits/{id}`, or `/{object id}`. */
  readonly directoryScopeId: string;
}

/**
 * A directory role of the tenant's own.
 *
 * @see https://learn.microsoft.com/graph/api/resources/unifiedroledefinition
 */
export interface CustomDirectoryRoleRecord {
  readonly id: string;
  properties: JsonObject & { displayName: string };
}

/** A policy, a location that policies name, or a setting of groups, as it was written. */
export interface KeptPolicyRecord {
  readonly id: string;
  /** Name of its type, for example `conditionalAccessPolicy`. */
  readonly type: string;
  /** Where objects of several types are in one set. */
  readonly odataType?: string;
  readonly createdDateTime: string;
  modifiedDateTime: string;
  properties: JsonObject;
  /** Object ids of service principals. */
  assignedTo: string[];
}

/**
 * A directory role activated in the tenant.
 *
 * @see https://learn.microsoft.com/graph/api/resources/directoryrole
 */
export interface DirectoryRoleRecord {
  readonly id: string;
  readonly roleTemplateId: string;
}

/**
 * An administrative unit.
 *
 * @see https://learn.microsoft.com/graph/api/resources/administrativeunit
 */
export interface AdministrativeUnitRecord {
  readonly id: string;
  properties: JsonObject & { displayName: string };
  members: string[];
}

/**
 * A group; one that is assignable to roles hands its roles on to its members.
 *
 * @see https://learn.microsoft.com/graph/api/resources/group
 */
export interface GroupRecord {
  readonly id: string;
  readonly createdDateTime: string;
  properties: JsonObject & { displayName: string; isAssignableToRole: boolean };
  members: string[];
  owners: string[];
}

/**
 * A user, without a password, and its mailbox.
 *
 * @see https://learn.microsoft.com/graph/api/resources/user
 */
export interface UserRecord {
  readonly id: string;
  displayName: string;
  userPrincipalName: string;
  /** What was written besides; a user of the seed has none. */
  properties?: JsonObject;
  readonly managerId?: string;
  /** Properties of its mailbox as Exchange names them, for example `Department`. */
  mailbox?: JsonObject;
  /** Phones that read its mailbox, as Exchange names their properties. */
  readonly mobileDevices?: readonly JsonObject[];
}

/**
 * A domain of the tenant; its id is its name.
 *
 * @see https://learn.microsoft.com/graph/api/resources/domain
 */
export interface DomainRecord {
  readonly id: string;
  isDefault: boolean;
  isInitial: boolean;
  isVerified: boolean;
  /** What was written of it. */
  properties?: JsonObject;
}

/**
 * An application that was deleted and can be restored for 30 days.
 *
 * @see https://learn.microsoft.com/graph/api/resources/directory
 */
export interface DeletedApplicationRecord {
  readonly id: string;
  readonly deletedDateTime: string;
  readonly application: ApplicationRecord;
  /** Its service principal, deleted with it. */
  readonly servicePrincipal?: ServicePrincipalRecord;
}

/**
 * A service principal that was deleted and can be restored for 30 days.
 *
 * @see https://learn.microsoft.com/graph/api/directory-deleteditems-list
 */
export interface DeletedServicePrincipalRecord {
  readonly id: string;
  readonly deletedDateTime: string;
  readonly servicePrincipal: ServicePrincipalRecord;
}

/**
 * A user that was deleted and can be restored for 30 days.
 *
 * @see https://learn.microsoft.com/graph/api/directory-deleteditems-list
 */
export interface DeletedUserRecord {
  readonly id: string;
  readonly deletedDateTime: string;
  readonly user: UserRecord;
  /** A file of an older version lacks them. */
  readonly links?: PrincipalLinks;
}

/** What a deleted user or group was a member of, and what it had been given. */
export interface PrincipalLinks {
  readonly appRoleAssignments: readonly AppRoleAssignmentRecord[];
  readonly roleAssignments: readonly DirectoryRoleAssignmentRecord[];
  /** Ids of groups and administrative units. */
  readonly memberOf: readonly string[];
  /** Ids of applications, service principals and groups. */
  readonly ownerOf: readonly string[];
  /** Ids of users whose manager it was. */
  readonly reports?: readonly string[];
}

/**
 * A Microsoft 365 group that was deleted and can be restored for 30 days, with its members.
 *
 * @see https://learn.microsoft.com/graph/api/group-delete
 */
export interface DeletedGroupRecord {
  readonly id: string;
  readonly deletedDateTime: string;
  readonly group: GroupRecord;
  readonly links: PrincipalLinks;
}

/**
 * An administrative unit that was deleted and can be restored for 30 days, with its members.
 *
 * @see https://learn.microsoft.com/graph/api/directory-deleteditems-restore
 */
export interface DeletedUnitRecord {
  readonly id: string;
  readonly deletedDateTime: string;
  readonly unit: AdministrativeUnitRecord;
}

/**
 * A change as the directory's audit log tells it.
 *
 * @see https://learn.microsoft.com/graph/api/resources/directoryaudit
 */
export interface DirectoryAuditRecord {
  readonly id: string;
  readonly activityDateTime: string;
  readonly activityDisplayName: string;
  readonly category: string;
  readonly operationType: string;
  readonly correlationId: string;
  readonly initiatedBy: JsonObject;
  readonly targetResources: JsonObject[];
}

/**
 * A sign-in of a service principal.
 *
 * @see https://learn.microsoft.com/graph/api/resources/signin
 */
export interface SignInRecord {
  readonly id: string;
  readonly createdDateTime: string;
  readonly appId: string;
  readonly servicePrincipalId: string;
  readonly servicePrincipalName: string;
  readonly resourceId: string;
  readonly resourceDisplayName: string;
  readonly resourceServicePrincipalId: string;
  readonly clientCredentialType: "clientSecret" | "certificate" | "federatedIdentityCredential";
  readonly servicePrincipalCredentialKeyId: string;
  readonly servicePrincipalCredentialThumbprint: string;
  readonly federatedCredentialId: string | null;
}

/**
 * When a credential was last signed in with. Secrets that only this process knows, and federated
 * tokens, have no key.
 *
 * @see https://learn.microsoft.com/graph/api/resources/appcredentialsigninactivity
 */
export interface CredentialUseRecord {
  /** Base64 of `{key id}|{origin}`; of a credential without a key, of the application. */
  readonly id: string;
  readonly appId: string;
  readonly servicePrincipalId: string;
  readonly keyId: string | null;
  readonly keyType: "clientSecret" | "certificate" | null;
  readonly credentialOrigin: "application" | "servicePrincipal";
  readonly resourceId: string;
  readonly lastSignInDateTime: string;
  readonly lastSignInRequestId: string;
}

/**
 * A directory role, or membership or ownership of a group, that Privileged Identity Management
 * gives: active for a time, or to be activated.
 *
 * @see https://learn.microsoft.com/graph/api/resources/privilegedidentitymanagementv3-overview
 */
export interface PrivilegedScheduleRecord {
  readonly id: string;
  readonly kind: "assignment" | "eligibility";
  readonly principalId: string;
  /** Of a role: its template id. */
  readonly roleDefinitionId?: string;
  readonly directoryScopeId?: string;
  /** Of a group: its object id, and what of it. */
  readonly groupId?: string;
  readonly accessId?: "member" | "owner";
  /** Why, as who asked for it says. */
  readonly justification?: string;
  readonly createdDateTime: string;
  readonly startDateTime: string;
  readonly endDateTime: string | null;
  /** How long it was asked for, in ISO 8601. */
  readonly duration?: string;
}
