import type { AdminSession, Row } from "../../microsoft/exchange/adminSession";
import { Failure } from "../../system/failure";
import { type Properties, text } from "../../toolchain/pluginProtocol/values";
import {
  type ExchangeResource,
  partsOf,
  ignoreAbsent,
  ignoreExisting,
  refusals,
  sameName,
  workloadNamed,
} from "../resource";

/**
 * The pointer with which a workload knows a service principal. It gives no right by itself, and role
 * groups and assignments of others may rest on it, so that it goes only where nothing uses it.
 */
export const servicePrincipal: ExchangeResource = {
  description:
    "What Exchange Online or Security & Compliance knows of a service principal, so that roles can be given to it. Each of the two has its own.",
  schema: {
    workload: { type: "text", required: true, forceNew: true, refuse: refusals.workload },
    appId: { type: "text", required: true, forceNew: true, refuse: refusals.guid },
    objectId: { type: "text", required: true, forceNew: true, refuse: refusals.guid },
    displayName: { type: "text", required: true, refuse: refusals.name },
  },
  properties: {
    workload: "`exchange` or `compliance`.",
    appId: "Application (client) id.",
    objectId: "Object id of the service principal, not of the app registration.",
    displayName: "Name under which the workload shows it, at most 64 characters.",
  },
  faults: () => [],
  async create(connections, inputs) {
    const session = connections.admin(workloadNamed(inputs.workload));
    const [appId, objectId] = [text(inputs, "appId"), text(inputs, "objectId")];
    if ((await findPointer(session, appId)) === undefined) {
      const parameters = { AppId: appId, ObjectId: objectId, DisplayName: inputs.displayName };
      // Entra's service principal may be minutes old.
      await session.run("New-ServicePrincipal", parameters, { fresh: true }).catch(ignoreExisting);
    }
    const row = await findPointer(session, appId);
    if (row !== undefined && !sameName(row.ObjectId, objectId)) {
      throw new Failure(
        `The service principal that ${session.workload} knows for the application ${appId} names another object, ${String(row.ObjectId)}, and cannot be changed. ` +
          `If that one is gone, remove it with Remove-ServicePrincipal -Identity ${String(row.ObjectId)} and repeat the update.`,
      );
    }
    await rename(session, row, objectId, inputs.displayName);
    return { id: `${session.workload}/${appId}`, state: inputs };
  },
  async read(connections, id) {
    const [workload, appId = ""] = partsOf(id, "WORKLOAD/APPLICATION ID");
    const row = await findPointer(connections.admin(workloadNamed(workload)), appId);
    return row === undefined
      ? undefined
      : { workload, appId, objectId: row.ObjectId, displayName: row.DisplayName };
  },
  async update(connections, _id, state, inputs) {
    const session = connections.admin(workloadNamed(state.workload));
    await session.run("Set-ServicePrincipal", {
      Identity: state.objectId,
      DisplayName: inputs.displayName,
    });
    return { ...state, displayName: inputs.displayName };
  },
  async remove(connections, _id, state) {
    const session = connections.admin(workloadNamed(state.workload));
    if (
      (await findPointer(session, text(state, "appId"))) === undefined ||
      (await isUsed(session, state))
    ) {
      return;
    }
    await session
      .run("Remove-ServicePrincipal", { Identity: state.objectId, Confirm: false })
      .catch(ignoreAbsent);
  },
};

/**
 * The pointer of an application. An identity that is not known answers every pointer, so that all
 * are listed and compared.
 *
 * @see https://learn.microsoft.com/powershell/module/exchangepowershell/get-serviceprincipal
 */
async function findPointer(session: AdminSession, appId: string): Promise<Row | undefined> {
  const rows = await session.run("Get-ServicePrincipal");
  return rows.find((row) => sameName(row.AppId, appId));
}

async function rename(
  session: AdminSession,
  row: Row | undefined,
  objectId: string,
  displayName: unknown,
): Promise<void> {
  if (row !== undefined && row.DisplayName !== displayName) {
    await session.run("Set-ServicePrincipal", { Identity: objectId, DisplayName: displayName });
  }
}

/** Whether a role group has it as a member, or a role is assigned to it. */
async function isUsed(session: AdminSession, state: Properties): Promise<boolean> {
  const names = [state.objectId, state.appId].map(String);
  for (const { Guid } of await session.run("Get-RoleGroup")) {
    const members = await session.run("Get-RoleGroupMember", { Identity: Guid });
    if (
      members.some((row) =>
        names.some((name) => sameName(row.ExternalDirectoryObjectId ?? row.Name, name)),
      )
    ) {
      return true;
    }
  }
  if (session.workload === "compliance") {
    return false;
  }
  const assignments = await session.run("Get-ManagementRoleAssignment", {
    RoleAssigneeType: "ServicePrincipal",
  });
  return assignments.some(({ RoleAssignee }) => names.some((name) => sameName(RoleAssignee, name)));
}
