import { isGuid } from "../../system/guid";
import {
  type ExchangeResource,
  ignoreAbsent,
  ignoreExisting,
  partsOf,
  refusals,
  workloadNamed,
} from "../resource";
import { bypassIn } from "./roleGroup";

/**
 * A service principal as a member of a role group, built in or not. That it is listed says that it
 * was added; when it takes effect, only the cmdlets that its token may run tell.
 */
export const roleGroupMember: ExchangeResource = {
  description:
    "The membership of a service principal in a role group of Exchange Online or Security & Compliance.",
  schema: {
    workload: { type: "text", required: true, forceNew: true, refuse: refusals.workload },
    roleGroup: { type: "text", required: true, forceNew: true },
    objectId: {
      type: "text",
      required: true,
      forceNew: true,
      refuse: (value) =>
        typeof value === "string" && isGuid(value)
          ? undefined
          : `"${String(value)}" is not a GUID.`,
    },
  },
  properties: {
    workload: "`exchange` or `compliance`.",
    roleGroup: "Name or id of the role group.",
    objectId: "Object id of the service principal, to which the workload has to have a pointer.",
  },
  faults: () => [],
  async create(connections, inputs) {
    const session = connections.admin(workloadNamed(inputs.workload));
    await session
      .run(
        "Add-RoleGroupMember",
        {
          Identity: inputs.roleGroup,
          Member: inputs.objectId,
          Confirm: false,
          ...bypassIn(session),
        },
        { fresh: true },
      )
      .catch(ignoreExisting);
    const { workload, roleGroup, objectId } = inputs;
    return {
      id: `${String(workload)}/${String(objectId)}/${String(roleGroup)}`,
      state: inputs,
    };
  },
  async read(connections, id) {
    const [workload, objectId, roleGroup] = partsOf(id, "WORKLOAD/OBJECT ID/ROLE GROUP");
    const session = connections.admin(workloadNamed(workload));
    const members = await session
      .run("Get-RoleGroupMember", { Identity: roleGroup })
      .catch(ignoreAbsent);
    const found = members.some(
      ({ ExternalDirectoryObjectId, Name }) =>
        ExternalDirectoryObjectId === objectId || Name === objectId,
    );
    return found ? { workload, roleGroup, objectId } : undefined;
  },
  async remove(connections, _id, state) {
    const session = connections.admin(workloadNamed(state.workload));
    await session
      .run("Remove-RoleGroupMember", {
        Identity: state.roleGroup,
        Member: state.objectId,
        Confirm: false,
        ...bypassIn(session),
      })
      .catch(ignoreAbsent);
  },
};
