import type { Deployer } from "./deployer";
import { type Administrator, administrators, deployerPermissions } from "./graphPermissions";
import { type Need, needsOf, possibleNeedsOf, type StackShape } from "./needs";
import type { Ownership } from "./ownership";

/** Whether the deployer may do what a need names. */
export interface NeedResult extends Pick<Need, "permission" | "reason" | "source"> {
  /**
   * `granted`: the very permission. `covered`: something wider, named in `by`. `unknown`: the
   * token does not say.
   */
  readonly state: "granted" | "covered" | "missing" | "unknown";
  /** What covers it, or why it is not known. */
  readonly by?: string;
  /** Least directory role with which a user may do it. */
  readonly leastRole: string;
}

/** Something the deployer may do and this stack does not need. */
export interface Excess {
  /** Name of the permission, or name or template id of the directory role. */
  readonly name: string;
  readonly kind: "permission" | "directory role";
  readonly why: string;
}

/** What is known about a stack's deployer. */
export interface Assessment {
  readonly deployer: Deployer;
  readonly needs: readonly NeedResult[];
  readonly excess: readonly Excess[];
  readonly ownership: readonly Ownership[];
  /** What the deployer has not, and the stack may do without. */
  readonly possible: readonly { readonly permission: string; readonly reason: string }[];
  /** Whether nothing is known to be missing. */
  readonly ok: boolean;
}

/**
 * Compares what a deployer may do with what a stack needs. Pure.
 *
 * @param ownership Objects that exist; asked for only where ownership matters, see {@link ownershipMatters}.
 */
export function assess(
  deployer: Deployer,
  stack: StackShape,
  ownership: readonly Ownership[] = [],
): Assessment {
  const needs = needsOf(stack);
  const results = needs.map((need) => resultOf(need, deployer));
  // Of a user, directory roles decide.
  const possible = deployer.kind === "user" ? [] : possibleNeedsOf(stack);
  return {
    deployer,
    needs: results,
    excess: [...excessPermissions(deployer, needs, possible), ...excessRoles(deployer, needs)],
    ownership,
    possible: possible.filter(({ permission }) => !deployer.permissions.includes(permission)),
    ok:
      results.every(({ state }) => state !== "missing") &&
      ownership.every(({ state }) => state !== "not owner"),
  };
}

/** Whether the deployer may change only what it owns. */
export function ownershipMatters(deployer: Deployer, stack: StackShape): boolean {
  const { kind, permissions, directoryRoles = [] } = deployer;
  const { ownApplications, allApplications } = deployerPermissions;
  const roles = needsOf(stack).find(({ permission }) => permission === ownApplications);
  return (
    kind === "application" &&
    permissions.includes(ownApplications.name) &&
    !permissions.includes(allApplications.name) &&
    roles?.administrators.some(({ id }) => directoryRoles.includes(id)) !== true
  );
}

function resultOf(need: Need, deployer: Deployer): NeedResult {
  const { permission, reason, source } = need;
  const leastRole = need.administrators[0]?.name ?? "";
  return { permission, reason, source, leastRole, ...needState(need, deployer) };
}

function needState(need: Need, deployer: Deployer): Pick<NeedResult, "state" | "by"> {
  const { permissions, directoryRoles } = deployer;
  if (permissions.includes(need.permission.name)) {
    return { state: "granted" };
  }
  const wider = need.includedIn.find((name) => permissions.includes(name));
  if (wider !== undefined) {
    return { state: "covered", by: wider };
  }
  const role = need.administrators.find(({ id }) => directoryRoles?.includes(id));
  if (role !== undefined) {
    return { state: "covered", by: role.name };
  }
  if (deployer.kind === "application") {
    return { state: "missing" };
  }
  if (need.anyUser === "always") {
    return { state: "covered", by: "being a user of the tenant, unless it restricts its users" };
  }
  if (directoryRoles === undefined) {
    return { state: "unknown", by: "the token names no directory roles" };
  }
  return need.anyUser === "perhaps"
    ? { state: "unknown", by: "the tenant decides whether users may register applications" }
    : { state: "missing" };
}

function excessPermissions(
  { permissions }: Deployer,
  needs: readonly Need[],
  possible: Assessment["possible"],
): Excess[] {
  const wanted = [
    ...needs.map(({ permission }) => permission.name),
    ...possible.map(({ permission }) => permission),
  ];
  return permissions
    .filter((name) => !wanted.includes(name))
    .map((name) => {
      const instead = needs.filter(({ includedIn }) => includedIn.includes(name));
      return {
        name,
        kind: "permission",
        why:
          instead.length === 0
            ? "nothing in this stack needs it"
            : `more than ${listed(instead.map(({ permission }) => permission.name))}, which ${instead.length === 1 ? "is" : "are"} enough`,
      };
    });
}

function excessRoles(
  { kind, directoryRoles = [], permissions }: Deployer,
  needs: readonly Need[],
): Excess[] {
  if (kind === "user") {
    // People have other duties; only the widest role of all is worth a word.
    const { global, privilegedRole, cloudApplication } = administrators;
    const why = `more than ${privilegedRole.name} with ${cloudApplication.name}, which is enough`;
    return directoryRoles.includes(global.id)
      ? [{ name: global.name, kind: "directory role", why }]
      : [];
  }
  const known: readonly Administrator[] = Object.values(administrators);
  return directoryRoles.map((id) => {
    const role = known.find((one) => one.id === id);
    const covers = needs.some(
      (need) =>
        need.administrators.some((one) => one.id === id) &&
        !permissions.includes(need.permission.name),
    );
    return {
      name: role?.name ?? id,
      kind: "directory role",
      why: covers
        ? "more than the permissions above, which are enough"
        : "nothing in this stack needs it",
    };
  });
}

/** Names in a sentence. Made when it is needed: the first of its kind takes tens of milliseconds. */
function listed(names: readonly string[]): string {
  return new Intl.ListFormat("en-GB").format(names);
}
