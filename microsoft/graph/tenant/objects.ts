/** A certificate of an application or a service principal, as Graph lists it. */
export interface ListedKey {
  readonly keyId: string;
  readonly customKeyIdentifier?: string | null;
  readonly displayName?: string | null;
  readonly startDateTime?: string | null;
  readonly endDateTime?: string | null;
}

/** A client secret, as Graph lists it: never the secret itself. */
export type ListedSecret = ListedKey;

/**
 * An app registration, as far as it is read.
 *
 * @see https://learn.microsoft.com/graph/api/resources/application
 */
export interface GraphApplication {
  readonly id: string;
  readonly appId: string;
  readonly displayName?: string | null;
  readonly description?: string | null;
  readonly notes?: string | null;
  readonly createdDateTime?: string | null;
  readonly signInAudience?: string | null;
  readonly identifierUris?: readonly string[];
  readonly tags?: readonly string[];
  readonly groupMembershipClaims?: string | null;
  readonly serviceManagementReference?: string | null;
  readonly isFallbackPublicClient?: boolean | null;
  readonly isDeviceOnlyAuthSupported?: boolean | null;
  readonly disabledByMicrosoftStatus?: string | null;
  readonly applicationTemplateId?: string | null;
  readonly publisherDomain?: string | null;
  readonly keyCredentials?: readonly ListedKey[];
  readonly passwordCredentials?: readonly ListedSecret[];
  readonly requiredResourceAccess?: readonly {
    readonly resourceAppId: string;
    readonly resourceAccess: readonly { readonly id: string; readonly type: string }[];
  }[];
  readonly web?: {
    readonly homePageUrl?: string | null;
    readonly logoutUrl?: string | null;
    readonly redirectUris?: readonly string[];
    readonly implicitGrantSettings?: {
      readonly enableAccessTokenIssuance?: boolean | null;
      readonly enableIdTokenIssuance?: boolean | null;
    } | null;
  } | null;
  readonly spa?: { readonly redirectUris?: readonly string[] } | null;
  readonly publicClient?: { readonly redirectUris?: readonly string[] } | null;
  readonly info?: Readonly<Record<string, string | null>> | null;
  readonly api?: Readonly<Record<string, unknown>> | null;
  readonly appRoles?: readonly Readonly<Record<string, unknown>>[];
  readonly optionalClaims?: Readonly<Record<string, unknown>> | null;
  readonly servicePrincipalLockConfiguration?: { readonly isEnabled?: boolean } | null;
  readonly verifiedPublisher?: { readonly displayName?: string | null } | null;
}

/**
 * A service principal, as far as it is read.
 *
 * @see https://learn.microsoft.com/graph/api/resources/serviceprincipal
 */
export interface GraphServicePrincipal {
  readonly id: string;
  readonly appId: string;
  readonly displayName?: string | null;
  readonly accountEnabled?: boolean | null;
  readonly appRoleAssignmentRequired?: boolean | null;
  readonly appOwnerOrganizationId?: string | null;
  readonly servicePrincipalType?: string | null;
  readonly description?: string | null;
  readonly notes?: string | null;
  readonly tags?: readonly string[];
  readonly alternativeNames?: readonly string[];
  readonly notificationEmailAddresses?: readonly string[];
  readonly loginUrl?: string | null;
  readonly preferredSingleSignOnMode?: string | null;
  readonly samlSingleSignOnSettings?: { readonly relayState?: string | null } | null;
  readonly createdDateTime?: string | null;
  readonly keyCredentials?: readonly ListedKey[];
  readonly passwordCredentials?: readonly ListedSecret[];
  readonly verifiedPublisher?: { readonly displayName?: string | null } | null;
}

/** An owner, a member or a principal: whatever it is. */
export interface GraphObject {
  readonly id: string;
  readonly "@odata.type"?: string;
  readonly displayName?: string | null;
  readonly userPrincipalName?: string | null;
  readonly isAssignableToRole?: boolean | null;
}

/** How people know an object, its id where nothing else is told. */
export function titleOfObject({ userPrincipalName, displayName, id }: GraphObject): string {
  return userPrincipalName ?? displayName ?? id;
}

/** @see https://learn.microsoft.com/graph/api/resources/federatedidentitycredential */
export interface GraphFederatedCredential {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject?: string | null;
  readonly description?: string | null;
  readonly audiences?: readonly string[];
  readonly claimsMatchingExpression?: { readonly value?: string | null } | null;
}

/** @see https://learn.microsoft.com/graph/api/resources/approleassignment */
export interface GraphConsent {
  readonly id: string;
  readonly appRoleId: string;
  readonly principalId: string;
  readonly principalType?: string | null;
  readonly principalDisplayName?: string | null;
  readonly resourceId: string;
  readonly resourceDisplayName?: string | null;
  readonly createdDateTime?: string | null;
}

/** @see https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant */
export interface GraphDelegatedGrant {
  readonly id: string;
  readonly clientId: string;
  readonly resourceId: string;
  readonly principalId?: string | null;
  readonly scope?: string | null;
}

/** @see https://learn.microsoft.com/graph/api/resources/unifiedroleassignment */
export interface GraphRoleAssignment {
  readonly id: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly directoryScopeId: string;
  readonly principal?: GraphObject | null;
}
