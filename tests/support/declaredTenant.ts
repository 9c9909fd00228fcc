import type { Client } from "@microsoft/microsoft-graph-client";
import { readApplications } from "../../microsoft/graph/tenant/readApplication";
import { resourcesOf } from "../../microsoft/graph/tenant/resources";

/**
 * The state that a stack would have of applications as they are in the tenant now: a starting point
 * from which somebody may change the tenant.
 */
export async function stateOf(graph: Client, ...appIds: string[]): Promise<object[]> {
  const found = await readApplications(graph, appIds);
  return found
    .flatMap((one) => resourcesOf(one))
    .map(({ type, name, id, inputs, outputs }, index) => ({
      urn: `urn:pulumi:dev::apponly::${type}::${name}-${index}`,
      custom: true,
      type,
      id,
      inputs,
      outputs,
    }));
}
