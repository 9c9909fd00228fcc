import { type Client, GraphError } from "@microsoft/microsoft-graph-client";
import { readAll } from "../graph/client";
import { NoAnswer } from "../http";

/** An object of the stack that the deployer has to own. */
export interface OwnedObject {
  readonly kind: "application" | "service principal";
  readonly objectId: string;
}

/** Whether the deployer owns an object; `unknown` where the tenant does not say. */
export interface Ownership extends OwnedObject {
  readonly state: "owner" | "not owner" | "absent" | "unknown";
}

/**
 * Asks the tenant who owns the stack's objects: with `Application.ReadWrite.OwnedBy` the deployer
 * may only change what it owns.
 *
 * @throws {NoAnswer} If Microsoft Graph cannot be reached.
 * @see https://learn.microsoft.com/graph/api/application-list-owners
 */
export async function findOwnership(
  graph: Client,
  objects: readonly OwnedObject[],
  ownerId: string,
): Promise<Ownership[]> {
  return Promise.all(
    objects.map(async (object) => ({
      ...object,
      state: await ownership(graph, object, ownerId),
    })),
  );
}

async function ownership(
  graph: Client,
  { kind, objectId }: OwnedObject,
  ownerId: string,
): Promise<Ownership["state"]> {
  const collection = kind === "application" ? "applications" : "servicePrincipals";
  const path = `/${collection}/${encodeURIComponent(objectId)}/owners`;
  try {
    const owners = await readAll<{ readonly id?: string }>(graph, path);
    return owners.some(({ id }) => id === ownerId) ? "owner" : "not owner";
  } catch (error) {
    if (error instanceof NoAnswer) {
      throw error;
    }
    return error instanceof GraphError && error.statusCode === 404 ? "absent" : "unknown";
  }
}
