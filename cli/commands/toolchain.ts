import { Command } from "@commander-js/extra-typings";
import { prepareEngine } from "../../toolchain/toolchain";
import type { Io } from "../io";

/** Makes `apponly toolchain`, which gets the tools ready, so that nothing has to wait for them. */
export const toolchainCommand = (io: Io, prepare = prepareEngine) =>
  new Command().action(async () => {
    await prepare({ steps: io.progress, embeddedTenant: true });
  });
