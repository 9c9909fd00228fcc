import {
  type DirectoryRole,
  directoryRoles,
  findDirectoryRole,
  needsException,
  otherRoleNames,
  roleNamesFor,
} from "../catalog/directoryRoles";
import {
  isWorkload,
  otherWorkloadNames,
  type Workload,
  workloads,
  workloadTitles,
} from "../catalog/workloads";
import { didYouMean, useOneOf } from "../../system/didYouMean";
import type { ExceptionArgs } from "../args";
import { type Fault, faultAt, faultUnless, judgedBy, type Parsed } from "../faults";
import { isDate } from "./dates";

/** `workloads`, as they are written; faults where they are empty, unknown, repeated. */
export function parseWorkloads(wanted: readonly string[]): Parsed<Workload[]> {
  const value = wanted.filter(isWorkload);
  const choice = `Use ${workloads.join(", ")}, or both.`;
  if (wanted.length === 0) {
    const rule = "is empty: an application must serve a workload.";
    return { value, faults: [{ path: "workloads", rule, remedy: choice }] };
  }
  const faults = wanted.flatMap((workload, index): Fault[] => {
    const path = `workloads[${index}]`;
    if (!isWorkload(workload)) {
      return [
        {
          path,
          value: workload,
          rule: "is not a workload.",
          remedy: didYouMean(workload, workloads, otherWorkloadNames) + choice,
        },
      ];
    }
    return wanted.indexOf(workload) < index
      ? [{ path, value: workload, rule: "is listed twice.", remedy: "Remove one of them." }]
      : [];
  });
  return { value, faults };
}

type Role = DirectoryRole | undefined;

/**
 * `directoryRoles`, each once, as they are written; faults in view of the workloads: unknown roles,
 * roles that serve none of the workloads, and workloads that no listed role serves.
 *
 * @param servedByOwnRoles Workloads in which the application has roles of the workload's own.
 */
export function parseRoles(
  names: readonly string[],
  served: readonly Workload[],
  servedByOwnRoles: readonly Workload[] = [],
): Parsed<DirectoryRole[]> {
  const roles = names.map(findDirectoryRole);
  const unfit = names.flatMap((name, index) => faultsOfRole(name, index, roles, served));
  return {
    value: [...new Set(roles.filter((role) => role !== undefined))],
    // A role that serves nothing already names the roles that would; the gap it leaves is the same fault.
    faults:
      unfit.length > 0
        ? unfit
        : served
            .filter((workload) => !servedByOwnRoles.includes(workload))
            .flatMap((workload) => faultsOfCoverage(workload, names, roles)),
  };
}

function faultsOfCoverage(
  workload: Workload,
  names: readonly string[],
  roles: readonly Role[],
): Fault[] {
  if (roles.some((role) => role?.workloads.includes(workload))) {
    return [];
  }
  const title = workloadTitles[workload];
  const own = workload === "exchange" ? "exchangeRoles" : "complianceRoleGroups";
  const remedy = `Add one of: ${roleNamesFor(workload).join(", ")}. Or give it roles of its own in ${own}.`;
  const path = "directoryRoles";
  return names.length === 0
    ? [{ path, rule: `is empty: ${title} needs a role.`, remedy }]
    : [{ path, value: names.join(", "), rule: `has no role that serves ${title}.`, remedy }];
}

function faultsOfRole(
  name: string,
  index: number,
  roles: readonly Role[],
  served: readonly Workload[],
): Fault[] {
  const path = `directoryRoles[${index}]`;
  const role = roles[index];
  if (role === undefined) {
    return faultAt(path, name)(
      "is not a directory role that app-only access supports.",
      useOneOf(
        name,
        directoryRoles.map((one) => one.name),
        otherRoleNames,
      ),
    );
  }
  if (roles.indexOf(role) < index) {
    return [{ path, value: name, rule: "is listed twice.", remedy: "Remove one of them." }];
  }
  if (served.length > 0 && !role.workloads.some((workload) => served.includes(workload))) {
    const titles = served.map((workload) => workloadTitles[workload]).join(" or ");
    const fitting = [...new Set(served.flatMap((workload) => roleNamesFor(workload)))];
    return faultAt(path, name)(
      `does not serve ${titles}.`,
      `Roles that do: ${fitting.join(", ")}.`,
    );
  }
  return [];
}

/**
 * Faults of `exceptions`, and of privileged roles that have none that is still live.
 *
 * @param roles Those of `directoryRoles`, each once.
 */
export function exceptionFaults(
  exceptions: readonly ExceptionArgs[],
  roles: readonly DirectoryRole[],
  now: Date,
): Fault[] {
  const today = now.toISOString().slice(0, 10);
  const excepted = exceptions.map((entry) => findDirectoryRole(entry.role));
  const entries = exceptions.flatMap((entry, index) =>
    faultsOfException(entry, index, excepted[index], roles),
  );
  const unexcused = roles.filter(needsException).flatMap((role): Fault[] => {
    const index = excepted.indexOf(role);
    const entry = exceptions[index];
    if (entry === undefined) {
      return judgedBy(
        ["exceptions"],
        faultAt("directoryRoles", role.name)(
          "is a privileged role that can write, and no exception covers it.",
          `Choose a lesser role, or add { role: ${role.name}, reason: ..., until: YYYY-MM-DD } to exceptions.`,
        ),
      );
    }
    return isDate(entry.until) && entry.until < today
      ? faultAt(`exceptions[${index}].until`, entry.until)(
          `has passed: the exception for ${role.name} is no longer live.`,
          "Remove the role, or agree on a new date with a reviewer.",
        )
      : [];
  });
  return [...entries, ...unexcused];
}

function faultsOfException(
  entry: ExceptionArgs,
  index: number,
  role: Role,
  roles: readonly DirectoryRole[],
): Fault[] {
  const path = `exceptions[${index}]`;
  const covered = role !== undefined && roles.includes(role);
  return [
    ...judgedBy(
      ["directoryRoles"],
      faultUnless(covered, [`${path}.role`, entry.role])(
        "is not among directoryRoles.",
        "Remove the exception, or add the role.",
      ),
    ),
    ...faultUnless(!covered || needsException(role), [`${path}.role`, entry.role])(
      "needs no exception.",
      "Remove the exception.",
    ),
    ...faultUnless(entry.reason.trim().length >= 10, [`${path}.reason`, entry.reason])(
      "is shorter than 10 characters.",
      "Say why the role is needed, so that a reviewer can judge it.",
    ),
    ...faultUnless(isDate(entry.until), [`${path}.until`, entry.until])(
      "is not a date.",
      "Write it as YYYY-MM-DD.",
    ),
  ];
}
