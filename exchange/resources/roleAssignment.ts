import { findManagementRole } from "../../policy/rules/data/exchangeRoles";
import { isUnknown, type Properties, text } from "../../toolchain/pluginProtocol/values";
import type { Connections, ExchangeResource } from "../resource";
import { refusals } from "../resource";
import { type AssignmentWay, assignByCmdlets } from "./assignmentByCmdlets";
import { assignByGraph } from "./assignmentByGraph";

/**
 * A management role of Exchange Online given to a service principal directly. Over Microsoft Graph
 * where the deployer may, so that even the first one can be given; over the admin API otherwise.
 */
export const roleAssignment: ExchangeResource = {
  description:
    "A management role of Exchange Online that is assigned to a service principal, on all recipients or within a scope.",
  schema: {
    objectId: { type: "text", required: true, forceNew: true, refuse: refusals.guid },
    role: { type: "text", forceNew: true },
    customRole: { type: "text", forceNew: true, refuse: refusals.name },
    recipientScope: { type: "text", forceNew: true, refuse: refusals.name },
    administrativeUnit: { type: "text", forceNew: true, refuse: refusals.guid },
  },
  properties: {
    objectId: "Object id of the service principal.",
    role: "Built-in role, for example `Mail Recipients`. Either this or `customRole`.",
    customRole: "Name of a custom role.",
    recipientScope: "Management scope on which the role may write. Default: all recipients.",
    administrativeUnit: "Object id of an administrative unit on which the role may write.",
  },
  faults(inputs) {
    const { role, customRole, recipientScope, administrativeUnit } = inputs;
    const unknownRole =
      typeof role === "string" &&
      !isUnknown(role) &&
      findManagementRole("exchange", role) === undefined;
    return [
      ...((role === undefined) === (customRole === undefined)
        ? [{ property: "role", reason: "or customRole must be given, and not both." }]
        : []),
      ...(unknownRole
        ? [
            {
              property: "role",
              reason: `"${String(role)}" is not a built-in role of Exchange Online. A custom one goes into customRole.`,
            },
          ]
        : []),
      ...(recipientScope !== undefined && administrativeUnit !== undefined
        ? [
            {
              property: "administrativeUnit",
              reason: "and recipientScope exclude each other.",
            },
          ]
        : []),
    ];
  },
  async create(connections, inputs) {
    const way = await wayOf(connections);
    const wish = wishIn(inputs);
    const id = (await way.find(wish)) ?? (await way.create(wish));
    return { id, state: inputs };
  },
  async read(connections, id) {
    const found = await (await wayOf(connections)).read(id);
    if (found === undefined) {
      return undefined;
    }
    const { role, ...rest } = found;
    const builtIn = findManagementRole("exchange", role) !== undefined;
    return { ...rest, ...(builtIn ? { role } : { customRole: role }) };
  },
  async remove(connections, id) {
    await (await wayOf(connections)).remove(id);
  },
};

async function wayOf(connections: Connections): Promise<AssignmentWay> {
  const graph = await connections.graph();
  return graph === undefined
    ? assignByCmdlets(connections.admin("exchange"))
    : assignByGraph(graph);
}

function wishIn(inputs: Properties) {
  const role = text(inputs, "role");
  const scope = text(inputs, "recipientScope");
  const administrativeUnit = text(inputs, "administrativeUnit");
  return {
    objectId: text(inputs, "objectId"),
    role: role === "" ? text(inputs, "customRole") : (findManagementRole("exchange", role) ?? role),
    ...(scope === "" ? {} : { recipientScope: scope }),
    ...(administrativeUnit === "" ? {} : { administrativeUnit }),
  };
}
