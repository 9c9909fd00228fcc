import { type Client, GraphError } from "@microsoft/microsoft-graph-client";
import { readAll } from "../client";
import { type Unread, unreadOf } from "./unread";

/** A change that the directory's audit log tells of. */
export interface AuditedChange {
  /** Instant, ISO 8601. */
  readonly time: string;
  /** Microsoft's name for it, for example `Add member to role`. */
  readonly activity: string;
  /** Who did it: a user principal name, or the display name or id of an application. */
  readonly actor: string;
  /** What the log says of its targets, as text to search in. */
  readonly details: string;
}

interface GraphAudit {
  readonly activityDateTime: string;
  readonly activityDisplayName: string;
  readonly initiatedBy?: {
    readonly user?: {
      readonly userPrincipalName?: string | null;
      readonly id?: string | null;
    } | null;
    readonly app?: {
      readonly displayName?: string | null;
      readonly appId?: string | null;
      readonly servicePrincipalId?: string | null;
    } | null;
  };
  readonly targetResources?: readonly unknown[];
}

/**
 * What was done to objects of the directory, the latest first. The log reaches back 30 days with a
 * licence, 7 without.
 *
 * @param objectIds Object ids; each is asked for by itself, as five requests in ten seconds are let through.
 * @throws {GraphError} If Graph fails otherwise than by refusing.
 * @see https://learn.microsoft.com/graph/api/directoryaudit-list
 */
export async function readAuditedChanges(
  graph: Client,
  objectIds: readonly string[],
): Promise<{ readonly changes: readonly AuditedChange[]; readonly unread?: Unread }> {
  const changes: AuditedChange[] = [];
  try {
    for (const id of objectIds) {
      const filter = encodeURIComponent(`targetResources/any(t:t/id eq '${id}')`);
      const rows = await readAll<GraphAudit>(graph, `/auditLogs/directoryAudits?$filter=${filter}`);
      changes.push(...rows.map(changeOf));
    }
  } catch (error) {
    if (!(error instanceof GraphError)) {
      throw error;
    }
    const source = { what: "who did it and when", permission: "AuditLog.Read.All" };
    return { changes, unread: { ...unreadOf(source, error), isGap: false } };
  }
  return { changes: changes.sort((a, b) => (a.time < b.time ? 1 : -1)) };
}

function changeOf(audit: GraphAudit): AuditedChange {
  const { user, app } = audit.initiatedBy ?? {};
  return {
    time: audit.activityDateTime,
    activity: audit.activityDisplayName.trim(),
    // The log names an application by its display name, and its client id only now and then.
    actor:
      user?.userPrincipalName ??
      user?.id ??
      app?.displayName ??
      app?.appId ??
      app?.servicePrincipalId ??
      "Microsoft",
    details: JSON.stringify(audit.targetResources ?? []).toLowerCase(),
  };
}
