import type { RoleEntry, Workload } from "../state/exchangeEntities";
import { complianceCmdlets } from "./data/complianceCmdlets";
import { exchangeCmdlets } from "./data/exchangeCmdlets";

/** A cmdlet of a workload. */
export interface CmdletDescription {
  readonly name: string;
  readonly parameters: readonly string[];
}

interface Table {
  /** By their names in lower case. */
  readonly cmdlets: ReadonlyMap<string, CmdletDescription>;
  readonly roles: ReadonlyMap<string, readonly RoleEntry[]>;
}

/** Parameters that every cmdlet has, or that none minds. */
const commonParameters = [
  "Confirm",
  "Debug",
  "ErrorAction",
  "ErrorVariable",
  "OutBuffer",
  "OutVariable",
  "Verbose",
  "WarningAction",
  "WarningVariable",
  "WhatIf",
];

const tables: Readonly<Record<Workload, Table>> = {
  exchange: readTable(exchangeCmdlets),
  compliance: readTable(complianceCmdlets),
};

function readTable(text: string): Table {
  const cmdlets = new Map<string, CmdletDescription>();
  const roles = new Map<string, RoleEntry[]>();
  for (const row of text.trim().split("\n")) {
    const [name = "", holders = "", all = ""] = row.split(" | ");
    const parameters = all.split(" ").filter((one) => one !== "");
    cmdlets.set(name.toLowerCase(), { name, parameters });
    for (const [, role = "", some] of holders.matchAll(/([^,(]+)(?:\(([^)]*)\))?(?:, )?/g)) {
      const entry = { cmdlet: name, parameters: some?.split(" ") ?? parameters };
      roles.set(role, [...(roles.get(role) ?? []), entry]);
    }
  }
  return { cmdlets, roles };
}

/** A cmdlet of a workload by its name in any case. */
export function findCmdlet(workload: Workload, name: string): CmdletDescription | undefined {
  return tables[workload].cmdlets.get(name.toLowerCase());
}

/** What each built-in role that has cmdlets holds. */
export function entriesOfBuiltInRoles(
  workload: Workload,
): ReadonlyMap<string, readonly RoleEntry[]> {
  return tables[workload].roles;
}

/** Whether every cmdlet takes a parameter of this name. */
export function isCommonParameter(name: string): boolean {
  return commonParameters.some((one) => one.toLowerCase() === name.toLowerCase());
}
