import { send } from "../http";
import type { Authority } from "./authority";

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
  objects: readonly OwnedObject[],
  ownerId: string,
  token: string,
  authority: Authority,
): Promise<Ownership[]> {
  return Promise.all(
    objects.map(async (object) => ({
      ...object,
      state: await stateOf(object, ownerId, token, authority),
    })),
  );
}

async function stateOf(
  { kind, objectId }: OwnedObject,
  ownerId: string,
  token: string,
  authority: Authority,
): Promise<Ownership["state"]> {
  const collection = kind === "application" ? "applications" : "servicePrincipals";
  const base = `${authority.graph}/`;
  let next: string | undefined = `${base}v1.0/${collection}/${encodeURIComponent(objectId)}/owners`;
  // The token goes to no other host, whatever a page names as the next one.
  while (next?.startsWith(base)) {
    const { status, body } = await send(next, {
      method: "GET",
      headers: { accept: "application/json", authorization: `Bearer ${token}` },
      ...(authority.extraCaPem === undefined ? {} : { extraCaPem: authority.extraCaPem }),
    });
    if (status === 404) {
      return "absent";
    }
    const page = status === 200 ? parse(body) : undefined;
    if (page === undefined) {
      return "unknown";
    }
    if (page.value?.some(({ id }) => id === ownerId)) {
      return "owner";
    }
    next = page["@odata.nextLink"];
  }
  return "not owner";
}

interface OwnersPage {
  readonly value?: readonly { readonly id?: string }[];
  readonly "@odata.nextLink"?: string;
}

function parse(body: string): OwnersPage | undefined {
  try {
    return (JSON.parse(body) as OwnersPage | null) ?? undefined;
  } catch {
    return undefined;
  }
}
