import { connectStackDeployer } from "../operations/deployer";
import { connectStackExchange } from "../operations/stackExchange";
import { type Drift, type DriftOptions, findDrift } from "../operations/drift/drift";
import { openForReading } from "./openForReading";
import type { Steps } from "./steps";

/** What is asked: replaced in unit tests. */
export const askedOfDrift = {
  openForReading,
  connectStackDeployer,
  connectStackExchange,
  findDrift,
};

/**
 * Compares a stack of the person's project with its tenant, and keeps what was opened for it.
 *
 * @param wanted Its name; left out, the selected one.
 */
export async function driftNow(
  wanted: string | undefined,
  progress: Steps,
  policies: NonNullable<DriftOptions["policies"]>,
  asked = askedOfDrift,
): Promise<Pick<DriftOptions, "stack" | "graph" | "exchange"> & { readonly drift: Drift }> {
  const { stack } = await asked.openForReading(wanted, progress);
  const graph = await (await asked.connectStackDeployer(stack)).graph();
  const exchange = await asked.connectStackExchange(stack);
  return {
    stack,
    graph,
    exchange,
    drift: await asked.findDrift({ stack, graph, exchange, policies }),
  };
}
