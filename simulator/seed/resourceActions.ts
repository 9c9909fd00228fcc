/** Something that a directory role can allow. */
export interface ResourceAction {
  readonly name: string;
  readonly description: string;
  readonly isPrivileged: boolean;
}

const privileged = true;

/**
 * Actions of directory roles on what this simulator has, by their namespace: a few of several
 * hundred.
 *
 * @see https://learn.microsoft.com/graph/api/unifiedrbacresourcenamespace-list-resourceactions
 * @see https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
 */
export const resourceActions: ReadonlyMap<string, readonly ResourceAction[]> = new Map(
  Object.entries({
    "microsoft.directory": [
      action("applications/create", "Create all types of applications"),
      action("applications/delete", "Delete all types of applications"),
      action("applications/basic/update", "Update basic properties for applications"),
      action("applications/credentials/update", "Update application credentials", privileged),
      action("applications/owners/update", "Update owners of applications"),
      action("applications/permissions/update", "Update exposed permissions of applications"),
      action(
        "authorizationPolicy/allProperties/allTasks",
        "Manage all aspects of authorization policy",
        privileged,
      ),
      action("groups/create", "Create Security groups and Microsoft 365 groups"),
      action("groups/members/update", "Update members of groups"),
      action("servicePrincipals/create", "Create service principals"),
      action("servicePrincipals/delete", "Delete service principals"),
      action(
        "servicePrincipals/credentials/update",
        "Update credentials of service principals",
        privileged,
      ),
      action(
        "servicePrincipals/appRoleAssignedTo/update",
        "Update service principal role assignments",
      ),
      action("users/create", "Add users", privileged),
      action("users/password/update", "Reset passwords for all users", privileged),
    ],
    "microsoft.insights": [
      action("allEntities/allProperties/allTasks", "Manage all aspects of Insights app"),
      action("reports/allProperties/read", "View reports and dashboard in Insights app"),
    ],
  }),
);

function action(name: string, description: string, isPrivileged = false): ResourceAction {
  return { name, description, isPrivileged };
}
