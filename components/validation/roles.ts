import {
  type DirectoryRole,
  directoryRoles,
  findDirectoryRole,
  needsException,
  roleNamesFor,
} from "../catalog/directoryRoles";
import { isWorkload, type Workload, workloads, workloadTitles } from "../catalog/workloads";
import type { ExceptionArgs } from "../args";
import type { Fault } from "../faults";
import { isDate } from "./dates";

/** Faults of `workloads`: empty, unknown, repeated. */
export function workloadFaults(wanted: readonly string[]): Fault[] {
  const choice = `Use ${workloads.join(", ")}, or both.`;
  if (wanted.length === 0) {
    return [
      {
        path: "workloads",
        rule: "is empty: an application must serve a workload.",
        remedy: choice,
      },
    ];
  }
  return wanted.flatMap((workload, index): Fault[] => {
    const path = `workloads[${index}]`;
    if (!isWorkload(workload)) {
      return [{ path, value: workload, rule: "is not a workload.", remedy: choice }];
    }
    return wanted.indexOf(workload) < index
      ? [{ path, value: workload, rule: "is listed twice.", remedy: "Remove one of them." }]
      : [];
  });
}

/**
 * Faults of `directoryRoles` in view of the workloads: unknown roles, roles that serve none of the
 * workloads, and workloads that no listed role serves.
 */
export function roleFaults(wanted: readonly string[], served: readonly string[]): Fault[] {
  const known = served.filter(isWorkload);
  const unfit = wanted.flatMap((name, index) => faultsOfRole(name, index, wanted, known));
  // A role that serves nothing already names the roles that would; the gap it leaves is the same fault.
  return unfit.length > 0 ? unfit : known.flatMap((workload) => faultsOfCoverage(workload, wanted));
}

function faultsOfCoverage(workload: Workload, wanted: readonly string[]): Fault[] {
  if (wanted.some((name) => findDirectoryRole(name)?.workloads.includes(workload))) {
    return [];
  }
  const title = workloadTitles[workload];
  const remedy = `Add one of: ${roleNamesFor(workload).join(", ")}.`;
  const path = "directoryRoles";
  return wanted.length === 0
    ? [{ path, rule: `is empty: ${title} needs a role.`, remedy }]
    : [{ path, value: wanted.join(", "), rule: `has no role that serves ${title}.`, remedy }];
}

function faultsOfRole(
  name: string,
  index: number,
  wanted: readonly string[],
  known: readonly Workload[],
): Fault[] {
  const path = `directoryRoles[${index}]`;
  const role = findDirectoryRole(name);
  if (role === undefined) {
    return [
      {
        path,
        value: name,
        rule: "is not a directory role that app-only access supports.",
        remedy: `Use one of: ${directoryRoles.map((one) => one.name).join(", ")}.`,
      },
    ];
  }
  if (wanted.findIndex((other) => findDirectoryRole(other) === role) < index) {
    return [{ path, value: name, rule: "is listed twice.", remedy: "Remove one of them." }];
  }
  if (known.length > 0 && !role.workloads.some((workload) => known.includes(workload))) {
    const titles = known.map((workload) => workloadTitles[workload]).join(" or ");
    const fitting = [...new Set(known.flatMap((workload) => roleNamesFor(workload)))];
    return [
      {
        path,
        value: name,
        rule: `does not serve ${titles}.`,
        remedy: `Roles that do: ${fitting.join(", ")}.`,
      },
    ];
  }
  return [];
}

/** Faults of `exceptions`, and of privileged roles that have none that is still live. */
export function exceptionFaults(
  exceptions: readonly ExceptionArgs[],
  wantedRoles: readonly string[],
  now: Date,
): Fault[] {
  const today = now.toISOString().slice(0, 10);
  const roles = wantedRoles
    .map(findDirectoryRole)
    .filter((role): role is DirectoryRole => role !== undefined);
  const entries = exceptions.flatMap((entry, index) => faultsOfException(entry, index, roles));
  const unexcused = [...new Set(roles)].filter(needsException).flatMap((role): Fault[] => {
    const index = exceptions.findIndex((entry) => findDirectoryRole(entry.role) === role);
    const entry = exceptions[index];
    if (entry === undefined) {
      return [
        {
          path: "directoryRoles",
          value: role.name,
          rule: "is a privileged role that can write, and no exception covers it.",
          remedy: `Choose a lesser role, or add { role: ${role.name}, reason: ..., until: YYYY-MM-DD } to exceptions.`,
        },
      ];
    }
    return isDate(entry.until) && entry.until < today
      ? [
          {
            path: `exceptions[${index}].until`,
            value: entry.until,
            rule: `has passed: the exception for ${role.name} is no longer live.`,
            remedy: "Remove the role, or agree on a new date with a reviewer.",
          },
        ]
      : [];
  });
  return [...entries, ...unexcused];
}

function faultsOfException(
  entry: ExceptionArgs,
  index: number,
  roles: readonly DirectoryRole[],
): Fault[] {
  const faults: Fault[] = [];
  const path = `exceptions[${index}]`;
  const role = findDirectoryRole(entry.role);
  if (role === undefined || !roles.includes(role)) {
    faults.push({
      path: `${path}.role`,
      value: entry.role,
      rule: "is not among directoryRoles.",
      remedy: "Remove the exception, or add the role.",
    });
  } else if (!needsException(role)) {
    faults.push({
      path: `${path}.role`,
      value: entry.role,
      rule: "needs no exception.",
      remedy: "Remove the exception.",
    });
  }
  if (entry.reason.trim().length < 10) {
    faults.push({
      path: `${path}.reason`,
      value: entry.reason,
      rule: "is shorter than 10 characters.",
      remedy: "Say why the role is needed, so that a reviewer can judge it.",
    });
  }
  if (!isDate(entry.until)) {
    faults.push({
      path: `${path}.until`,
      value: entry.until,
      rule: "is not a date.",
      remedy: "Write it as YYYY-MM-DD.",
    });
  }
  return faults;
}
