/** What `apponly toolchain` gets ready. */
import { toolchainCommand } from "../../../../cli/commands/toolchain";
import type { EngineToolchain } from "../../../../toolchain/toolchain";
import { documentOf } from "../../../support/documents";
import { recordingIo } from "../../../support/recordingIo";

const found = {
  pulumi: { command: "/bin/pulumi", root: "/", version: "3.270.0", source: "path" },
  plugins: [
    {
      name: "azuread",
      kind: "official",
      version: "6.9.1",
      location: "",
      reason: "it is installed",
    },
  ],
  environment: { PATH: "/secret" },
};

test("everything that the embedded tenant needs is got ready, with its progress", async () => {
  const io = recordingIo();
  const prepare = jest.fn(() => Promise.resolve(found as unknown as EngineToolchain));
  await toolchainCommand(io, prepare).parseAsync([], { from: "user" });
  expect(prepare).toHaveBeenCalledWith({ steps: io.progress, embeddedTenant: true });
  expect(io.written()).toBe("");
  expect(documentOf("toolchain", io.answered()!)).toEqual({
    version: 1,
    pulumi: { command: "/bin/pulumi", version: "3.270.0", source: "path" },
    plugins: found.plugins,
  });
});
