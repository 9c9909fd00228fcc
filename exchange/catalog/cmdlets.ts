import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Workload } from "../../components/catalog/workloads";

/** A parameter of a cmdlet in a workload. */
export interface CmdletParameter {
  readonly name: string;
  readonly isSwitch: boolean;
  /** Place of a value without a name, from 1 on. */
  readonly position?: number;
  readonly workloads: readonly Workload[];
}

/** A cmdlet of Exchange Online or Security & Compliance PowerShell. */
export interface CatalogCmdlet {
  readonly name: string;
  readonly workloads: readonly Workload[];
  readonly parameters: readonly CmdletParameter[];
}

let cmdletTable: ReadonlyMap<string, CatalogCmdlet> | undefined;

/**
 * Every cmdlet that has a page, by its name in lower case. Which roles hold one, no page tells.
 *
 * The table is facts out of Microsoft's documentation of 2026-08-21: name, workloads (`e`, `c`), and
 * the parameters, of which `!` marks a switch, `:1` a position, and `/e` or `/c` one that only that
 * workload has.
 *
 * @see https://github.com/MicrosoftDocs/office-docs-powershell
 */
function catalogCmdlets(): ReadonlyMap<string, CatalogCmdlet> {
  cmdletTable ??= new Map(
    readFileSync(join(__dirname, "cmdlets.tsv"), "utf8")
      .trim()
      .split("\n")
      .map((row) => {
        const cmdlet = readRow(row);
        return [cmdlet.name.toLowerCase(), cmdlet];
      }),
  );
  return cmdletTable;
}

/** A cmdlet by its name in any case. */
export function findCmdlet(name: string): CatalogCmdlet | undefined {
  return catalogCmdlets().get(name.toLowerCase());
}

/**
 * A parameter by its name in any case, or by the beginning of its name if no other begins so, as
 * PowerShell reads it.
 */
export function findParameter(cmdlet: CatalogCmdlet, written: string): CmdletParameter | undefined {
  const wanted = written.toLowerCase();
  const exact = cmdlet.parameters.find(({ name }) => name.toLowerCase() === wanted);
  const beginning = cmdlet.parameters.filter(({ name }) => name.toLowerCase().startsWith(wanted));
  return exact ?? (beginning.length === 1 ? beginning[0] : undefined);
}

function readRow(row: string): CatalogCmdlet {
  const [name = "", marks = "", parameters = ""] = row.split("\t");
  const workloads = workloadsOf(marks);
  return {
    name,
    workloads,
    parameters: parameters
      .split(" ")
      .filter((text) => text !== "")
      .map((text) => {
        const [, parameter = "", flag, position, own] =
          /^(\w+)(!)?(?::(\d+))?(?:\/([ec]))?$/.exec(text) ?? [];
        return {
          name: parameter,
          isSwitch: flag !== undefined,
          ...(position === undefined ? {} : { position: Number(position) }),
          workloads: own === undefined ? workloads : workloadsOf(own),
        };
      }),
  };
}

function workloadsOf(marks: string): Workload[] {
  return [...marks].map((mark) => (mark === "e" ? "exchange" : "compliance"));
}
