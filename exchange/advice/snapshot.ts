import { z } from "zod";
import type { AdminSession } from "../../microsoft/exchange/adminSession";
import { Failure, UsageFailure } from "../../system/failure";

/** Which role of a tenant holds which cmdlets, and which role group which roles. */
const snapshotShape = z.object({
  snapshotVersion: z.literal(1),
  tenantId: z.string(),
  takenAt: z.string(),
  roles: z.array(
    z.object({
      workload: z.enum(["exchange", "compliance"]),
      name: z.string(),
      /** Parameters by cmdlet. */
      entries: z.record(z.string(), z.array(z.string())),
    }),
  ),
  roleGroups: z.array(
    z.object({
      workload: z.enum(["exchange", "compliance"]),
      name: z.string(),
      roles: z.array(z.string()),
    }),
  ),
});

/** What {@link takeSnapshot} reads of a tenant. It holds no person, no mailbox and no secret. */
export type RoleSnapshot = z.infer<typeof snapshotShape>;

/**
 * Reads the roles and role groups of a tenant; nothing is changed.
 *
 * @see https://learn.microsoft.com/powershell/exchange/find-exchange-cmdlet-permissions
 */
export async function takeSnapshot(
  sessions: readonly AdminSession[],
  tenantId: string,
  now: Date,
): Promise<RoleSnapshot> {
  const roles: RoleSnapshot["roles"] = [];
  const roleGroups: RoleSnapshot["roleGroups"] = [];
  for (const session of sessions) {
    roles.push(...(await roleContents(session)));
    for (const { Name, Roles } of await session.run("Get-RoleGroup")) {
      roleGroups.push({
        workload: session.workload,
        name: String(Name),
        roles: Array.isArray(Roles) ? Roles.map(String) : [],
      });
    }
  }
  return { snapshotVersion: 1, tenantId, takenAt: now.toISOString(), roles, roleGroups };
}

/** Security & Compliance lists its roles, and not what is in them. */
async function roleContents(session: AdminSession): Promise<RoleSnapshot["roles"]> {
  const { workload } = session;
  if (workload === "compliance") {
    return [];
  }
  const entries = new Map<string, Record<string, string[]>>();
  for (const { Role, Name, Parameters } of await session.run("Get-ManagementRoleEntry", {
    Identity: "*\\*",
  })) {
    const role = entries.get(String(Role)) ?? {};
    role[String(Name)] = Array.isArray(Parameters) ? Parameters.map(String) : [];
    entries.set(String(Role), role);
  }
  if (entries.size === 0) {
    throw new Failure("The tenant told no role entry. Whoever asks needs View-Only Configuration.");
  }
  return [...entries].map(([name, held]) => ({ workload, name, entries: held }));
}

/** Reads a snapshot that was kept. @throws {UsageFailure} If it is none. */
export function readSnapshot(text: string, name: string): RoleSnapshot {
  try {
    return snapshotShape.parse(JSON.parse(text));
  } catch {
    throw new UsageFailure(
      `${name} is not a snapshot of version 1. Take one: apponly advise --take-snapshot ${name}`,
    );
  }
}
