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
      "targetScheduleId",
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
  }),
});
