import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { directoryRoles } from "../../components/catalog/directoryRoles";
import type { Workload } from "../../components/catalog/workloads";
import type { ExportedCmdlet } from "../../microsoft/exchange/adminApi";
import { isReadOnlyRole } from "../../policy/rules/data/exchangeRoles";
import type { ScriptReading } from "../scripts/readScript";
import { brokenAppOnly, type CmdletNeed, entryOf, needsOfUses } from "./needs";
import type { RoleSnapshot } from "./snapshot";

/** A need that cannot be met, and why. */
export interface Obstacle {
  readonly need: CmdletNeed;
  readonly why: string;
}

/** What every grade tells. */
interface Common {
  readonly needs: readonly CmdletNeed[];
  /** Cmdlets that fail app-only whatever the roles are. */
  readonly broken: readonly Obstacle[];
  /** Whether there is no place that could not be seen through. */
  readonly sawEverything: boolean;
}

/** `signed-in`: what the application's own token may run, compared with what the scripts run. */
export interface SignedInAdvice extends Common {
  readonly grade: "signed-in";
  readonly failing: readonly Obstacle[];
  /** Cmdlets that may be run and that no script runs, by workload. */
  readonly surplus: Readonly<Partial<Record<Workload, readonly string[]>>>;
}

/** `snapshot`: the least roles by what the tenant's roles hold. */
export interface SnapshotAdvice extends Common {
  readonly grade: "snapshot";
  readonly roles: readonly { readonly role: string; readonly cmdlets: readonly CmdletNeed[] }[];
  /** Needs that no role of the snapshot holds as a whole. */
  readonly uncovered: readonly CmdletNeed[];
  /** Built-in role group that holds all of it with the least besides. */
  readonly roleGroup?: string;
  /** Directory roles whose holders are members of that group. */
  readonly directoryRoles: readonly string[];
  /** Configuration to paste. */
  readonly configuration: string;
}

/** `estimate`: by a rule and what others grant; never exact. */
export interface EstimateAdvice extends Common {
  readonly grade: "estimate";
  readonly known: readonly {
    readonly need: CmdletNeed;
    readonly directoryRole: string;
    readonly by: "rule" | "others";
  }[];
  readonly unknown: readonly CmdletNeed[];
}

export type Advice = SignedInAdvice | SnapshotAdvice | EstimateAdvice;

function commonOf(reading: ScriptReading): Common {
  const needs = needsOfUses(reading.uses);
  return {
    needs,
    broken: needs.flatMap((need) => {
      const why = brokenAppOnly(need.cmdlet);
      return why === undefined ? [] : [{ need, why }];
    }),
    sawEverything:
      reading.blindSpots.length === 0 && reading.uses.every(({ grade }) => grade === "certain"),
  };
}

/** What an application's own token may run against what scripts run. */
export function adviseSignedIn(
  reading: ScriptReading,
  exported: Readonly<Partial<Record<Workload, readonly ExportedCmdlet[]>>>,
): SignedInAdvice {
  const common = commonOf(reading);
  const failing = common.needs.flatMap((need): Obstacle[] => {
    const why = explainNotExported(need, exported[need.workload]);
    return why === undefined ? [] : [{ need, why }];
  });
  const used = new Set(common.needs.map(({ cmdlet }) => entryOf(cmdlet)));
  const surplus = Object.fromEntries(
    Object.entries(exported).map(([workload, cmdlets]) => [
      workload,
      cmdlets.map(({ name }) => name).filter((name) => !used.has(name)),
    ]),
  );
  return { grade: "signed-in", ...common, failing, surplus };
}

function explainNotExported(
  { cmdlet, workload, parameters }: CmdletNeed,
  exported: readonly ExportedCmdlet[] | undefined,
): string | undefined {
  if (exported === undefined) {
    return `the application does not serve ${workload}`;
  }
  const entry = entryOf(cmdlet).toLowerCase();
  const found = exported.find(({ name }) => name.toLowerCase() === entry);
  if (found === undefined) {
    return "the application may not run it";
  }
  const held = found.parameters?.map((one) => one.toLowerCase());
  const missing =
    held && parameters.filter((one) => !isCommon(one) && !held.includes(one.toLowerCase()));
  return missing === undefined || missing.length === 0
    ? undefined
    : `the application may not use ${missing.map((one) => `-${one}`).join(", ")}`;
}

const isCommon = (name: string) =>
  /^(Confirm|WhatIf|Verbose|Debug|ErrorAction|WarningAction|ErrorVariable|WarningVariable|OutVariable|OutBuffer)$/i.test(
    name,
  );

/** The least roles of a tenant that hold what scripts run. */
export function adviseFromSnapshot(reading: ScriptReading, snapshot: RoleSnapshot): SnapshotAdvice {
  const common = commonOf(reading);
  const open = common.needs.filter(({ workload }) => workload === "exchange");
  const holds = (entries: Readonly<Record<string, readonly string[]>>, need: CmdletNeed) => {
    const held = entries[entryOf(need.cmdlet)];
    return (
      held !== undefined &&
      need.parameters.every(
        (one) => isCommon(one) || held.some((known) => known.toLowerCase() === one.toLowerCase()),
      )
    );
  };
  const candidates = snapshot.roles.filter(
    ({ workload, name }) => workload === "exchange" && !name.startsWith("Application "),
  );
  const chosen = coverNeeds(open, candidates, (role, need) => holds(role.entries, need));
  const covered = new Set(chosen.flatMap(({ met }) => met));
  const candidatesIn = (roles: readonly string[]) =>
    candidates.filter(({ name }) => roles.includes(name));
  const size = (roles: readonly string[]) =>
    new Set(candidatesIn(roles).flatMap(({ entries }) => Object.keys(entries))).size;
  const [group] = snapshot.roleGroups
    .filter(
      ({ workload, roles }) =>
        workload === "exchange" &&
        open.length > 0 &&
        open.every((need) => candidatesIn(roles).some(({ entries }) => holds(entries, need))),
    )
    .sort((one, other) => size(one.roles) - size(other.roles));
  const roles = chosen.map(({ of, met }) => ({ role: of.name, cmdlets: met }));
  return {
    grade: "snapshot",
    ...common,
    roles,
    uncovered: common.needs.filter((need) => !covered.has(need)),
    ...(group === undefined ? {} : { roleGroup: group.name }),
    directoryRoles: group === undefined ? [] : directoryRolesOf(group.name),
    configuration: leastSettings(roles),
  };
}

/**
 * Directory roles by the built-in role group that their holders are members of.
 *
 * @see https://learn.microsoft.com/exchange/permissions-exo/permissions-exo#role-groups
 */
const groupsOfDirectoryRoles: Readonly<Record<string, string>> = {
  "Exchange Administrator": "Organization Management",
  "Exchange Recipient Administrator": "Recipient Management",
  "Compliance Administrator": "Compliance Management",
  "Security Administrator": "Security Administrator",
  "Security Reader": "Security Reader",
  "Global Reader": "View-Only Organization Management",
  "Helpdesk Administrator": "Help Desk",
};

function directoryRolesOf(group: string): string[] {
  return directoryRoles
    .map(({ name }) => name)
    .filter((name) => groupsOfDirectoryRoles[name] === group);
}

/** Greedy: the role that meets most of what is open; of several, the one that holds least besides. */
function coverNeeds<Role extends { readonly entries: Readonly<Record<string, unknown>> }>(
  needs: readonly CmdletNeed[],
  candidates: readonly Role[],
  holds: (role: Role, need: CmdletNeed) => boolean,
): { readonly of: Role; readonly met: CmdletNeed[] }[] {
  const open = new Set(needs);
  const chosen: { of: Role; met: CmdletNeed[] }[] = [];
  for (;;) {
    const [best] = candidates
      .map((of) => ({ of, met: [...open].filter((need) => holds(of, need)) }))
      .filter(({ met }) => met.length > 0)
      .sort(
        (one, other) =>
          other.met.length - one.met.length ||
          Object.keys(one.of.entries).length - Object.keys(other.of.entries).length,
      );
    if (best === undefined) {
      return chosen;
    }
    chosen.push(best);
    best.met.forEach((need) => open.delete(need));
  }
}

/** What stands in a stack's settings to grant exactly that. Reading needs its `Get-` beside a `Set-`. */
function leastSettings(
  roles: readonly { readonly role: string; readonly cmdlets: readonly CmdletNeed[] }[],
): string {
  const exchangeRoles = roles.map(({ role, cmdlets }) => ({
    role,
    cmdlets: cmdlets.map(({ cmdlet, parameters, uses }) => {
      const own = parameters.filter((one) => !isCommon(one) && one !== "Identity");
      const sure = uses.every(({ grade }) => grade === "certain");
      return {
        name: entryOf(cmdlet),
        ...(sure && !isReadOnlyRole(role) ? { parameters: own } : {}),
      };
    }),
    ...(isReadOnlyRole(role) ? {} : { recipientFilter: "Department -eq 'CHOOSE'" }),
  }));
  return stringify({ "apponly:exchangeRoles": exchangeRoles });
}

let others: ReadonlyMap<string, string> | undefined;

/**
 * The directory role that Microsoft365DSC asks for where it runs a cmdlet: facts out of its settings
 * of 2024-10-24 (MIT).
 *
 * @see https://github.com/microsoft/Microsoft365DSC
 */
function grantedByOthers(cmdlet: string): string | undefined {
  others ??= new Map(
    readFileSync(join(__dirname, "../catalog/estimates.tsv"), "utf8")
      .trim()
      .split("\n")
      .map((row) => row.split("\t") as [string, string]),
  );
  return others.get(cmdlet);
}

/** What can be said without a tenant: a rule, what others grant, and what is unknown. */
export function adviseByEstimate(reading: ScriptReading): EstimateAdvice {
  const common = commonOf(reading);
  const judged = common.needs.map((need) => {
    const cmdlet = entryOf(need.cmdlet);
    const granted = grantedByOthers(cmdlet);
    const reads = /^(Get|Test)-/.test(cmdlet);
    return granted !== undefined
      ? { need, directoryRole: granted, by: "others" as const }
      : reads
        ? { need, directoryRole: "Global Reader", by: "rule" as const }
        : { need, directoryRole: undefined, by: "rule" as const };
  });
  return {
    grade: "estimate",
    ...common,
    known: judged.flatMap(({ need, directoryRole, by }) =>
      directoryRole === undefined ? [] : [{ need, directoryRole, by }],
    ),
    unknown: judged.flatMap(({ need, directoryRole }) =>
      directoryRole === undefined ? [need] : [],
    ),
  };
}
