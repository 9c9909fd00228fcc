import { text, texts, type Properties } from "../../pluginProtocol/values";
import type { Graph } from "./graph";

/** Owners as a create binds them: the caller and at most nineteen others; the rest is added later. */
export async function ownersToBind(
  graph: Graph,
  inputs: Properties,
): Promise<{ bind: string[]; extra: string[]; caller: string; removeCaller: boolean }> {
  const caller = await graph.callerObjectId();
  const others = texts(inputs, "owners").filter((id) => id.toLowerCase() !== caller.toLowerCase());
  return {
    bind: [caller, ...others.slice(0, 19)].map((id) => graph.referenceTo(id)),
    extra: others.slice(19),
    caller,
    removeCaller: others.length === texts(inputs, "owners").length,
  };
}

/** Adds the owners that a create could not bind, and removes the caller where it is not wanted. */
export async function settleOwners(
  graph: Graph,
  path: string,
  { extra, caller, removeCaller }: { extra: string[]; caller: string; removeCaller: boolean },
): Promise<void> {
  for (const id of extra) {
    await addOwner(graph, path, id);
  }
  if (removeCaller) {
    await graph.send({ method: "DELETE", path: `${path}/owners/${caller}/$ref` });
  }
}

/** Makes the owners those that are wanted. */
export async function replaceOwners(graph: Graph, path: string, wanted: string[]): Promise<void> {
  const existing = await ownerIds(graph, path);
  for (const id of wanted.filter((one) => !existing.includes(one))) {
    await addOwner(graph, path, id);
  }
  for (const id of existing.filter((one) => !wanted.includes(one))) {
    await graph.send({ method: "DELETE", path: `${path}/owners/${id}/$ref` });
  }
}

/** Object ids of the owners. */
export async function ownerIds(graph: Graph, path: string): Promise<string[]> {
  return (await graph.list(`${path}/owners`)).map((owner) => text(owner, "id"));
}

async function addOwner(graph: Graph, path: string, id: string): Promise<void> {
  await graph.send({
    method: "POST",
    path: `${path}/owners/$ref`,
    body: { "@odata.id": graph.referenceTo(id) },
  });
}
