import type { AdminSession, Row } from "../../microsoft/exchange/adminSession";
import { text } from "../../toolchain/pluginProtocol/values";
import {
  type ExchangeResource,
  ForeignObject,
  ignoreAbsent,
  ignoreExisting,
  refusals,
  sameName,
} from "../resource";

/** Recipients by a filter, on which an assignment may write. Security & Compliance has none. */
export const managementScope: ExchangeResource = {
  description: "The recipients on which a role may write, by a filter. Reading knows no scope.",
  schema: {
    name: { type: "text", required: true, forceNew: true, refuse: refusals.name },
    recipientFilter: { type: "text", required: true },
  },
  properties: {
    name: "Name, unique in the tenant, at most 64 characters.",
    recipientFilter: "Filter in OPATH, for example `Department -eq 'Sales'`.",
  },
  faults: () => [],
  async create(connections, inputs) {
    const session = connections.admin("exchange");
    const [name, filter] = [text(inputs, "name"), text(inputs, "recipientFilter")];
    if ((await findScope(session, name)) === undefined) {
      await session
        .run("New-ManagementScope", { Name: name, RecipientRestrictionFilter: filter })
        .catch(ignoreExisting);
    }
    const row = await findScope(session, name);
    if (row !== undefined && filterOf(row) !== filter) {
      const difference = `has another filter, ${filterOf(row)}`;
      throw new ForeignObject("management scope", name, difference);
    }
    return { id: name, state: inputs };
  },
  async read(connections, id) {
    const row = await findScope(connections.admin("exchange"), id);
    return row === undefined ? undefined : { name: row.Name, recipientFilter: filterOf(row) };
  },
  async update(connections, id, _state, inputs) {
    await connections.admin("exchange").run("Set-ManagementScope", {
      Identity: id,
      RecipientRestrictionFilter: inputs.recipientFilter,
    });
    return inputs;
  },
  async remove(connections, id) {
    const session = connections.admin("exchange");
    const assignments = await session.run("Get-ManagementRoleAssignment");
    const used = assignments.some(
      ({ CustomResourceScope, CustomRecipientWriteScope }) =>
        CustomResourceScope === id || CustomRecipientWriteScope === id,
    );
    if (!used) {
      await session
        .run("Remove-ManagementScope", { Identity: id, Confirm: false })
        .catch(ignoreAbsent);
    }
  },
};

async function findScope(session: AdminSession, name: string): Promise<Row | undefined> {
  const rows = await session.run("Get-ManagementScope");
  return rows.find((row) => sameName(row.Name, name));
}

function filterOf({ RecipientFilter }: Row): string {
  return typeof RecipientFilter === "string" ? RecipientFilter : "";
}
