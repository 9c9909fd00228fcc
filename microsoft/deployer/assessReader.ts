import type { Deployer } from "./deployer";

/** A command that only reads a tenant. */
export type ReadingCommand = "drift" | "audit" | "retire";

/** What reading takes, and what for. */
export interface ReadingNeed {
  /** Least application permission of Microsoft Graph. */
  readonly permission: string;
  /** Wider ones that include it. */
  readonly includedIn: readonly string[];
  readonly reason: string;
  readonly commands: readonly ReadingCommand[];
}

const all = ["drift", "audit", "retire"] as const;

/**
 * What a reader of a tenant needs, each the least that Microsoft's page of the request names. Whoever
 * reads every day should not be the deployer, which could change what it reads.
 *
 * @see https://learn.microsoft.com/graph/permissions-reference
 */
export const readingNeeds: readonly ReadingNeed[] = [
  {
    permission: "Application.Read.All",
    includedIn: ["Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
    reason: "registrations, service principals, credentials, owners, consents",
    commands: all,
  },
  {
    permission: "RoleManagement.Read.Directory",
    includedIn: ["RoleManagement.Read.All", "RoleManagement.ReadWrite.Directory"],
    reason: "directory roles, also those that can be activated",
    commands: all,
  },
  {
    permission: "Directory.Read.All",
    includedIn: ["Directory.ReadWrite.All"],
    reason: "delegated permissions",
    commands: all,
  },
  {
    permission: "GroupMember.Read.All",
    includedIn: ["Group.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
    reason: "members of groups that have a role",
    commands: ["audit"],
  },
  {
    permission: "Policy.Read.All",
    includedIn: [],
    reason: "app management policies",
    commands: ["drift", "audit"],
  },
  {
    permission: "RoleManagement.Read.Exchange",
    includedIn: ["RoleManagement.Read.All", "RoleManagement.ReadWrite.Exchange"],
    reason: "roles in Exchange",
    commands: all,
  },
  {
    permission: "AuditLog.Read.All",
    includedIn: [],
    reason: "who changed something, and the last sign-ins of applications and credentials",
    commands: all,
  },
];

/** What a reader may read. */
export interface ReaderAssessment {
  readonly reader: Deployer;
  readonly needs: readonly (ReadingNeed & {
    /** `unknown` of a user, whose directory roles decide. */
    readonly state: "granted" | "covered" | "missing" | "unknown";
  })[];
  /** Permissions that reading does not take. */
  readonly excess: readonly string[];
  readonly ok: boolean;
}

/** Compares what somebody may do with what reading a tenant takes. */
export function assessReader(reader: Deployer): ReaderAssessment {
  const { kind, permissions } = reader;
  const needs = readingNeeds.map((need) => ({
    ...need,
    state: permissions.includes(need.permission)
      ? ("granted" as const)
      : need.includedIn.some((one) => permissions.includes(one))
        ? ("covered" as const)
        : kind === "user"
          ? ("unknown" as const)
          : ("missing" as const),
  }));
  return {
    reader,
    needs,
    excess: permissions.filter(
      (name) => !readingNeeds.some(({ permission }) => permission === name),
    ),
    ok: needs.every(({ state }) => state !== "missing"),
  };
}
