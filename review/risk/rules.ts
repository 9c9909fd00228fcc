import type { Risk } from "../model";
import { managementRolesPages } from "../../policy/rules/data/exchangeRoles";
import { directoryRolesPage } from "../../policy/rules/data/directoryRoles";
import { graphPermissionsPage } from "../../policy/rules/data/graphPermissions";
import {
  appOnlyPage,
  federationPage,
  learn,
  ownersPage,
  registrationPage,
} from "../../policy/rules/data/pages";

/** One row of the table of risks: when it applies, how bad that is, why, and where it is written. */
export interface RiskRule {
  /** When the rule applies, for the table in the documentation. */
  readonly when: string;
  readonly risk: Risk;
  readonly reason: string;
  readonly source: string;
}

const credentialsPage = `${learn}/entra/identity-platform/certificate-credentials`;
const audiencePage = `${learn}/entra/identity-platform/supported-accounts-validation`;
const consentPage = `${learn}/entra/identity-platform/permissions-consent-overview`;
const objectsPage = `${learn}/entra/identity-platform/app-objects-and-service-principals`;
const deletePage = `${learn}/entra/identity/enterprise-apps/delete-recover-faq`;
const providerPage = "https://www.pulumi.com/registry/packages/azuread/installation-configuration/";
const protectPage = "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/";
const previewPage = "https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/";

/** The rules that do not depend on which role or permission it is. */
export const riskRules = {
  roleRemoved: {
    when: "a directory role is taken away",
    risk: "low",
    reason: "Access is taken away; a job that needs the role fails.",
    source: directoryRolesPage,
  },
  roleUnknown: {
    when: "a directory role that is not in the table, or not known before the update",
    risk: "high",
    reason: "The role is not in the table of known roles, so its reach is unknown.",
    source: directoryRolesPage,
  },
  roleUndecided: {
    when: "a directory role that is only known after the update",
    risk: "high",
    reason: "Which role it is, only the update decides, so its reach is unknown.",
    source: directoryRolesPage,
  },
  roleActivated: {
    when: "a directory role is activated without being assigned",
    risk: "info",
    reason: "The role can be assigned from then on; nobody gets it by this.",
    source: directoryRolesPage,
  },
  exchangeRight: {
    when: "a role of Exchange's own is assigned, or reaches further or less far",
    risk: "medium",
    reason: "The application may run the role's cmdlets, on the recipients of its scope.",
    source: managementRolesPages.exchange,
  },
  exchangeRoleReads: {
    when: "a role of Exchange's own that only reads is assigned",
    risk: "low",
    reason: "The application may read what the role's cmdlets read.",
    source: managementRolesPages.exchange,
  },
  exchangeRoleTakesOver: {
    when: "a role of Exchange's own is assigned with which every other can be had",
    risk: "critical",
    reason: "Whoever holds the role can give itself every other, or open every mailbox.",
    source: managementRolesPages.exchange,
  },
  exchangeRightRemoved: {
    when: "a role of Exchange's own is taken away",
    risk: "low",
    reason: "Access is taken away; a job that needs the role fails.",
    source: managementRolesPages.exchange,
  },
  customRole: {
    when: "a custom directory role is created, changed or removed",
    risk: "high",
    reason: "Whoever holds the custom role may do what it lists from then on.",
    source: `${learn}/entra/identity/role-based-access-control/custom-overview`,
  },
  permissionRemoved: {
    when: "an application permission or a consent is taken away",
    risk: "low",
    reason: "Access is taken away; a job that needs the permission fails.",
    source: consentPage,
  },
  permissionUnknown: {
    when: "a permission that is not in the table",
    risk: "high",
    reason: "The permission is not in the table of known permissions, so its reach is unknown.",
    source: graphPermissionsPage,
  },
  permissionUndecided: {
    when: "a permission that is only known after the update",
    risk: "high",
    reason: "Which permission it is, only the update decides, so its reach is unknown.",
    source: graphPermissionsPage,
  },
  defaultAccess: {
    when: "an assignment to an application without an app role",
    risk: "low",
    reason: "The principal may use the application; no permission comes with it.",
    source: consentPage,
  },
  signInScope: {
    when: "a delegated permission that every sign-in asks for",
    risk: "low",
    reason: "Signs a user in and reads that user's own profile; app-only access needs none of it.",
    source: graphPermissionsPage,
  },
  delegatedUnknown: {
    when: "any other delegated permission",
    risk: "high",
    reason: "The application acts as whoever is signed in, as far as that person may go.",
    source: consentPage,
  },
  certificateAdded: {
    when: "a certificate is added",
    risk: "medium",
    reason: "Whoever holds the private key signs in as the application.",
    source: credentialsPage,
  },
  certificateForeign: {
    when: "a credential is added to an application that the stack does not manage",
    risk: "high",
    reason: "The credential opens an application that this stack does not manage.",
    source: registrationPage,
  },
  certificateLong: {
    when: "a certificate is valid for more than two years",
    risk: "high",
    reason: "The certificate is valid for more than two years: a lost key stays useful as long.",
    source: registrationPage,
  },
  certificateRemoved: {
    when: "a certificate is removed while another stays",
    risk: "low",
    reason: "Its key no longer signs in; another credential stays.",
    source: credentialsPage,
  },
  certificateSwapped: {
    when: "a certificate is removed in the same update that adds the only other one",
    risk: "high",
    reason: "No certificate that jobs have today stays valid; the new one reaches them later.",
    source: credentialsPage,
  },
  certificateLast: {
    when: "the last certificate is removed",
    risk: "high",
    reason: "No certificate stays on the application: no job can sign in with one.",
    source: appOnlyPage,
  },
  certificateMaybeLast: {
    when: "a certificate is removed, and the preview does not show whether another stays",
    risk: "high",
    reason: "The preview does not show whether another certificate stays on the application.",
    source: appOnlyPage,
  },
  certificateReplaced: {
    when: "a certificate is replaced under the same name",
    risk: "high",
    reason: "Another key takes the place of the one that jobs use.",
    source: credentialsPage,
  },
  certificateActive: {
    when: "pipelines are given another certificate",
    risk: "medium",
    reason: "Pipelines that read the stack's outputs sign in with another certificate.",
    source: appOnlyPage,
  },
  passwordAdded: {
    when: "a client secret is added",
    risk: "high",
    reason: "A client secret can be copied and replayed; Microsoft advises certificates instead.",
    source: registrationPage,
  },
  passwordChanged: {
    when: "a client secret is replaced",
    risk: "high",
    reason: "Another client secret takes the place of the one that jobs use.",
    source: registrationPage,
  },
  passwordRemoved: {
    when: "a client secret is removed",
    risk: "low",
    reason: "The client secret no longer signs in.",
    source: registrationPage,
  },
  federatedAdded: {
    when: "a federated credential for one exact subject",
    risk: "medium",
    reason: "A token of the issuer for exactly this subject signs in as the application.",
    source: federationPage,
  },
  federatedWide: {
    when: "a federated credential for pull requests, a pattern, or a subject not known yet",
    risk: "high",
    reason: "More than one exact, reviewed workload can get a token that signs in.",
    source: federationPage,
  },
  federatedIssuer: {
    when: "a federated credential of an issuer that is not in the table",
    risk: "high",
    reason: "Whoever runs the issuer can sign in as the application.",
    source: federationPage,
  },
  federatedRemoved: {
    when: "a federated credential is removed",
    risk: "low",
    reason: "Tokens of the issuer no longer sign in.",
    source: federationPage,
  },
  ownerAdded: {
    when: "an owner is added",
    risk: "high",
    reason: "An owner can add a credential and then act as the application.",
    source: ownersPage,
  },
  ownerInitial: {
    when: "a new application is given an owner",
    risk: "medium",
    reason: "An owner can add a credential and then act as the application.",
    source: ownersPage,
  },
  ownerRemoved: {
    when: "an owner is removed",
    risk: "low",
    reason: "The owner can no longer change the application.",
    source: ownersPage,
  },
  audienceWider: {
    when: "the sign-in audience reaches beyond the tenant",
    risk: "high",
    reason: "Other organisations, or anybody, can sign in to the application.",
    source: audiencePage,
  },
  audienceNarrower: {
    when: "the sign-in audience is narrowed to the tenant",
    risk: "low",
    reason: "Only accounts of the tenant can sign in from then on.",
    source: audiencePage,
  },
  applicationCreated: {
    when: "an app registration is created",
    risk: "info",
    reason: "The registration by itself grants nothing; what it grants is listed by itself.",
    source: objectsPage,
  },
  applicationDeleted: {
    when: "an app registration is deleted",
    risk: "high",
    reason: "Every job that signs in with the application stops.",
    source: deletePage,
  },
  applicationReplaced: {
    when: "an app registration is replaced",
    risk: "high",
    reason: "The application gets a new id, new credentials and new consents.",
    source: objectsPage,
  },
  applicationRenamed: {
    when: "an application's display name changes",
    risk: "low",
    reason: "Consent pages, logs and role assignments show another name.",
    source: objectsPage,
  },
  applicationText: {
    when: "a descriptive property of an application changes",
    risk: "info",
    reason: "Describes the application; grants nothing.",
    source: objectsPage,
  },
  applicationRedirect: {
    when: "a redirect or identifier URI changes",
    risk: "high",
    reason: "Tokens can be sent to the new address, or are accepted in its name.",
    source: registrationPage,
  },
  applicationPublic: {
    when: "public client or implicit flows change",
    risk: "high",
    reason: "The application can be signed in to without a credential of its own.",
    source: registrationPage,
  },
  applicationOffers: {
    when: "what the application offers to other applications changes",
    risk: "medium",
    reason: "Other applications can be given, or lose, permissions on this one.",
    source: consentPage,
  },
  principalCreated: {
    when: "a service principal is created",
    risk: "info",
    reason: "The application can be given access in this tenant; what it gets is listed by itself.",
    source: objectsPage,
  },
  principalAdopted: {
    when: "a service principal is taken over from the tenant",
    risk: "high",
    reason: "The stack overwrites an existing service principal, and deletes it when destroyed.",
    source: "https://github.com/pulumi/pulumi-azuread/issues/2045",
  },
  principalDeleted: {
    when: "a service principal is deleted",
    risk: "high",
    reason: "Its consents and role assignments go with it; every job that uses it stops.",
    source: deletePage,
  },
  principalReplaced: {
    when: "a service principal is replaced",
    risk: "high",
    reason: "Consents and role assignments hang on the object id, which changes.",
    source: objectsPage,
  },
  principalEnabled: {
    when: "a service principal is disabled or enabled",
    risk: "medium",
    reason: "Decides whether the application can sign in at all.",
    source: `${learn}/entra/identity/enterprise-apps/disable-user-sign-in-portal`,
  },
  principalAssignment: {
    when: "whether an application needs an assignment changes",
    risk: "medium",
    reason: "Decides whether principals without an assignment get tokens for the application.",
    source: `${learn}/entra/identity/enterprise-apps/assign-user-or-group-access-portal`,
  },
  microsoftManaged: {
    when: "a service principal of Microsoft's own is managed, changed or deleted",
    risk: "critical",
    reason: "It belongs to Microsoft and serves the whole tenant; a stack must only look it up.",
    source: "https://github.com/pulumi/pulumi-azuread/issues/2045",
  },
  exceptionAdded: {
    when: "an exception for a privileged role is added or changed",
    risk: "medium",
    reason:
      "The stack accepts a privileged role until the day given; the role is listed by itself.",
    source: directoryRolesPage,
  },
  exceptionRemoved: {
    when: "an exception is removed",
    risk: "info",
    reason: "The stack no longer accepts the privileged role.",
    source: directoryRolesPage,
  },
  exceptionUnknown: {
    when: "an exception for something that is not in the tables",
    risk: "high",
    reason: "What the exception accepts is in none of the tables, so its reach is unknown.",
    source: directoryRolesPage,
  },
  carriedAdded: {
    when: "a property of an adopted registration is left as the tenant has it",
    risk: "medium",
    reason: "The stack no longer sets the property: what somebody makes of it in the tenant stays.",
    source: objectsPage,
  },
  carriedRemoved: {
    when: "the stack sets a property that it left as the tenant had it",
    risk: "info",
    reason: "The stack sets the property from then on; what that changes is listed by itself.",
    source: objectsPage,
  },
  unprotected: {
    when: "the protection of a resource is removed",
    risk: "high",
    reason: "The engine no longer refuses to delete the resource.",
    source: protectPage,
  },
  tenantChanged: {
    when: "the provider is pointed at another tenant",
    risk: "critical",
    reason: "Everything the stack manages moves to another tenant.",
    source: providerPage,
  },
  unclassified: {
    when: "any other resource of the azuread provider changes",
    risk: "high",
    reason: "The review has no rule for this change, so somebody has to look at it.",
    source: providerPage,
  },
  noDetail: {
    when: "the preview does not say what changes",
    risk: "high",
    reason: "The preview does not say what changes, so somebody has to look at it.",
    source: previewPage,
  },
} as const satisfies Record<string, RiskRule>;
