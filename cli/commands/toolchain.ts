import { Command } from "@commander-js/extra-typings";
import { prepareEngine } from "../../toolchain/toolchain";
import type { ToolchainDocument } from "../documents/toolchain";
import type { Io } from "../io";

/** Makes `apponly toolchain`, which gets the tools ready, so that nothing has to wait for them. */
export const toolchainCommand = (io: Io, prepare = prepareEngine) =>
  new Command().action(async () => {
    const { pulumi, plugins } = await prepare({ steps: io.progress, embeddedTenant: true });
    const { command, version, source } = pulumi;
    const answer: ToolchainDocument = { version: 1, pulumi: { command, version, source }, plugins };
    await io.answer(answer);
  });
