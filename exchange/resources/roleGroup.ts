import type { AdminSession, Row } from "../../microsoft/exchange/adminSession";
import { findManagementRole } from "../../policy/rules/data/exchangeRoles";
import { InitializationFailed } from "../../toolchain/pluginProtocol/failures";
import { isUnknown, type Properties, text, texts } from "../../toolchain/pluginProtocol/values";
import {
  type ExchangeResource,
  ForeignObject,
  ignoreAbsent,
  ignoreExisting,
  partsOf,
  refusals,
  sameName,
  workloadNamed,
} from "../resource";

/**
 * A role group: roles for whoever is a member. It is made without members, because a service
 * principal is refused there, and with a display name, without which no member could be added.
 */
export const roleGroup: ExchangeResource = {
  description:
    "A role group of Exchange Online or Security & Compliance: management roles for its members.",
  schema: {
    workload: { type: "text", required: true, forceNew: true, refuse: refusals.workload },
    name: { type: "text", required: true, forceNew: true, refuse: refusals.name },
    description: { type: "text", required: true, forceNew: true },
    roles: { type: "set", required: true },
    recipientScope: { type: "text", forceNew: true, refuse: refusals.name },
    groupId: { type: "text", outputOnly: true },
  },
  properties: {
    workload: "`exchange` or `compliance`.",
    name: "Name, unique in the workload, at most 64 characters.",
    description: "By it a repeated creation knows a group that it has made itself.",
    roles:
      "Management roles by name. Those of a group in `compliance` cannot be changed: it is replaced.",
    recipientScope: "Management scope on which the roles may write; only in `exchange`.",
    groupId: "Id of the group.",
  },
  faults: (inputs) => [
    ...(inputs.workload === "compliance" && inputs.recipientScope !== undefined
      ? [
          {
            property: "recipientScope",
            reason: "is only for exchange: Security & Compliance has no scopes.",
          },
        ]
      : []),
    ...(Array.isArray(inputs.roles) && inputs.roles.length === 0
      ? [{ property: "roles", reason: "is empty: a group without roles allows nothing." }]
      : []),
    ...unknownRoles(inputs),
  ],
  replaces: (property, state) => property.startsWith("roles") && state.workload === "compliance",
  async create(connections, inputs) {
    const session = connections.admin(workloadNamed(inputs.workload));
    const [name, description] = [text(inputs, "name"), text(inputs, "description")];
    if ((await findGroup(session, name)) === undefined) {
      await session
        .run(
          "New-RoleGroup",
          {
            Name: name,
            DisplayName: name,
            Description: description,
            Roles: wantedRoles(inputs),
            ...scopeOf(inputs),
          },
          { fresh: true },
        )
        .catch(ignoreExisting);
    }
    const row = await findGroup(session, name);
    if (row === undefined) {
      throw new Error(
        `The role group "${name}" was made and is not listed yet. Repeat the update.`,
      );
    }
    const groupId = String(row.Guid);
    const id = `${session.workload}/${groupId}`;
    if (row.Description !== description) {
      throw new ForeignObject("role group", name, "has another description", id);
    }
    try {
      await converge(session, row, inputs);
    } catch (error) {
      throw new InitializationFailed(id, { ...inputs, roles: [], groupId }, error as Error);
    }
    return { id, state: { ...inputs, groupId } };
  },
  async read(connections, id) {
    const [workload, guid = ""] = partsOf(id, "WORKLOAD/GROUP ID");
    const session = connections.admin(workloadNamed(workload));
    const row = await findGroup(session, guid);
    if (row === undefined) {
      return undefined;
    }
    const [first] = session.workload === "exchange" ? await assignmentsOf(session, row) : [];
    const scope = first?.CustomRecipientWriteScope;
    return {
      workload,
      name: row.Name,
      description: row.Description,
      roles: rolesOfGroup(row),
      groupId: guid,
      ...(typeof scope === "string" && scope !== "" ? { recipientScope: scope } : {}),
    };
  },
  async update(connections, _id, state, inputs) {
    const session = connections.admin(workloadNamed(state.workload));
    const row = await findGroup(session, text(state, "groupId"));
    if (row === undefined) {
      throw new Error(`The role group "${text(state, "name")}" is gone. Run: pulumi refresh`);
    }
    await converge(session, row, inputs);
    return { ...inputs, groupId: state.groupId };
  },
  // Whoever else is a member would lose the roles: then the group stays.
  async remove(connections, _id, state) {
    const session = connections.admin(workloadNamed(state.workload));
    const Identity = state.groupId;
    const members = await session.run("Get-RoleGroupMember", { Identity }).catch(ignoreAbsent);
    if (members.length === 0) {
      await session
        .run("Remove-RoleGroup", { Identity, Confirm: false, ...bypassIn(session) })
        .catch(ignoreAbsent);
    }
  },
};

function unknownRoles(inputs: Properties) {
  const { workload } = inputs;
  return workload === "compliance"
    ? texts(inputs, "roles")
        .filter((role) => !isUnknown(role) && findManagementRole("compliance", role) === undefined)
        .map((role) => ({
          property: "roles",
          reason: `"${role}" is not a role of Security & Compliance.`,
        }))
    : [];
}

/** Roles as the service writes their names; a custom one as it is written. */
function wantedRoles(inputs: Properties): string[] {
  const workload = workloadNamed(inputs.workload);
  return texts(inputs, "roles").map((role) => findManagementRole(workload, role) ?? role);
}

function rolesOfGroup({ Roles }: Row): string[] {
  return Array.isArray(Roles) ? Roles.map((role) => String(role).split("/").pop() ?? "") : [];
}

function scopeOf({ recipientScope }: Properties) {
  return recipientScope === undefined ? {} : { CustomRecipientWriteScope: recipientScope };
}

/** Whoever is not a manager of the group asks Exchange Online not to mind; the other has no such check. */
export function bypassIn({ workload }: AdminSession) {
  return workload === "exchange" ? { BypassSecurityGroupManagerCheck: true } : {};
}

/** The role group with a name or id. */
async function findGroup(session: AdminSession, nameOrId: string): Promise<Row | undefined> {
  const rows = await session.run("Get-RoleGroup");
  return rows.find(({ Name, Guid }) => [Name, Guid].some((one) => sameName(one, nameOrId)));
}

async function assignmentsOf(session: AdminSession, { Name }: Row): Promise<Row[]> {
  const parameters = { RoleAssignee: Name, Delegating: false };
  const rows = await session.run("Get-ManagementRoleAssignment", parameters, { fresh: true });
  return rows.filter(({ RoleAssigneeName }) => RoleAssigneeName === Name);
}

/** Takes roles that are too many from a group, then gives those that it lacks. */
async function converge(session: AdminSession, row: Row, inputs: Properties): Promise<void> {
  const wanted = wantedRoles(inputs);
  const has = rolesOfGroup(row);
  const missing = wanted.filter((role) => !has.includes(role));
  if (session.workload === "compliance") {
    if (missing.length > 0 || has.some((role) => !wanted.includes(role))) {
      throw new Error(
        `The role group "${String(row.Name)}" has other roles (${has.join(", ")}), which cannot be changed in Security & Compliance. Remove it, and repeat the update.`,
      );
    }
    return;
  }
  for (const { Guid, Role } of await assignmentsOf(session, row)) {
    if (!wanted.includes(String(Role))) {
      await session
        .run("Remove-ManagementRoleAssignment", { Identity: Guid, Confirm: false })
        .catch(ignoreAbsent);
    }
  }
  for (const Role of missing) {
    await session
      .run(
        "New-ManagementRoleAssignment",
        { SecurityGroup: row.Name, Role, ...scopeOf(inputs) },
        { fresh: true },
      )
      .catch(ignoreExisting);
  }
}
