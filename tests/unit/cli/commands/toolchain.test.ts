/** What `apponly toolchain` gets ready. */
import { toolchainCommand } from "../../../../cli/commands/toolchain";
import type { EngineToolchain } from "../../../../toolchain/toolchain";
import { recordingIo } from "../../../support/recordingIo";

test("everything that the embedded tenant needs is got ready, with its progress", async () => {
  const io = recordingIo();
  const prepare = jest.fn(() => Promise.resolve({} as EngineToolchain));
  await toolchainCommand(io, prepare).parseAsync([], { from: "user" });
  expect(prepare).toHaveBeenCalledWith({ steps: io.progress, embeddedTenant: true });
  expect(io.written()).toBe("");
});
