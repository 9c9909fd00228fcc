/** Type tokens of Pulumi, of the azuread and tls providers, and of this project, as far as code asks for them. */
export const types = {
  application: "azuread:index/application:Application",
  applicationRegistration: "azuread:index/applicationRegistration:ApplicationRegistration",
  applicationApiAccess: "azuread:index/applicationApiAccess:ApplicationApiAccess",
  applicationCertificate: "azuread:index/applicationCertificate:ApplicationCertificate",
  applicationPassword: "azuread:index/applicationPassword:ApplicationPassword",
  applicationFederated:
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
  applicationFlexibleFederated:
    "azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential",
  applicationRedirectUris: "azuread:index/applicationRedirectUris:ApplicationRedirectUris",
  applicationIdentifierUri: "azuread:index/applicationIdentifierUri:ApplicationIdentifierUri",
  applicationFallbackPublicClient:
    "azuread:index/applicationFallbackPublicClient:ApplicationFallbackPublicClient",
  applicationOwner: "azuread:index/applicationOwner:ApplicationOwner",
  servicePrincipal: "azuread:index/servicePrincipal:ServicePrincipal",
  servicePrincipalCertificate:
    "azuread:index/servicePrincipalCertificate:ServicePrincipalCertificate",
  servicePrincipalPassword: "azuread:index/servicePrincipalPassword:ServicePrincipalPassword",
  tokenSigningCertificate:
    "azuread:index/servicePrincipalTokenSigningCertificate:ServicePrincipalTokenSigningCertificate",
  claimsMappingAssignment:
    "azuread:index/servicePrincipalClaimsMappingPolicyAssignment:ServicePrincipalClaimsMappingPolicyAssignment",
  synchronizationSecret: "azuread:index/synchronizationSecret:SynchronizationSecret",
  synchronizationJob: "azuread:index/synchronizationJob:SynchronizationJob",
  delegatedGrant:
    "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
  appRoleAssignment: "azuread:index/appRoleAssignment:AppRoleAssignment",
  directoryRole: "azuread:index/directoryRole:DirectoryRole",
  customDirectoryRole: "azuread:index/customDirectoryRole:CustomDirectoryRole",
  directoryRoleAssignment: "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment",
  directoryRoleMember: "azuread:index/directoryRoleMember:DirectoryRoleMember",
  directoryRoleEligibility:
    "azuread:index/directoryRoleEligibilityScheduleRequest:DirectoryRoleEligibilityScheduleRequest",
  administrativeUnitRoleMember:
    "azuread:index/administrativeUnitRoleMember:AdministrativeUnitRoleMember",
  user: "azuread:index/user:User",
  group: "azuread:index/group:Group",
  azureadProvider: "pulumi:providers:azuread",
  privateKey: "tls:index/privateKey:PrivateKey",
  selfSignedCert: "tls:index/selfSignedCert:SelfSignedCert",
  locallySignedCert: "tls:index/locallySignedCert:LocallySignedCert",
  exchangePointer: "exchangeonline:index:ServicePrincipal",
  exchangeRole: "exchangeonline:index:ManagementRole",
  exchangeScope: "exchangeonline:index:ManagementScope",
  exchangeAssignment: "exchangeonline:index:RoleAssignment",
  exchangeRoleGroup: "exchangeonline:index:RoleGroup",
  exchangeRoleGroupMember: "exchangeonline:index:RoleGroupMember",
  stack: "pulumi:pulumi:Stack",
  /** The component of this project that is a whole access. */
  access: "apponly:index:ExchangeAppOnly",
  /** The component of this project that is one generation. */
  generation: "apponly:index:CertificateCredential",
} as const;

/** Whether a type is one of the azuread provider's resources. */
export function isAzureadType(type: string): boolean {
  return type.startsWith("azuread:");
}

/** Whether a type is one of this project's provider for Exchange's access control. */
export function isExchangeType(type: string): boolean {
  return type.startsWith("exchangeonline:");
}

/** Types that are an application of the tenant. */
export const applicationTypes: readonly string[] = [
  types.application,
  types.applicationRegistration,
];
