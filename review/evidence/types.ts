/** Type tokens of the azuread provider that the review has rules for. */
export const azuread = {
  application: "azuread:index/application:Application",
  applicationRegistration: "azuread:index/applicationRegistration:ApplicationRegistration",
  applicationApiAccess: "azuread:index/applicationApiAccess:ApplicationApiAccess",
  applicationCertificate: "azuread:index/applicationCertificate:ApplicationCertificate",
  applicationPassword: "azuread:index/applicationPassword:ApplicationPassword",
  applicationFederated:
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
  applicationFlexibleFederated:
    "azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential",
  applicationOwner: "azuread:index/applicationOwner:ApplicationOwner",
  applicationRedirectUris: "azuread:index/applicationRedirectUris:ApplicationRedirectUris",
  applicationIdentifierUri: "azuread:index/applicationIdentifierUri:ApplicationIdentifierUri",
  applicationFallbackPublicClient:
    "azuread:index/applicationFallbackPublicClient:ApplicationFallbackPublicClient",
  servicePrincipal: "azuread:index/servicePrincipal:ServicePrincipal",
  servicePrincipalPassword: "azuread:index/servicePrincipalPassword:ServicePrincipalPassword",
  servicePrincipalCertificate:
    "azuread:index/servicePrincipalCertificate:ServicePrincipalCertificate",
  delegatedGrant:
    "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
  appRoleAssignment: "azuread:index/appRoleAssignment:AppRoleAssignment",
  directoryRole: "azuread:index/directoryRole:DirectoryRole",
  directoryRoleAssignment: "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment",
  directoryRoleMember: "azuread:index/directoryRoleMember:DirectoryRoleMember",
  directoryRoleEligibility:
    "azuread:index/directoryRoleEligibilityScheduleRequest:DirectoryRoleEligibilityScheduleRequest",
  customDirectoryRole: "azuread:index/customDirectoryRole:CustomDirectoryRole",
  provider: "pulumi:providers:azuread",
} as const;

/** Type tokens of this project's components. */
export const components = {
  access: "apponly:index:ExchangeAppOnly",
  certificate: "apponly:index:CertificateCredential",
} as const;

/** Type token of a self-signed certificate. */
export const selfSignedCertificate = "tls:index/selfSignedCert:SelfSignedCert";

/** Whether a type is one of the azuread provider's resources. */
export function isAzureadType(type: string): boolean {
  return type.startsWith("azuread:");
}
