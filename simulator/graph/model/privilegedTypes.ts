import { type EntityType, propertiesByKind } from "./entityType";

const dates = [
  "createdDateTime filterable",
  "endDateTime",
  "modifiedDateTime",
  "startDateTime filterable",
] as const;

/** @see https://learn.microsoft.com/graph/api/resources/unifiedroleeligibilityscheduleinstance#properties */
export const roleScheduleInstanceType = (name: string): EntityType => ({
  name,
  ...propertiesByKind({
    text: [
      "appScopeId",
      "assignmentType filterable",
      "directoryScopeId filterable",
      "id",
      "memberType filterable",
      "principalId filterable",
      "roleAssignmentOriginId",
      "roleAssignmentScheduleId",
      "roleDefinitionId filterable",
      "roleEligibilityScheduleId",
      "status filterable",
    ],
    date: dates,
    object: ["scheduleInfo"],
  }),
});

/** @see https://learn.microsoft.com/graph/api/resources/unifiedroleeligibilityschedulerequest#properties */
export const roleScheduleRequestType = (name: string): EntityType => ({
  name,
  ...propertiesByKind({
    text: [
      "action filterable",
      "appScopeId",
      "directoryScopeId filterable",
      "id",
      "justification",
      "principalId filterable",
      "roleDefinitionId filterable",
      "status filterable",
      "targetScheduleId filterable",
    ],
    date: ["createdDateTime filterable"],
    object: ["scheduleInfo"],
  }),
});

/** @see https://learn.microsoft.com/graph/api/resources/privilegedaccessgroupeligibilityscheduleinstance#properties */
export const groupScheduleInstanceType = (name: string): EntityType => ({
  name,
  ...propertiesByKind({
    text: [
      "accessId filterable",
      "assignmentType filterable",
      "groupId filterable",
      "id",
      "memberType filterable",
      "principalId filterable",
      "status filterable",
    ],
    date: dates,
    object: ["scheduleInfo"],
  }),
});

/** @see https://learn.microsoft.com/graph/api/resources/privilegedaccessgroupeligibilityschedulerequest#properties */
export const groupScheduleRequestType = (name: string): EntityType => ({
  name,
  ...propertiesByKind({
    text: [
      "accessId filterable",
      "action filterable",
      "groupId filterable",
      "id",
      "justification",
      "principalId filterable",
      "status filterable",
      "targetScheduleId filterable",
    ],
    date: ["createdDateTime filterable"],
    object: ["scheduleInfo"],
  }),
});

const policyScope = ["scopeId filterable", "scopeType filterable"];

/** @see https://learn.microsoft.com/graph/api/resources/unifiedrolemanagementpolicy#properties */
export const roleManagementPolicyType: EntityType = {
  name: "unifiedRoleManagementPolicy",
  ...propertiesByKind({
    text: ["description", "displayName", "id", ...policyScope],
    boolean: ["isOrganizationDefault filterable"],
    date: ["lastModifiedDateTime"],
    object: ["lastModifiedBy"],
  }),
  negation: true,
};

/** @see https://learn.microsoft.com/graph/api/resources/unifiedrolemanagementpolicyassignment#properties */
export const roleManagementPolicyAssignmentType: EntityType = {
  name: "unifiedRoleManagementPolicyAssignment",
  ...propertiesByKind({
    text: ["id", "policyId filterable", "roleDefinitionId filterable", ...policyScope],
  }),
};

/**
 * Every kind of rule; each has some of these.
 *
 * @see https://learn.microsoft.com/graph/api/resources/unifiedrolemanagementpolicyrule
 */
export const roleManagementPolicyRuleType: EntityType = {
  name: "unifiedRoleManagementPolicyRule",
  ...propertiesByKind({
    text: [
      "claimValue",
      "id",
      "maximumDuration",
      "notificationLevel",
      "notificationType",
      "recipientType",
    ],
    boolean: ["isDefaultRecipientsEnabled", "isEnabled", "isExpirationRequired"],
    texts: ["enabledRules", "notificationRecipients"],
    object: ["setting", "target"],
  }),
};
