import { applicationIds, isMicrosoftApplication } from "../policy/rules/data/microsoftApplications";
import { permissionById } from "../policy/rules/data/permissions";
import { roleByTemplateId } from "../policy/rules/data/directoryRoles";
import { takeoverRoles } from "../policy/rules/data/exchangeRoles";
import { type GivenPermission, permissionName, roleName } from "./application";
import type { AuditRule } from "./auditRule";
import { credentialRules } from "./credentialRules";
import { dayMs } from "../system/durations";
import { appOnlyPage, learn, ownersPage, registrationPage } from "../policy/rules/data/pages";

const permissionsPage = `${learn}/graph/permissions-reference`;
const rbacPage = `${learn}/exchange/permissions-exo/application-rbac`;
const usagePage = `${learn}/graph/api/resources/serviceprincipalsigninactivity`;
const pimPage = `${learn}/entra/id-governance/privileged-identity-management/pim-configure`;

/** With these an application can give itself everything else. */
const takeover =
  /^(RoleManagement\.ReadWrite\.(Directory|Exchange)|AppRoleAssignment\.ReadWrite\.All|Application\.ReadWrite\.All|Directory\.ReadWrite\.All)$/;
const { microsoftGraph } = applicationIds;

const isTakeover = ({ resourceAppId, value }: GivenPermission) =>
  resourceAppId === microsoftGraph && takeover.test(value);

/** Content of every mailbox, or mail in everybody's name. */
const mailContent =
  /^(full_access_as_app|(Mail|Mail-Advanced|MailboxItem|Calendars|Contacts)\..+|(IMAP|POP)\.AccessAsApp|SMTP\.SendAsApp|Mailbox\.Migration)$/;
const isMailContent = ({ value }: GivenPermission) => mailContent.test(value);

/** Every rule, by the name that an accepted finding and `--format json` call it by. */
export const auditRules = {
  takeoverPermission: {
    when: "a permission with which the application can give itself every other",
    severity: "critical",
    kind: "admin-consent",
    reason:
      "With this permission the application can give itself roles and permissions, in Exchange too.",
    source: permissionsPage,
    remedy:
      "Take the consent back, or replace it by a permission that is limited to what is owned.",
    judge: (app) => app.permissions.filter(isTakeover).map(permissionName),
  },
  mailboxPermission: {
    when: "a permission to the content of every mailbox",
    severity: "critical",
    kind: "admin-consent",
    reason: "The application reaches the content of every mailbox, whoever owns it.",
    source: rbacPage,
    remedy: "Assign an application role of Exchange with a scope, and take the consent back.",
    judge: (app) =>
      app.permissions
        .filter(isMailContent)
        .filter(({ id, resourceAppId }) => permissionById(id, resourceAppId)?.risk !== "medium")
        .map(permissionName),
  },
  exchangePermission: {
    when: "Exchange.ManageAsApp of an application that no stack manages",
    severity: "high",
    kind: "admin-consent",
    reason:
      "The application runs Exchange Online PowerShell without a user, and nobody reviews its changes.",
    source: appOnlyPage,
    remedy:
      "Bring it under review: `apponly adopt --stack NAME --application ID`. Or take the consent back.",
    judge: (app) =>
      app.mayRunExchange && app.stack === undefined
        ? ["Exchange.ManageAsApp of Exchange Online"]
        : [],
  },
  compliancePermission: {
    when: "Exchange.ManageAsApp of Security & Compliance, of an application that no stack manages",
    severity: "high",
    kind: "admin-consent",
    reason:
      "The application runs Security & Compliance PowerShell without a user; lists of risky permissions leave this one out.",
    source: appOnlyPage,
    remedy:
      "Bring it under review: `apponly adopt --stack NAME --application ID`. Or take the consent back.",
    judge: (app) =>
      app.mayRunCompliance && app.stack === undefined
        ? ["Exchange.ManageAsApp of Exchange Online Protection"]
        : [],
  },
  privilegedRole: {
    when: "a directory role that controls the tenant",
    severity: "critical",
    kind: "directory-role",
    reason: "Whoever signs in as the application controls the tenant.",
    source: `${learn}/entra/identity/role-based-access-control/permissions-reference`,
    remedy: "Replace it by a role that does only what the job needs.",
    judge: (app) =>
      app.found.roles
        .filter(({ roleDefinitionId }) => roleByTemplateId(roleDefinitionId)?.risk === "critical")
        .map(({ roleDefinitionId }) => roleName(roleDefinitionId)),
  },
  eligibleRole: {
    when: "a role that an application may activate",
    severity: "medium",
    kind: "directory-role",
    reason:
      "Privileged Identity Management has no activation by an application: the role waits for somebody.",
    source: pimPage,
    remedy: "Remove the eligibility.",
    judge: (app) =>
      app.found.roles
        .filter(({ how }) => how === "eligible")
        .map(({ roleDefinitionId }) => roleName(roleDefinitionId)),
  },
  roleThroughGroup: {
    when: "a directory role through a group",
    severity: "medium",
    kind: "directory-role",
    reason: "Whoever may change the group's members decides who has the role.",
    source: `${learn}/entra/identity/role-based-access-control/groups-concept`,
    remedy: "Assign the role directly, where a stack can declare it.",
    judge: (app) =>
      app.found.roles.flatMap(({ group, roleDefinitionId }) =>
        group === undefined ? [] : [`${roleName(roleDefinitionId)} by ${group.name}`],
      ),
  },
  permissionWithoutRole: {
    when: "Exchange.ManageAsApp without any role",
    severity: "low",
    kind: "admin-consent",
    reason: "The permission opens nothing without a role, and whoever adds one is not asked again.",
    source: appOnlyPage,
    remedy: "Take the consent back, or assign the role that the job needs.",
    judge: (app) =>
      app.mayRunExchange &&
      app.found.roles.length + app.exchangeRoles.length + app.roleGroups.length === 0
        ? ["Exchange.ManageAsApp of Exchange Online"]
        : [],
  },
  roleWithoutPermission: {
    when: "a role for Exchange without Exchange.ManageAsApp",
    severity: "low",
    kind: "directory-role",
    reason:
      "The role opens no PowerShell without the permission, but it works in other interfaces.",
    source: appOnlyPage,
    remedy: "Remove the role, where no other interface needs it.",
    judge: (app) =>
      app.mayRunExchange || app.mayRunCompliance
        ? []
        : app.found.roles
            .filter(({ roleDefinitionId }) => /Exchange/.test(roleName(roleDefinitionId)))
            .map(({ roleDefinitionId }) => roleName(roleDefinitionId)),
  },
  exchangeTakeover: {
    when: "a role in Exchange with which the application can give itself every other",
    severity: "critical",
    kind: "directory-role",
    reason: "Whoever has the role assigns roles in Exchange, to itself too.",
    source: rbacPage,
    remedy: "Replace it by a role that does only what the job needs: apponly advise",
    judge: (app) => [
      ...app.exchangeRoles.flatMap(({ name }) => (takeoverRoles.includes(name) ? [name] : [])),
      ...app.roleGroups.flatMap(({ name, roles }) =>
        roles.filter((role) => takeoverRoles.includes(role)).map((role) => `${role} by ${name}`),
      ),
    ],
  },
  unscopedRole: {
    when: "an application role of Exchange for every mailbox",
    severity: "high",
    kind: "directory-role",
    reason: "It reaches every mailbox, as the same consent would, and no consent shows it.",
    source: rbacPage,
    remedy: "Assign it within a scope, and remove this assignment.",
    judge: (app) =>
      app.exchangeRoles
        .filter(({ name, scoped }) => name.startsWith("Application ") && !scoped)
        .map(({ name }) => name),
  },
  scopeDefeated: {
    when: "a scoped role of Exchange beside the same permission without a scope",
    severity: "high",
    kind: "admin-consent",
    reason:
      "The consent reaches every mailbox, so the scope of the role in Exchange limits nothing.",
    source: rbacPage,
    remedy: "Take the consent back; the scoped role stays.",
    judge: (app) => {
      const scoped = app.exchangeRoles.filter((role) => role.scoped).map(({ name }) => name);
      return app.permissions
        .filter(({ value }) => scoped.includes(`Application ${value}`))
        .map(permissionName);
    },
  },
  grantedNotDeclared: {
    when: "a consent that the registration does not ask for",
    severity: "medium",
    kind: "admin-consent",
    reason: "The permission is not in the registration, where people look for it.",
    source: `${learn}/entra/identity-platform/permissions-consent-overview`,
    remedy: "Add it to the registration, or take the consent back.",
    judge: (app) => {
      const { application } = app.found;
      if (application === undefined) {
        return [];
      }
      const asked = new Set(
        (application.requiredResourceAccess ?? []).flatMap(({ resourceAppId, resourceAccess }) =>
          resourceAccess.map(({ id }) => `${resourceAppId}/${id}`),
        ),
      );
      return app.permissions
        .filter(({ resourceAppId, id }) => !asked.has(`${resourceAppId}/${id}`))
        .map(permissionName);
    },
  },
  redundantPermission: {
    when: "a permission that another one includes",
    severity: "low",
    kind: "admin-consent",
    reason: "The wider permission includes it: taking the wider one back would leave it unnoticed.",
    source: permissionsPage,
    remedy: "Take the narrower consent back, or better the wider one.",
    judge: (app) =>
      app.permissions
        .filter(
          ({ value, resourceAppId }) =>
            app.has(resourceAppId, value.replace(/\.Read(Basic)?(\.All)?$/, ".ReadWrite$2")) &&
            /\.Read(Basic)?(\.All)?$/.test(value),
        )
        .map(permissionName),
  },
  ...credentialRules,
  userOwner: {
    when: "a person owns the application",
    severity: "medium",
    kind: "owner",
    reason:
      "An owner can add a credential and then act as the application; who takes over the person does too.",
    source: ownersPage,
    remedy: "Remove the owner, or let a deployer own it.",
    judge: (app) =>
      app.isForeign
        ? []
        : [...app.found.applicationOwners, ...app.found.servicePrincipalOwners]
            .filter((owner) => owner["@odata.type"]?.endsWith("user") === true)
            .map(({ displayName, id }) => displayName ?? id),
  },
  ownerless: {
    when: "nobody owns the application",
    severity: "low",
    kind: "owner",
    reason: "Nobody answers for it when it is asked whether it is still needed.",
    source: ownersPage,
    remedy: "Add an owner: the deployer of a stack, or a team's service principal.",
    judge: (app) =>
      app.found.application !== undefined && app.found.applicationOwners.length === 0
        ? ["no owner"]
        : [],
  },
  foreignApplication: {
    when: "an application of another organisation",
    severity: "high",
    kind: "service-principal",
    reason:
      "Its credentials are another organisation's, which nobody of this tenant sees or rotates.",
    source: `${learn}/entra/identity-platform/howto-convert-app-to-be-multi-tenant`,
    remedy: "Ask what it is for, and take back what it does not need.",
    judge: (app) =>
      app.isForeign &&
      !isMicrosoftApplication(
        app.found.appId,
        app.found.servicePrincipal?.appOwnerOrganizationId ?? undefined,
      )
        ? [`of ${app.found.servicePrincipal?.appOwnerOrganizationId ?? ""}`]
        : [],
  },
  multiTenant: {
    when: "an own application that other organisations can use, without a verified publisher",
    severity: "high",
    kind: "sign-in-audience",
    reason: "Other organisations can use it, and cannot see whose it is.",
    source: `${learn}/entra/identity-platform/publisher-verification-overview`,
    remedy: "Narrow the sign-in audience to the tenant.",
    judge: (app) =>
      app.isMultiTenant && !app.found.application?.verifiedPublisher?.displayName
        ? [app.found.application?.signInAudience ?? ""]
        : [],
  },
  instanceLock: {
    when: "an application for other organisations without the instance property lock",
    severity: "medium",
    kind: "application",
    reason: "Who administers it in another tenant can add credentials to it there.",
    source: `${learn}/entra/identity-platform/howto-configure-app-instance-property-locks`,
    remedy: "Switch the lock on for all properties.",
    judge: (app) =>
      app.isMultiTenant &&
      app.found.application?.servicePrincipalLockConfiguration?.isEnabled !== true
        ? ["no instance property lock"]
        : [],
  },
  publicClient: {
    when: "a public client that holds credentials",
    severity: "medium",
    kind: "application",
    reason: "It can be signed in to without a credential of its own, besides those that it has.",
    source: registrationPage,
    remedy: "Switch public client flows off.",
    judge: (app) =>
      app.found.application?.isFallbackPublicClient === true && app.valid.length > 0
        ? ["public client flows"]
        : [],
  },
  unused: {
    when: "no sign-in on record within 90 days",
    severity: "medium",
    kind: "service-principal",
    reason: "Access that nobody uses is only useful to somebody who should not have it.",
    source: usagePage,
    remedy: "Ask its owners, disable it, and retire it; where a stack manages it: apponly retire",
    judge: (app) => {
      const { usage, now } = app.context;
      const since = app.found.servicePrincipal?.createdDateTime;
      const isNew = Date.parse(since ?? "") > now.getTime() - 90 * dayMs;
      return usage.unread === undefined && !isNew && !(app.daysUntil(app.lastSignIn) >= -90)
        ? [app.lastSignIn === undefined ? "no sign-in on record" : `last ${app.lastSignIn}`]
        : [];
    },
  },
  disabled: {
    when: "a disabled service principal that keeps its access",
    severity: "low",
    kind: "service-principal",
    reason: "Whoever enables it has everything back at once.",
    source: `${learn}/entra/identity/enterprise-apps/disable-user-sign-in-portal`,
    remedy: "Retire it, or take its access back.",
    judge: (app) => (app.found.servicePrincipal?.accountEnabled === false ? ["disabled"] : []),
  },
} as const satisfies Record<string, AuditRule>;
