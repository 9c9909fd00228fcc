import type { Properties } from "./values";

/** A resource as a rule sees it, whether the policy SDK or a preview has shown it. */
export interface PolicyResource {
  readonly urn: string;
  /** Type token, for example `azuread:index/application:Application`. */
  readonly type: string;
  /** Name in the program. */
  readonly name: string;
  /** URN of the parent. */
  readonly parent?: string;
  /** Id in the tenant, where the resource exists. */
  readonly id?: string;
  readonly inputs: Properties;
  /** What the provider adds, or what a component registers; empty before anything is known. */
  readonly outputs: Properties;
  /**
   * URNs of the resources that an input is computed from, by input; `undefined` where whoever shows
   * the resource does not tell.
   */
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
}

/** Type tokens of the azuread and tls providers that the rules judge. */
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
  privateKey: "tls:index/privateKey:PrivateKey",
  selfSignedCert: "tls:index/selfSignedCert:SelfSignedCert",
  locallySignedCert: "tls:index/locallySignedCert:LocallySignedCert",
} as const;

/** Types that are an application of the tenant. */
export const applicationTypes: readonly string[] = [
  types.application,
  types.applicationRegistration,
];
