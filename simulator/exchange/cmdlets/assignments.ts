import { randomUUID } from "node:crypto";
import { asText, type JsonObject } from "../../json";
import type { RoleAssignmentRecord, WriteScope } from "../../state/exchangeEntities";
import { ExchangeError } from "../errors";
import { findRole, roleGroups } from "../roleDirectory";
import { type CmdletCall, type Cmdlets, freeName, namedEntity } from "./cmdletCall";
import { findPointer } from "./servicePrincipals";

type Scoped = Pick<CmdletCall, "state" | "workload">;

/** What is assigned to a role group or principal in a workload. */
export function assignmentsOf(
  { state, workload }: Scoped,
  assigneeId: string,
): RoleAssignmentRecord[] {
  return state.exchangeRoleAssignments
    .findBy("assigneeId", assigneeId)
    .filter((one) => one.workload === workload);
}

/**
 * A new assignment, not put anywhere yet. Throws where role or scope are unknown, or where there is
 * the same one.
 */
export function addAssignment(
  { state, workload }: Scoped,
  wish: {
    role: string;
    assigneeType: RoleAssignmentRecord["assigneeType"];
    assigneeId: string;
    assigneeName: string;
    name?: string;
    delegating?: boolean;
  } & WriteScope,
): RoleAssignmentRecord {
  const role = findRole(state, workload, wish.role);
  if (role === undefined) {
    throw ExchangeError.roleNotFound(wish.role);
  }
  const { scope, administrativeUnit, group } = wish;
  if (scope !== undefined) {
    namedEntity(state.exchangeScopes.all(), scope);
  }
  for (const [id, known] of [
    [administrativeUnit, state.administrativeUnits],
    [group, state.groups],
  ] as const) {
    if (id !== undefined && known.get(id) === undefined) {
      throw ExchangeError.principalNotFound(id);
    }
  }
  const writeScope: WriteScope = {
    ...(scope === undefined ? {} : { scope }),
    ...(administrativeUnit === undefined ? {} : { administrativeUnit }),
    ...(group === undefined ? {} : { group }),
  };
  const same = assignmentsOf({ state, workload }, wish.assigneeId).some(
    (one) =>
      one.role === role.name && JSON.stringify(one.writeScope) === JSON.stringify(writeScope),
  );
  if (same) {
    throw ExchangeError.objectExists(
      "management role assignment",
      `${role.name}-${wish.assigneeName}`,
    );
  }
  const all = state.exchangeRoleAssignments.all().filter((one) => one.workload === workload);
  const id = randomUUID();
  const usual = `${role.name}-${wish.assigneeName}`.slice(0, 55);
  const taken = all.some(({ name }) => name === usual);
  return {
    id,
    workload,
    name:
      wish.name === undefined
        ? `${usual}${taken ? `-${id.slice(0, 8)}` : ""}`
        : freeName("management role assignment", all, wish.name),
    role: role.name,
    assigneeType: wish.assigneeType,
    assigneeId: wish.assigneeId,
    writeScope,
    delegating: wish.delegating === true,
    enabled: true,
  };
}

function assignmentRow(call: CmdletCall, one: RoleAssignmentRecord): JsonObject {
  const assignee =
    one.assigneeType === "RoleGroup"
      ? roleGroups(call.state, call.workload).find(({ id }) => id === one.assigneeId)?.name
      : findPointer(call, one.assigneeId)?.displayName;
  const { scope, administrativeUnit, group } = one.writeScope;
  const isApplication = one.assigneeType === "ServicePrincipal";
  const custom = scope ?? administrativeUnit ?? group ?? null;
  return {
    Name: one.name,
    Identity: one.name,
    Guid: one.id,
    Role: one.role,
    RoleAssignee: one.assigneeType === "RoleGroup" ? (assignee ?? "") : one.assigneeId,
    RoleAssigneeName: assignee ?? one.assigneeId,
    RoleAssigneeType: one.assigneeType,
    RoleAssignmentDelegationType: one.delegating ? "DelegatingOrgWide" : "Regular",
    CustomResourceScope: isApplication ? custom : null,
    CustomRecipientWriteScope: isApplication ? null : custom,
    RecipientWriteScope: custom === null ? "Organization" : "CustomRecipientScope",
    Enabled: one.enabled,
  };
}

function assignmentNamed(call: CmdletCall): RoleAssignmentRecord {
  const all = call.state.exchangeRoleAssignments
    .all()
    .filter(({ workload }) => workload === call.workload);
  return namedEntity(all, call.parameters.required("Identity"));
}

/** Whom `-App`, `-SecurityGroup` or `-User` names. */
function assigneeIn(call: CmdletCall) {
  const { parameters, state } = call;
  const app = parameters.text("App");
  if (app !== undefined) {
    const pointer = findPointer(call, app);
    if (pointer === undefined) {
      throw ExchangeError.principalNotFound(app);
    }
    const { objectId: assigneeId, displayName } = pointer;
    const assigneeName = displayName === "" ? assigneeId : displayName;
    return { assigneeType: "ServicePrincipal", assigneeId, assigneeName } as const;
  }
  const group = parameters.required("SecurityGroup");
  const { id: assigneeId, name: assigneeName } = namedEntity(
    roleGroups(state, call.workload),
    group,
  );
  return { assigneeType: "RoleGroup", assigneeId, assigneeName } as const;
}

/** @see https://learn.microsoft.com/powershell/module/exchangepowershell/new-managementroleassignment */
export const assignments: Cmdlets = {
  "Get-ManagementRoleAssignment": (call) => {
    const { parameters, state, workload } = call;
    if (parameters.text("Identity") !== undefined) {
      return [assignmentRow(call, assignmentNamed(call))];
    }
    roleGroups(state, workload);
    const role = parameters.text("Role")?.toLowerCase();
    const assignee = parameters.text("RoleAssignee")?.toLowerCase();
    const kind = parameters.text("RoleAssigneeType")?.toLowerCase();
    const delegating = parameters.value("Delegating");
    return state.exchangeRoleAssignments
      .all()
      .filter(
        (one) =>
          one.workload === workload &&
          (role === undefined || one.role.toLowerCase() === role) &&
          (kind === undefined || one.assigneeType.toLowerCase() === kind) &&
          (delegating === undefined || one.delegating === parameters.flag("Delegating")),
      )
      .map((one) => assignmentRow(call, one))
      .filter(
        (one) =>
          assignee === undefined ||
          [one["RoleAssignee"], one["RoleAssigneeName"]].some(
            (name) => asText(name).toLowerCase() === assignee,
          ),
      );
  },
  "New-ManagementRoleAssignment": (call) => {
    const { parameters, state } = call;
    const name = parameters.text("Name");
    const scope =
      parameters.text("CustomResourceScope") ?? parameters.text("CustomRecipientWriteScope");
    const administrativeUnit = parameters.text("RecipientAdministrativeUnitScope");
    const group = parameters.text("RecipientGroupScope");
    const assignment = addAssignment(call, {
      role: parameters.required("Role"),
      ...assigneeIn(call),
      delegating: parameters.flag("Delegating"),
      ...(name === undefined ? {} : { name }),
      ...(scope === undefined ? {} : { scope }),
      ...(administrativeUnit === undefined ? {} : { administrativeUnit }),
      ...(group === undefined ? {} : { group }),
    });
    return [assignmentRow(call, state.exchangeRoleAssignments.put(assignment))];
  },
  // Of an application's assignment only the custom scope and whether it holds can be changed.
  "Set-ManagementRoleAssignment": (call) => {
    const assignment = assignmentNamed(call);
    const { parameters } = call;
    const scope =
      parameters.text("CustomResourceScope") ?? parameters.text("CustomRecipientWriteScope");
    if (scope !== undefined) {
      assignment.writeScope = { scope: namedEntity(call.state.exchangeScopes.all(), scope).name };
    }
    if (parameters.value("Enabled") !== undefined) {
      assignment.enabled = parameters.flag("Enabled");
    }
    return [];
  },
  "Remove-ManagementRoleAssignment": (call) => {
    call.state.exchangeRoleAssignments.delete(assignmentNamed(call).id);
    return [];
  },
};
