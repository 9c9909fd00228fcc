import type { JsonObject } from "../../json";
import { authenticationMethodConfigurations } from "../../seed/authenticationMethods";
import { type EntityType, propertiesByKind } from "./entityType";

/** A policy of which a tenant has one. */
export interface TenantPolicy {
  /** Without the version; all mean the same. */
  readonly paths: readonly string[];
  readonly type: EntityType;
  /** Permissions to read it, besides the one to write. */
  readonly read: readonly string[];
  readonly write: string;
  /** How it is written. Default: `PATCH`. */
  readonly method?: "PATCH" | "PUT";
  /** What it says in a tenant where nobody has changed it. */
  readonly unchanged: JsonObject;
}

const readPolicies = ["Policy.Read.All"];
const allUsers = { "@odata.type": "#microsoft.graph.allDeviceRegistrationMembership" };

/** Policies of which a tenant has one, with what Microsoft has as a default. */
export const tenantPolicies: readonly TenantPolicy[] = [
  {
    // The beta names it twice.
    paths: ["policies/authorizationPolicy", "policies/authorizationPolicy/authorizationPolicy"],
    type: {
      name: "authorizationPolicy",
      ...propertiesByKind({
        text: ["allowInvitesFrom", "description", "displayName", "id"],
        guid: ["guestUserRoleId"],
        texts: ["enabledPreviewFeatures", "permissionGrantPolicyIdsAssignedToDefaultUserRole"],
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
    read: readPolicies,
    write: "Policy.ReadWrite.Authorization",
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
      enabledPreviewFeatures: [],
      guestUserRoleId: "10dae51f-b6af-4016-8d66-8c2a99b929b3",
      permissionGrantPolicyIdsAssignedToDefaultUserRole: [
        "ManagePermissionGrantsForSelf.microsoft-user-default-recommended",
      ],
    },
  },
  {
    paths: ["policies/adminConsentRequestPolicy"],
    method: "PUT",
    type: {
      name: "adminConsentRequestPolicy",
      ...propertiesByKind({
        boolean: ["isEnabled", "notifyReviewers", "remindersEnabled"],
        number: ["requestDurationInDays", "version"],
        objects: ["reviewers"],
      }),
    },
    read: readPolicies,
    write: "Policy.ReadWrite.ConsentRequest",
    unchanged: {
      isEnabled: false,
      notifyReviewers: false,
      remindersEnabled: false,
      requestDurationInDays: 0,
      reviewers: [],
      version: 0,
    },
  },
  namedPolicy({
    path: "policies/identitySecurityDefaultsEnforcementPolicy",
    name: "identitySecurityDefaultsEnforcementPolicy",
    write: "Policy.ReadWrite.SecurityDefaults",
    kinds: { boolean: ["isEnabled"], date: ["deletedDateTime"] },
    unchanged: {
      id: "00000000-0000-0000-0000-000000000005",
      displayName: "Security Defaults",
      isEnabled: false,
      deletedDateTime: null,
    },
  }),
  namedPolicy({
    path: "policies/authenticationFlowsPolicy",
    name: "authenticationFlowsPolicy",
    write: "Policy.ReadWrite.AuthenticationFlows",
    kinds: { object: ["selfServiceSignUp"] },
    unchanged: {
      displayName: "Authentication flows policy",
      selfServiceSignUp: { isEnabled: false },
    },
  }),
  namedPolicy({
    path: "policies/authenticationMethodsPolicy",
    name: "authenticationMethodsPolicy",
    write: "Policy.ReadWrite.AuthenticationMethod",
    kinds: {
      text: ["policyMigrationState", "policyVersion"],
      number: ["reconfirmationInDays"],
      date: ["lastModifiedDateTime"],
      object: [
        "registrationEnforcement",
        "reportSuspiciousActivitySettings",
        "systemCredentialPreferences",
      ],
      objects: ["authenticationMethodConfigurations"],
    },
    unchanged: {
      displayName: "Authentication Methods Policy",
      lastModifiedDateTime: null,
      policyMigrationState: "migrationComplete",
      policyVersion: "1.5",
      reconfirmationInDays: null,
      registrationEnforcement: {
        authenticationMethodsRegistrationCampaign: {
          excludeTargets: [],
          includeTargets: [],
          snoozeDurationInDays: 1,
          state: "default",
        },
      },
      reportSuspiciousActivitySettings: { state: "default", voiceReportingCode: 0 },
      systemCredentialPreferences: { state: "default", excludeTargets: [], includeTargets: [] },
      authenticationMethodConfigurations: authenticationMethodConfigurations(),
    },
  }),
  namedPolicy({
    path: "policies/crossTenantAccessPolicy",
    name: "crossTenantAccessPolicy",
    write: "Policy.ReadWrite.CrossTenantAccess",
    kinds: { texts: ["allowedCloudEndpoints"] },
    unchanged: { displayName: "CrossTenantAccessPolicy", allowedCloudEndpoints: [] },
  }),
  namedPolicy({
    path: "policies/crossTenantAccessPolicy/default",
    name: "crossTenantAccessPolicyConfigurationDefault",
    write: "Policy.ReadWrite.CrossTenantAccess",
    kinds: {
      boolean: ["isServiceDefault"],
      object: [
        "automaticUserConsentSettings",
        "b2bCollaborationInbound",
        "b2bCollaborationOutbound",
        "b2bDirectConnectInbound",
        "b2bDirectConnectOutbound",
        "inboundTrust",
        "tenantRestrictions",
      ],
    },
    unchanged: {
      isServiceDefault: true,
      automaticUserConsentSettings: { inboundAllowed: false, outboundAllowed: false },
      b2bCollaborationInbound: everybody("allowed"),
      b2bCollaborationOutbound: everybody("allowed"),
      b2bDirectConnectInbound: everybody("blocked"),
      b2bDirectConnectOutbound: everybody("blocked"),
      inboundTrust: {
        isMfaAccepted: false,
        isCompliantDeviceAccepted: false,
        isHybridAzureADJoinedDeviceAccepted: false,
      },
      tenantRestrictions: everybody("blocked"),
    },
  }),
  namedPolicy({
    path: "policies/externalIdentitiesPolicy",
    name: "externalIdentitiesPolicy",
    write: "Policy.ReadWrite.ExternalIdentities",
    kinds: {
      boolean: ["allowDeletedIdentitiesDataRemoval", "allowExternalIdentitiesToLeave"],
      date: ["deletedDateTime readOnly"],
    },
    unchanged: {
      displayName: "External Identities Policy",
      deletedDateTime: null,
      allowDeletedIdentitiesDataRemoval: false,
      allowExternalIdentitiesToLeave: true,
    },
  }),
  namedPolicy({
    path: "policies/deviceRegistrationPolicy",
    name: "deviceRegistrationPolicy",
    read: ["Policy.Read.DeviceConfiguration"],
    write: "Policy.ReadWrite.DeviceConfiguration",
    method: "PUT",
    kinds: {
      text: ["multiFactorAuthConfiguration"],
      number: ["userDeviceQuota"],
      object: ["azureADJoin", "azureADRegistration", "localAdminPassword"],
    },
    unchanged: {
      displayName: "Device Registration Policy",
      multiFactorAuthConfiguration: "notRequired",
      userDeviceQuota: 50,
      azureADJoin: { isAdminConfigurable: true, allowedToJoin: allUsers },
      azureADRegistration: { isAdminConfigurable: false, allowedToRegister: allUsers },
      localAdminPassword: { isEnabled: false },
    },
  }),
  adminSettings("reportSettings", "adminReportSettings", "ReportSettings", {
    displayConcealedNames: true,
  }),
  adminSettings("people/pronouns", "pronounsSettings", "PeopleSettings", {
    isEnabledInOrganization: false,
  }),
  adminSettings("appsAndServices", "adminAppsAndServices", "OrgSettings-AppsAndServices", {
    settings: { isAppAndServicesTrialEnabled: true, isOfficeStoreEnabled: true },
  }),
  adminSettings("forms", "adminForms", "OrgSettings-Forms", {
    settings: {
      isBingImageSearchEnabled: true,
      isExternalSendFormEnabled: true,
      isExternalShareCollaborationEnabled: true,
      isExternalShareResultEnabled: true,
      isExternalShareTemplateEnabled: true,
      isInOrgFormsPhishingScanEnabled: true,
      isRecordIdentityByDefaultEnabled: true,
    },
  }),
];

/**
 * Settings of the Microsoft 365 admin center that audits read: switches, or an object of them.
 *
 * @see https://learn.microsoft.com/graph/api/resources/adminreportsettings
 */
function adminSettings(
  path: string,
  name: string,
  permission: string,
  unchanged: JsonObject,
): TenantPolicy {
  const kind = "settings" in unchanged ? "object" : "boolean";
  return {
    paths: [`admin/${path}`],
    type: { name, ...propertiesByKind({ [kind]: Object.keys(unchanged) }) },
    read: [`${permission}.Read.All`],
    write: `${permission}.ReadWrite.All`,
    unchanged,
  };
}

/** A policy that has at least an id and texts that tell what it is. */
function namedPolicy({
  path,
  name,
  kinds,
  unchanged,
  read = readPolicies,
  ...others
}: Pick<TenantPolicy, "write" | "method" | "unchanged"> & {
  readonly path: string;
  readonly name: string;
  readonly kinds: Parameters<typeof propertiesByKind>[0];
  readonly read?: readonly string[];
}): TenantPolicy {
  const { text = [], ...rest } = kinds;
  const texts = ["description", "displayName", "id readOnly", ...text];
  return {
    ...others,
    paths: [path],
    read,
    type: { name, ...propertiesByKind({ ...rest, text: texts }) },
    unchanged: { id: name, description: null, ...unchanged },
  };
}

function everybody(accessType: "allowed" | "blocked"): JsonObject {
  const targets = (target: string, targetType: string) => ({
    accessType,
    targets: [{ target, targetType }],
  });
  return {
    usersAndGroups: targets("AllUsers", "user"),
    applications: targets("AllApplications", "application"),
  };
}
