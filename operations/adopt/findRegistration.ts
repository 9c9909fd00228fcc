import type { Client } from "@microsoft/microsoft-graph-client";
import { readAll } from "../../microsoft/graph/client";
import { isGuid } from "../../system/guid";
import { UsageFailure } from "../../system/failure";

/** A registration that was found. */
export interface FoundRegistration {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
}

/**
 * Finds an app registration by its client id, its object id or its display name.
 *
 * @throws {UsageFailure} If there is none, or a name is that of several.
 * @throws {GraphError} If Graph refuses.
 */
export async function findRegistration(graph: Client, named: string): Promise<FoundRegistration> {
  const filter = isGuid(named)
    ? `appId eq '${named}' or id eq '${named}'`
    : `displayName eq '${named.replaceAll("'", "''")}'`;
  const found = await readAll<FoundRegistration>(
    graph,
    `/applications?$select=id,appId,displayName&$filter=${encodeURIComponent(filter)}`,
  );
  const [one, ...others] = found;
  if (one === undefined) {
    throw new UsageFailure(
      `--application "${named}" is neither the client id, nor the object id, nor the display name of an app registration of the tenant.`,
    );
  }
  if (others.length > 0) {
    throw new UsageFailure(
      `--application "${named}" is the display name of several app registrations. Name one by its client id: ${found.map(({ appId }) => appId).join(", ")}.`,
    );
  }
  return one;
}
