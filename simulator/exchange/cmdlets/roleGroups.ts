import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../json";
import type { RoleGroupRecord } from "../../state/exchangeEntities";
import { ExchangeError } from "../errors";
import { directoryRolesOf, roleGroups as groupsOf } from "../roleDirectory";
import { addAssignment, assignmentsOf } from "./assignments";
import { type CmdletCall, type Cmdlets, freeName, namedEntity } from "./cmdletCall";
import { findPointer } from "./servicePrincipals";

/** The role group that `-Identity` names, by name, display name or id. */
function groupNamed(call: CmdletCall, identity = call.parameters.required("Identity")) {
  const groups = groupsOf(call.state, call.workload);
  const byDisplayName = groups.find(
    ({ displayName }) => displayName.toLowerCase() === identity.toLowerCase(),
  );
  return byDisplayName ?? namedEntity(groups, identity);
}

function roleGroupRow(call: CmdletCall, group: RoleGroupRecord): JsonObject {
  const assignments = assignmentsOf(call, group.id);
  return {
    Name: group.name,
    Identity: group.name,
    Guid: group.id,
    DisplayName: group.displayName,
    Description: group.description,
    Roles: [...new Set(assignments.map(({ role }) => role))],
    RoleAssignments: assignments.map(({ name }) => name),
    Members: group.members,
    ManagedBy: ["Organization Management"],
    RoleGroupType: "Standard",
  };
}

/** The object id of a member: of a service principal that the workload has a pointer to, or a user. */
function memberNamed(call: CmdletCall, identity: string): string {
  const user = call.state.users
    .all()
    .find(({ id, userPrincipalName }) =>
      [id, userPrincipalName.toLowerCase()].includes(identity.toLowerCase()),
    );
  const id = findPointer(call, identity)?.objectId ?? user?.id;
  if (id === undefined) {
    throw ExchangeError.principalNotFound(identity);
  }
  return id;
}

/**
 * Who is not in Organization Management, which manages every role group, has to ask for the check
 * to be left out.
 */
function checkManager(call: CmdletCall, group: RoleGroupRecord): void {
  const manages = groupsOf(call.state, call.workload).some(
    (one) =>
      one.name === "Organization Management" &&
      (one.members.includes(call.caller.objectId) ||
        directoryRolesOf(one).some((role) => call.caller.wids.includes(role))),
  );
  if (
    call.workload === "exchange" &&
    !manages &&
    !call.parameters.flag("BypassSecurityGroupManagerCheck")
  ) {
    throw ExchangeError.cmdletFailed(
      "Microsoft.Exchange.Configuration.Tasks.OperationRequiresGroupManagerException",
      `You don't have sufficient permissions. This operation can only be performed by a manager of the group "${group.name}".`,
    );
  }
}

/** @see https://learn.microsoft.com/powershell/module/exchangepowershell/new-rolegroup */
export const roleGroupCmdlets: Cmdlets = {
  "Get-RoleGroup": (call) => {
    const identity = call.parameters.text("Identity");
    const groups =
      identity === undefined ? groupsOf(call.state, call.workload) : [groupNamed(call)];
    return groups.map((group) => roleGroupRow(call, group));
  },
  "New-RoleGroup": (call) => {
    const { parameters, state, workload } = call;
    const name = freeName("role group", groupsOf(state, workload), parameters.required("Name"));
    for (const member of parameters.texts("Members")) {
      // A service principal is refused here, whether or not there is a pointer to it.
      if (findPointer(call, member) !== undefined) {
        throw ExchangeError.principalNotFound(member);
      }
      memberNamed(call, member);
    }
    const group: RoleGroupRecord = {
      id: randomUUID(),
      workload,
      name,
      displayName: parameters.text("DisplayName") ?? "",
      description: parameters.text("Description") ?? "",
      builtIn: false,
      members: parameters.texts("Members").map((member) => memberNamed(call, member)),
    };
    const scope = parameters.text("CustomRecipientWriteScope");
    const assigned = parameters.texts("Roles").map((role) =>
      addAssignment(call, {
        role,
        assigneeType: "RoleGroup",
        assigneeId: group.id,
        assigneeName: name,
        ...(scope === undefined ? {} : { scope }),
      }),
    );
    state.exchangeRoleGroups.put(group);
    for (const assignment of assigned) {
      state.exchangeRoleAssignments.put(assignment);
    }
    return [roleGroupRow(call, group)];
  },
  "Set-RoleGroup": (call) => {
    const group = groupNamed(call);
    checkManager(call, group);
    group.name = call.parameters.text("Name") ?? group.name;
    group.displayName = call.parameters.text("DisplayName") ?? group.displayName;
    group.description = call.parameters.text("Description") ?? group.description;
    return [];
  },
  "Remove-RoleGroup": (call) => {
    const group = groupNamed(call);
    if (group.builtIn) {
      throw ExchangeError.cmdletFailed(
        "Microsoft.Exchange.Configuration.Tasks.TaskInvalidOperationException",
        `The role group "${group.name}" can't be removed because it's a built-in role group.`,
      );
    }
    checkManager(call, group);
    for (const { id } of assignmentsOf(call, group.id)) {
      call.state.exchangeRoleAssignments.delete(id);
    }
    call.state.exchangeRoleGroups.delete(group.id);
    return [];
  },
  "Get-RoleGroupMember": (call) => {
    const group = groupNamed(call);
    const hidden = directoryRolesOf(group).map((role) => ({
      Name: `${role.slice(0, 8)}_RoleMembers`,
      Identity: `${role.slice(0, 8)}_RoleMembers`,
      DisplayName: "",
      ExternalDirectoryObjectId: "",
      RecipientType: "Group",
    }));
    const members = group.members.map((id) => {
      const pointer = findPointer(call, id);
      const user = call.state.users.get(id);
      return {
        Name: pointer?.objectId ?? user?.userPrincipalName ?? id,
        Identity: pointer?.objectId ?? user?.userPrincipalName ?? id,
        DisplayName: pointer?.displayName ?? user?.displayName ?? "",
        ExternalDirectoryObjectId: id,
        RecipientType: user === undefined ? "ServicePrincipal" : "UserMailbox",
      };
    });
    return [...hidden, ...members];
  },
  "Add-RoleGroupMember": (call) => {
    const group = groupNamed(call);
    checkManager(call, group);
    const member = call.parameters.required("Member");
    const id = memberNamed(call, member);
    if (group.displayName === "") {
      throw ExchangeError.cmdletFailed(
        "Microsoft.Exchange.Data.DataValidationException",
        "DisplayName: The property DisplayName can't be empty.",
      );
    }
    if (group.members.includes(id)) {
      throw ExchangeError.cmdletFailed(
        "Microsoft.Exchange.Management.Tasks.MemberAlreadyExistsException",
        `The recipient "${member}" is already a member of the group "${group.name}".`,
      );
    }
    group.members = [...group.members, id];
    call.tenant.faults.created([`${group.id}/${id}`]);
    return [];
  },
  "Remove-RoleGroupMember": (call) => {
    const group = groupNamed(call);
    checkManager(call, group);
    const member = call.parameters.required("Member");
    const id = memberNamed(call, member);
    if (!group.members.includes(id)) {
      throw ExchangeError.cmdletFailed(
        "Microsoft.Exchange.Management.Tasks.MemberNotFoundException",
        `The recipient "${member}" isn't a member of the group "${group.name}".`,
      );
    }
    group.members = group.members.filter((one) => one !== id);
    return [];
  },
};
