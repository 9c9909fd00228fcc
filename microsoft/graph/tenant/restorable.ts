import { type Client, GraphError } from "@microsoft/microsoft-graph-client";
import { isGuid } from "../../../system/guid";
import { azureCliCommandFor, graphAddress } from "../client";

/**
 * When an object was deleted that can still be restored; `undefined` where it cannot be.
 *
 * @throws {GraphError} If Graph refuses.
 * @see https://learn.microsoft.com/graph/api/directory-deleteditems-get
 */
export async function findRestorable(graph: Client, objectId: string): Promise<Date | undefined> {
  if (!isGuid(objectId)) {
    return undefined;
  }
  try {
    const item = (await graph.api(`/directory/deletedItems/${objectId}`).get()) as {
      deletedDateTime?: string;
    };
    return new Date(item.deletedDateTime ?? "");
  } catch (error) {
    if (error instanceof GraphError && error.statusCode === 404) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Restores a deleted app registration with its client id and its credentials, or a service principal,
 * without what was granted to it. Neither brings the other back.
 *
 * @throws {GraphError} If Graph refuses.
 * @see https://learn.microsoft.com/graph/api/directory-deleteditems-restore
 */
export async function restoreDeletedObject(graph: Client, objectId: string): Promise<void> {
  await graph.api(`/directory/deletedItems/${objectId}/restore`).post({});
}

/**
 * A request about a deleted object, which is kept for 30 days, as a command that is typed.
 *
 * @param action What is done with it, where it is not deleted for good.
 */
export function deletedItemCommand(graph: Client, objectId: string, action?: "restore"): string {
  const url = `${graphAddress(graph)}/v1.0/directory/deletedItems/${objectId}`;
  return azureCliCommandFor(
    graph,
    action === undefined
      ? `rest --method DELETE --url ${url}`
      : `rest --method POST --url ${url}/${action}`,
  );
}
