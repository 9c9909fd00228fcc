import { prepareEngine } from "../../toolchain/toolchain";
import type { Steps } from "../steps";

/** Gets the tools ready, so that what follows does not have to wait for them. */
export async function toolchain(steps: Steps): Promise<void> {
  await prepareEngine({ steps, embeddedTenant: true });
}
