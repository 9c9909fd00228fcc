import {
  type Administrator,
  administrators as roles,
  type DeployerPermission,
  deployerPermissions as permissions,
} from "./graphPermissions";

/** What about a stack decides what its deployer needs. */
export interface StackShape {
  /** Whether `apponly:organization` is configured, so that the tenant is not asked for it. */
  readonly organizationConfigured: boolean;
  /** Whether there are owners besides the deployer. */
  readonly furtherOwners: boolean;
  /** Whether the application gets roles of Exchange Online's own. @default false */
  readonly exchangeRoles?: boolean;
  /** Whether there are certificates, whose lifetime the tenant's policy may limit. */
  readonly certificates: boolean;
}

/** One thing the deployer must be allowed to do. */
export interface Need {
  /** The least permission that allows it. */
  readonly permission: DeployerPermission;
  /** What the stack needs it for. */
  readonly reason: string;
  /** Names of permissions that include it. */
  readonly includedIn: readonly string[];
  /** Directory roles that allow it too. */
  readonly administrators: readonly Administrator[];
  /**
   * Whether a user without these directory roles is allowed to as well: `always` where every member
   * of a tenant is, `perhaps` where the tenant's settings decide.
   */
  readonly anyUser: "always" | "perhaps" | "never";
  /** Page of Microsoft's documentation that says so. */
  readonly source: string;
}

const api = "https://learn.microsoft.com/graph/api";
const everyRole = [
  roles.cloudApplication,
  roles.application,
  roles.privilegedRole,
  roles.global,
] as const;

const domainsNeed: Need = {
  permission: permissions.readDomains,
  reason: "the tenant's initial domain; not needed when apponly:organization is set",
  includedIn: [
    permissions.domains.name,
    permissions.readDirectory.name,
    permissions.directory.name,
  ],
  administrators: everyRole,
  anyUser: "always",
  source: `${api}/domain-list`,
};

/** Over the admin API it can be done without; the first role cannot. */
const exchangeRolesNeed: Need = {
  permission: permissions.exchangeRoles,
  reason: "assigning roles of Exchange Online's own, and taking them back",
  includedIn: [],
  administrators: [roles.global],
  anyUser: "never",
  source: `${api}/rbacapplication-post-roleassignments?view=graph-rest-beta`,
};

/**
 * What a stack's deployer needs, for creating, updating, rotating and destroying alike. Only what
 * Microsoft's pages of the requests name counts: other pages promise that
 * `Directory.ReadWrite.All` suffices for a consent, and the tenant answers 403.
 *
 * @see https://github.com/hashicorp/terraform-provider-azuread/issues/1661
 */
export function needsOf(stack: StackShape): Need[] {
  return [
    {
      permission: permissions.ownApplications,
      reason: "the app registration, its service principal, its credentials, and their removal",
      includedIn: [permissions.allApplications.name],
      administrators: [roles.cloudApplication, roles.application, roles.global],
      anyUser: "perhaps",
      source: `${api}/application-update`,
    },
    {
      permission: permissions.readApplications,
      reason: "Microsoft's service principals, whose permissions are consented to",
      includedIn: [
        permissions.readDirectory.name,
        permissions.allApplications.name,
        permissions.directory.name,
      ],
      administrators: everyRole,
      anyUser: "always",
      source: `${api}/serviceprincipal-post-approleassignedto`,
    },
    {
      permission: permissions.consents,
      reason: "admin consent to Exchange.ManageAsApp, and taking it back",
      includedIn: [],
      administrators: everyRole,
      anyUser: "never",
      source: `${api}/serviceprincipal-post-approleassignedto`,
    },
    {
      permission: permissions.directoryRoles,
      reason: "assigning the directory roles, and taking them back",
      includedIn: [],
      administrators: [roles.privilegedRole, roles.global],
      anyUser: "never",
      source: `${api}/rbacapplication-post-roleassignments`,
    },
    ...(stack.exchangeRoles === true ? [exchangeRolesNeed] : []),
    ...(stack.organizationConfigured ? [] : [domainsNeed]),
  ];
}

/** Permissions a stack can do without, or of which only the tenant can say whether it can. */
export function possibleNeedsOf(stack: StackShape): { permission: string; reason: string }[] {
  const policies = {
    permission: permissions.readPolicies.name,
    reason:
      "optional: with it a preview tells when a certificate outlives the tenant's app management policy, without it the update does",
  };
  const owners = {
    permission: permissions.readDirectory.name,
    reason: `perhaps: Microsoft documents it for adding an owner to an application that exists, and says that ${permissions.ownApplications.name} may not suffice for that: ${api}/application-post-owners`,
  };
  // What only reads may be a reader's of its own: docs/how-to/drift.md.
  const delegated = {
    permission: permissions.readDirectory.name,
    reason: "optional: with it drift, adopt and audit see delegated permissions",
  };
  const log = {
    permission: permissions.readAuditLog.name,
    reason:
      "optional: with it drift names who changed something, and rotate and retire tell which key is still used",
  };
  return [...(stack.certificates ? [policies] : []), stack.furtherOwners ? owners : delegated, log];
}
