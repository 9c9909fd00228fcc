import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../json";
import type { CustomRoleRecord, RoleEntry } from "../../state/exchangeEntities";
import { ExchangeError } from "../errors";
import { findRole, type ManagementRole, managementRoles as rolesOf } from "../roleDirectory";
import { type CmdletCall, type Cmdlets, freeName } from "./cmdletCall";

const invalidOperation = (message: string) =>
  ExchangeError.cmdletFailed(
    "Microsoft.Exchange.Configuration.Tasks.TaskInvalidOperationException",
    message,
  );

function roleRow(role: ManagementRole): JsonObject {
  return {
    Name: role.name,
    Identity: role.parent === "" ? role.name : `${role.parent}\\${role.name}`,
    Guid: role.id,
    Parent: role.parent,
    Description: role.description,
    RoleType: (role.parent === "" ? role.name : role.parent).replace(/[^\w]/g, ""),
    IsRootRole: role.parent === "",
    RoleEntries: role.entries.map(
      ({ cmdlet, parameters }) =>
        `(Microsoft.Exchange.Management.PowerShell.E2010) ${[cmdlet, ...parameters.map((one) => `-${one}`)].join(" ")}`,
    ),
  };
}

/** The role that an identity names: by name, by id, or below its parent: `Parent\Name`. */
function roleNamed(call: CmdletCall, identity: string): ManagementRole {
  const role =
    findRole(call.state, call.workload, identity) ??
    findRole(call.state, call.workload, identity.split("\\").pop() ?? "");
  if (role === undefined) {
    throw ExchangeError.roleNotFound(identity);
  }
  return role;
}

function customNamed(call: CmdletCall, identity: string): CustomRoleRecord {
  const { id, name } = roleNamed(call, identity);
  const role = call.state.exchangeRoles.get(id);
  if (role === undefined) {
    throw invalidOperation(
      `The management role "${name}" can't be changed because it's a built-in role.`,
    );
  }
  return role;
}

/** `role\cmdlet`, where the role may have a backslash too and the cmdlet wildcards. */
function entryIdentity(call: CmdletCall): { role: string; cmdlet: string } {
  const identity = call.parameters.required("Identity");
  const at = identity.lastIndexOf("\\");
  if (at < 0) {
    throw ExchangeError.cmdletFailed(
      "System.ArgumentException",
      `The format of the management role entry "${identity}" is not valid. Use <role>\\<cmdlet>.`,
    );
  }
  return { role: identity.slice(0, at), cmdlet: identity.slice(at + 1) };
}

/** Whether a name fits a pattern with `*`. */
function fitsPattern(pattern: string, name: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${source}$`, "i").test(name);
}

function entriesNamed(call: CmdletCall): { role: ManagementRole; entry: RoleEntry }[] {
  const { role: pattern, cmdlet } = entryIdentity(call);
  const roles = pattern.includes("*")
    ? rolesOf(call.state, call.workload).filter(({ name }) => fitsPattern(pattern, name))
    : [roleNamed(call, pattern)];
  return roles.flatMap((role) =>
    role.entries
      .filter((entry) => fitsPattern(cmdlet, entry.cmdlet))
      .map((entry) => ({ role, entry })),
  );
}

/** The custom role and the entry of it that `-Identity` names. */
function entryOfCustom(call: CmdletCall): { role: CustomRoleRecord; entry: RoleEntry } {
  const { role: name, cmdlet } = entryIdentity(call);
  const role = customNamed(call, name);
  const entry = role.entries.find((one) => one.cmdlet.toLowerCase() === cmdlet.toLowerCase());
  if (entry === undefined) {
    throw ExchangeError.objectNotFound(`${name}\\${cmdlet}`);
  }
  return { role, entry };
}

/** What the parent of a role holds of a cmdlet; a child never has more. */
function parentEntry(call: CmdletCall, { parent }: CustomRoleRecord, cmdlet: string): RoleEntry {
  const entry = roleNamed(call, parent).entries.find(
    (one) => one.cmdlet.toLowerCase() === cmdlet.toLowerCase(),
  );
  if (entry === undefined) {
    throw invalidOperation(
      `The management role entry "${cmdlet}" can't be added because the parent role "${parent}" doesn't have it.`,
    );
  }
  return entry;
}

function changeParameters(call: CmdletCall): JsonObject[] {
  const { role, entry } = entryOfCustom(call);
  const wanted = call.parameters.texts("Parameters").map((one) => one.toLowerCase());
  const among = (one: string) => wanted.includes(one.toLowerCase());
  const { parameters: possible } = parentEntry(call, role, entry.cmdlet);
  const unknown = wanted.find((one) => !possible.some((known) => known.toLowerCase() === one));
  if (unknown !== undefined) {
    throw invalidOperation(
      `The parameter "${unknown}" isn't in the role entry of the parent role.`,
    );
  }
  const parameters = call.parameters.flag("RemoveParameter")
    ? entry.parameters.filter((one) => !among(one))
    : call.parameters.flag("AddParameter")
      ? possible.filter((one) => among(one) || entry.parameters.includes(one))
      : possible.filter(among);
  role.entries = role.entries.map((one) => (one === entry ? { ...entry, parameters } : one));
  return [];
}

/** @see https://learn.microsoft.com/powershell/module/exchangepowershell/new-managementrole */
export const managementRoleCmdlets: Cmdlets = {
  "Get-ManagementRole": (call) => {
    const { parameters, state, workload } = call;
    const identity = parameters.text("Identity");
    const cmdlet = parameters.text("Cmdlet");
    const wanted = parameters.texts("CmdletParameters").map((one) => one.toLowerCase());
    const roles =
      identity === undefined
        ? rolesOf(state, workload)
        : parameters.flag("GetChildren")
          ? rolesOf(state, workload).filter(
              ({ parent }) => parent === roleNamed(call, identity).name,
            )
          : [roleNamed(call, identity)];
    return roles
      .filter(
        ({ entries }) =>
          cmdlet === undefined ||
          entries.some(
            (entry) =>
              fitsPattern(cmdlet, entry.cmdlet) &&
              wanted.every((one) => entry.parameters.some((known) => known.toLowerCase() === one)),
          ),
      )
      .map(roleRow);
  },
  "New-ManagementRole": (call) => {
    const { parameters, state } = call;
    const parent = roleNamed(call, parameters.required("Parent"));
    const name = freeName(
      "management role",
      rolesOf(state, "exchange"),
      parameters.required("Name"),
    );
    const enabled = parameters.texts("EnabledCmdlets").map((one) => one.toLowerCase());
    const role = state.exchangeRoles.put({
      id: randomUUID(),
      name,
      parent: parent.name,
      description: parameters.text("Description") ?? "",
      entries: parent.entries.filter(
        ({ cmdlet }) => enabled.length === 0 || enabled.includes(cmdlet.toLowerCase()),
      ),
    });
    return [roleRow({ ...role, isApplicationRole: false })];
  },
  "Remove-ManagementRole": (call) => {
    const role = customNamed(call, call.parameters.required("Identity"));
    const { state } = call;
    if (state.exchangeRoleAssignments.all().some((one) => one.role === role.name)) {
      throw invalidOperation(
        `The management role "${role.name}" can't be removed because it has role assignments.`,
      );
    }
    if (state.exchangeRoles.all().some(({ parent }) => parent === role.name)) {
      throw invalidOperation(
        `The management role "${role.name}" can't be removed because it has child roles.`,
      );
    }
    state.exchangeRoles.delete(role.id);
    return [];
  },
  "Get-ManagementRoleEntry": (call) =>
    entriesNamed(call).map(({ role, entry }) => ({
      Name: entry.cmdlet,
      Role: role.name,
      Identity: `${role.name}\\${entry.cmdlet}`,
      Parameters: [...entry.parameters],
      Type: "Cmdlet",
      PSSnapinName: "Microsoft.Exchange.Management.PowerShell.E2010",
    })),
  "Add-ManagementRoleEntry": (call) => {
    const { role: name, cmdlet } = entryIdentity(call);
    const role = customNamed(call, name);
    const entry = parentEntry(call, role, cmdlet);
    if (role.entries.some((one) => one.cmdlet === entry.cmdlet)) {
      throw ExchangeError.objectExists("management role entry", `${role.name}\\${entry.cmdlet}`);
    }
    const some = call.parameters.texts("Parameters").map((one) => one.toLowerCase());
    const parameters = entry.parameters.filter(
      (one) => some.length === 0 || some.includes(one.toLowerCase()),
    );
    role.entries = [...role.entries, { cmdlet: entry.cmdlet, parameters }];
    return [];
  },
  "Remove-ManagementRoleEntry": (call) => {
    const { role, entry } = entryOfCustom(call);
    role.entries = role.entries.filter((one) => one !== entry);
    return [];
  },
  "Set-ManagementRoleEntry": changeParameters,
};
