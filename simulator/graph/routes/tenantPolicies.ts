import type { SimulatorApp } from "../../http/context";
import type { JsonObject } from "../../json";
import { permit, versions } from "../call";
import { type EntityType, propertiesByKind } from "../model/entityType";
import { answerObject } from "../query/answer";

/** A policy of which a tenant has one. */
interface TenantPolicy {
  readonly path: string;
  readonly type: EntityType;
  readonly read: readonly string[];
  /** What it says in a tenant where nobody has changed it. */
  readonly unchanged: JsonObject;
}

const tenantPolicies: readonly TenantPolicy[] = [
  {
    path: "policies/authorizationPolicy",
    type: {
      name: "authorizationPolicy",
      ...propertiesByKind({
        text: ["allowInvitesFrom", "description", "displayName", "id"],
        guid: ["guestUserRoleId"],
        boolean: [
          "allowEmailVerifiedUsersToJoinOrganization",
          "allowUserConsentForRiskyApps",
          "allowedToSignUpEmailBasedSubscriptions",
          "allowedToUseSSPR",
          "blockMsolPowerShell",
        ],
        date: ["deletedDateTime"],
        object: ["defaultUserRolePermissions"],
      }),
    },
    read: ["Policy.Read.All", "Policy.ReadWrite.Authorization"],
    unchanged: {
      id: "authorizationPolicy",
      allowEmailVerifiedUsersToJoinOrganization: false,
      allowInvitesFrom: "everyone",
      allowUserConsentForRiskyApps: null,
      allowedToSignUpEmailBasedSubscriptions: true,
      allowedToUseSSPR: true,
      blockMsolPowerShell: false,
      defaultUserRolePermissions: {
        allowedToCreateApps: true,
        allowedToCreateSecurityGroups: true,
        allowedToCreateTenants: true,
        allowedToReadBitlockerKeysForOwnedDevice: true,
        allowedToReadOtherUsers: true,
        permissionGrantPoliciesAssigned: [
          "ManagePermissionGrantsForSelf.microsoft-user-default-recommended",
        ],
      },
      deletedDateTime: null,
      description: "Used to manage authorization related settings across the company.",
      displayName: "Authorization Policy",
      guestUserRoleId: "10dae51f-b6af-4016-8d66-8c2a99b929b3",
    },
  },
  {
    path: "policies/adminConsentRequestPolicy",
    type: {
      name: "adminConsentRequestPolicy",
      ...propertiesByKind({
        boolean: ["isEnabled", "notifyReviewers", "remindersEnabled"],
        number: ["requestDurationInDays", "version"],
        objects: ["reviewers"],
      }),
    },
    read: ["Policy.Read.All", "Policy.ReadWrite.ConsentRequest"],
    unchanged: {
      isEnabled: false,
      notifyReviewers: false,
      remindersEnabled: false,
      requestDurationInDays: 0,
      reviewers: [],
      version: 0,
    },
  },
];

/**
 * Policies that audits read; nothing here follows them, and they cannot be written.
 *
 * @see https://learn.microsoft.com/graph/api/authorizationpolicy-get
 * @see https://learn.microsoft.com/graph/api/adminconsentrequestpolicy-get
 */
export function installTenantPolicies(app: SimulatorApp): void {
  for (const { path, type, read, unchanged } of tenantPolicies) {
    app.get(`${versions}/${path}`, (c) => answerObject(permit(c, read), type, path, unchanged));
  }
}
