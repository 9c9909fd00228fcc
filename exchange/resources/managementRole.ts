import type { AdminSession, Row } from "../../microsoft/exchange/adminSession";
import { findManagementRole } from "../../policy/rules/data/exchangeRoles";
import type { CheckFailure } from "../../toolchain/pluginProtocol/check";
import { InitializationFailed } from "../../toolchain/pluginProtocol/failures";
import {
  isUnknown,
  items,
  type Properties,
  text,
  texts,
} from "../../toolchain/pluginProtocol/values";
import { findCmdlet, findParameter } from "../catalog/cmdlets";
import {
  type ExchangeResource,
  ForeignObject,
  ignoreAbsent,
  ignoreExisting,
  refusals,
  sameName,
} from "../resource";

/** A cmdlet that a role keeps, with the parameters besides those that always stay. */
interface Kept {
  readonly cmdlet: string;
  /** Absent where all of the parent's stay. */
  readonly parameters?: readonly string[];
}

/**
 * Parameters that stay whatever is kept: without the first no object can be named, and without the
 * others a script cannot say how a cmdlet should run.
 */
const staying = [
  "Identity",
  "Confirm",
  "Debug",
  "ErrorAction",
  "ErrorVariable",
  "OutBuffer",
  "OutVariable",
  "ResultSize",
  "Verbose",
  "WarningAction",
  "WarningVariable",
  "WhatIf",
];
const isStaying = (name: string) => staying.some((one) => sameName(one, name));

/**
 * A custom role: a child of a built-in one that has lost cmdlets and parameters. It is pruned before
 * it is answered for, and so before anything can be assigned.
 */
export const managementRole: ExchangeResource = {
  description:
    "A custom management role of Exchange Online: a child of a built-in role with only some of its cmdlets and parameters.",
  schema: {
    name: { type: "text", required: true, forceNew: true, refuse: refusals.name },
    parent: { type: "text", required: true, forceNew: true },
    description: { type: "text", required: true, forceNew: true },
    cmdlets: {
      type: "set",
      required: true,
      fields: {
        name: { type: "text", required: true },
        parameters: { type: "set" },
      },
    },
  },
  properties: {
    name: "Name, unique in the tenant, at most 64 characters.",
    parent: "Built-in role that it is a child of, for example `Mail Recipients`.",
    description: "By it a repeated creation knows a role that it has made itself.",
    cmdlets:
      "Cmdlets that it keeps, each with the parameters that it keeps; without parameters, all of the parent's.",
  },
  faults,
  async create(connections, inputs) {
    const session = connections.admin("exchange");
    const [name, parent, description] = ["name", "parent", "description"].map((key) =>
      text(inputs, key),
    ) as [string, string, string];
    const wanted = keptIn(inputs);
    if ((await findRole(session, name)) === undefined) {
      const EnabledCmdlets = wanted.map(({ cmdlet }) => cmdlet);
      await session
        .run("New-ManagementRole", {
          Name: name,
          Parent: parent,
          Description: description,
          EnabledCmdlets,
        })
        .catch(ignoreExisting);
    }
    const row = await findRole(session, name);
    if (row !== undefined && (parentOf(row) !== parent || row.Description !== description)) {
      throw new ForeignObject(
        "management role",
        name,
        `has the parent ${parentOf(row)} or another description`,
      );
    }
    try {
      await prune(session, name, parent, wanted);
    } catch (error) {
      // It is there, and has more than it should: the next update prunes it.
      throw new InitializationFailed(name, { ...inputs, cmdlets: [] }, error as Error);
    }
    return { id: name, state: inputs };
  },
  async read(connections, id) {
    const session = connections.admin("exchange");
    const row = await findRole(session, id);
    if (row === undefined) {
      return undefined;
    }
    const parent = parentOf(row);
    const [entries, possible] = [await entriesOf(session, id), await entriesOf(session, parent)];
    const cmdlets = [...entries].map(([name, parameters]) => {
      const all = possible.get(name) ?? [];
      const own = parameters.filter((one) => !isStaying(one)).sort();
      return all.every((one) => parameters.includes(one)) ? { name } : { name, parameters: own };
    });
    return { name: row.Name, parent, description: row.Description, cmdlets };
  },
  async update(connections, id, state, inputs) {
    await prune(connections.admin("exchange"), id, text(state, "parent"), keptIn(inputs));
    return inputs;
  },
  async remove(connections, id) {
    const session = connections.admin("exchange");
    const assigned = await session
      .run("Get-ManagementRoleAssignment", { Role: id })
      .catch(ignoreAbsent);
    if (assigned.length === 0) {
      await session
        .run("Remove-ManagementRole", { Identity: id, Confirm: false })
        .catch(ignoreAbsent);
    }
  },
};

function faults(inputs: Properties): CheckFailure[] {
  const { parent } = inputs;
  const unknownParent =
    typeof parent === "string" &&
    !isUnknown(parent) &&
    findManagementRole("exchange", parent) === undefined
      ? [{ property: "parent", reason: `"${parent}" is not a built-in role of Exchange Online.` }]
      : [];
  const listed = items(inputs, "cmdlets");
  const empty =
    Array.isArray(inputs.cmdlets) && listed.length === 0
      ? [{ property: "cmdlets", reason: "is empty: a role without cmdlets allows nothing." }]
      : [];
  return [
    ...unknownParent,
    ...empty,
    ...listed.flatMap((kept, index) => cmdletFaults(kept, `cmdlets[${index}]`)),
  ];
}

/** What the catalogue says against a cmdlet and its parameters. */
function cmdletFaults(kept: Properties, path: string): CheckFailure[] {
  const name = text(kept, "name");
  const cmdlet = findCmdlet(name);
  if (isUnknown(name) || name === "") {
    return [];
  }
  if (cmdlet?.workloads.includes("exchange") !== true) {
    return [
      {
        property: `${path}.name`,
        reason: `"${name}" is not a cmdlet of Exchange Online PowerShell.`,
      },
    ];
  }
  return texts(kept, "parameters")
    .filter((one) => !isUnknown(one) && !isStaying(one) && findParameter(cmdlet, one) === undefined)
    .map((one) => ({
      property: `${path}.parameters`,
      reason: `"${one}" is not a parameter of ${cmdlet.name}.`,
    }));
}

function keptIn(inputs: Properties): Kept[] {
  return items(inputs, "cmdlets").map((kept) => {
    const name = text(kept, "name");
    const cmdlet = findCmdlet(name);
    return {
      cmdlet: cmdlet?.name ?? name,
      ...(Array.isArray(kept.parameters)
        ? {
            parameters: texts(kept, "parameters").map(
              (one) => (cmdlet && findParameter(cmdlet, one)?.name) ?? one,
            ),
          }
        : {}),
    };
  });
}

/**
 * Brings the entries of a role to what it keeps. What is too much goes before anything is added, so
 * that it never has more than it had or should have.
 */
async function prune(
  session: AdminSession,
  role: string,
  parent: string,
  wanted: readonly Kept[],
): Promise<void> {
  const has = await entriesOf(session, role);
  const possible = await entriesOf(session, parent);
  const parametersFor = ({ cmdlet, parameters }: Kept): string[] =>
    (possible.get(cmdlet) ?? []).filter(
      (one) =>
        parameters === undefined ||
        isStaying(one) ||
        parameters.some((kept) => sameName(kept, one)),
    );
  const change = (
    cmdlet: string,
    Parameters: readonly string[],
    flag: "AddParameter" | "RemoveParameter",
  ) =>
    Parameters.length === 0
      ? Promise.resolve([])
      : session.run("Set-ManagementRoleEntry", {
          Identity: `${role}\\${cmdlet}`,
          Parameters,
          [flag]: true,
          Confirm: false,
        });
  for (const [cmdlet] of has) {
    if (!wanted.some((kept) => sameName(kept.cmdlet, cmdlet))) {
      const Identity = `${role}\\${cmdlet}`;
      await session
        .run("Remove-ManagementRoleEntry", { Identity, Confirm: false })
        .catch(ignoreAbsent);
    }
  }
  for (const kept of wanted) {
    const target = parametersFor(kept);
    const surplus = (has.get(kept.cmdlet) ?? []).filter((one) => !target.includes(one));
    await change(kept.cmdlet, surplus, "RemoveParameter");
  }
  for (const kept of wanted) {
    const target = parametersFor(kept);
    const present = has.get(kept.cmdlet);
    if (present === undefined) {
      const Identity = `${role}\\${kept.cmdlet}`;
      await session
        .run("Add-ManagementRoleEntry", { Identity, Parameters: target, Confirm: false })
        .catch(ignoreExisting);
    } else {
      const missing = target.filter((one) => !present.includes(one));
      await change(kept.cmdlet, missing, "AddParameter");
    }
  }
}

/** The cmdlets that a role holds, with their parameters. */
async function entriesOf(session: AdminSession, role: string): Promise<Map<string, string[]>> {
  const rows = await session.run(
    "Get-ManagementRoleEntry",
    { Identity: `${role}\\*` },
    { fresh: true },
  );
  return new Map(
    rows.map(({ Name, Parameters }) => [
      String(Name),
      Array.isArray(Parameters) ? Parameters.map(String) : [],
    ]),
  );
}

async function findRole(session: AdminSession, name: string): Promise<Row | undefined> {
  const rows = await session.run("Get-ManagementRole");
  return rows.find((row) => sameName(row.Name, name));
}

/** The parent as the answer writes it: by its name, or below its own parents. */
function parentOf({ Parent }: Row): string {
  return (typeof Parent === "string" ? Parent : "").split("\\").at(-1) ?? "";
}
